import Model
import Synchronization

/// Memory for the parts of a content that is read. It is used again and again: fresh pages from the
/// kernel would cost more than reading into them.
final class BlockPool {
  private let blockBytes: Int
  private let free = Mutex<[Memory]>([])

  /// What is moved between threads: each is with one at a time.
  private struct Memory: @unchecked Sendable {
    let buffer: UnsafeMutableRawBufferPointer
  }

  init(blockBytes: Int) { self.blockBytes = max(1, blockBytes) }

  deinit { for memory in free.withLock({ $0 }) { memory.buffer.deallocate() } }

  /// An empty block; it comes back when nobody holds it any more.
  func block() -> Block {
    let memory = free.withLock { $0.popLast() }
    return Block(self, memory?.buffer ?? .allocate(byteCount: blockBytes, alignment: 16))
  }

  private func takeBack(_ buffer: UnsafeMutableRawBufferPointer) {
    let memory = Memory(buffer: buffer)
    free.withLock { $0.append(memory) }
  }

  /// Written once, by whoever got it; then only read.
  final class Block {
    private let pool: BlockPool
    private let buffer: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    fileprivate init(_ pool: BlockPool, _ buffer: UnsafeMutableRawBufferPointer) {
      (self.pool, self.buffer) = (pool, buffer)
    }

    deinit { pool.takeBack(buffer) }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer.prefix(count)) }

    /// Has `read` fill the front of it, `limit` bytes at most.
    func fill(
      _ limit: UInt64, _ read: (UnsafeMutableRawBufferPointer) throws(SystemError) -> Int
    ) throws(SystemError) {
      let room = buffer.prefix(Int(clamping: limit))
      let got = try read(UnsafeMutableRawBufferPointer(rebasing: room))
      count = min(max(0, got), buffer.count)
    }
  }
}
