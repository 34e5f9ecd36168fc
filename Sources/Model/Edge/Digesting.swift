import Model

/// What is computed of a content as it passes by: its digest, and of a large one where it is cut.
///
/// Of a large one both are done by threads of their own, beside the one that moves the bytes.
final class Digesting {
  /// From so many bytes on threads are worth it.
  private static let leastBeside: UInt64 = 8 << 20

  private let hasher = ContentHasher()
  private let chunker: Chunker?
  /// What is done beside the thread that moves the bytes; nil: by that one.
  private let hashLine: WorkLine?
  private let cutLine: WorkLine?
  private let blockBytes: Int
  private lazy var blocks = BlockPool(blockBytes: blockBytes)

  /// - Parameter size: What the content will have, in bytes; how it is worked on goes by it.
  init(size: UInt64) {
    blockBytes = Int(min(size, 1 << 20))
    let chunker = size >= ChunkList.leastContent ? Chunker() : nil
    self.chunker = chunker
    guard size >= Self.leastBeside, scanThreads > 1 else {
      (hashLine, cutLine) = (nil, nil)
      return
    }
    hashLine = WorkLine { [hasher] in hasher.update($0) }
    cutLine = chunker.flatMap { chunker in WorkLine { chunker.update($0) } }
  }

  func update(_ bytes: [UInt8]) { take(.array(bytes)) }

  /// Takes in what `read` puts at the front of a block, `limit` bytes at most. Returns how many.
  func take(
    _ limit: UInt64, _ read: (UnsafeMutableRawBufferPointer) throws(SystemError) -> Int
  ) throws(SystemError) -> Int {
    let block = blocks.block()
    try block.fill(limit, read)
    if block.count > 0 { take(.block(block)) }
    return block.count
  }

  /// The digest of everything, and the chunk list if there is one. Nothing comes after it.
  func finish() -> (digest: Digest, list: ChunkList?) {
    hashLine?.end()
    cutLine?.end()
    return (hasher.finish(), chunker?.finish())
  }

  private func take(_ part: DigestPart) {
    hashLine?.add(part)
    cutLine?.add(part)
    if hashLine == nil { part.with { hasher.update($0) } }
    if let chunker, cutLine == nil { part.with { chunker.update($0) } }
  }
}

/// Bytes of a content; nobody changes them any more.
enum DigestPart {
  case array([UInt8])
  case block(BlockPool.Block)

  var count: Int {
    switch self {
    case .array(let bytes): bytes.count
    case .block(let block): block.count
    }
  }

  func with(_ body: (UnsafeRawBufferPointer) -> Void) {
    switch self {
    case .array(let bytes): bytes.withUnsafeBytes(body)
    case .block(let block): body(block.bytes)
    }
  }
}
