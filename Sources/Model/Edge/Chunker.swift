import CLinux
import Model

/// Cuts a content that comes in parts of any size.
final class Chunker {
  private static let room = 2 * Int(ChunkList.longest)

  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 64)
  private var filled = 0
  private var chunks: [ChunkList.Chunk] = []

  deinit { buffer.deallocate() }

  func update(_ bytes: UnsafeRawBufferPointer) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = rest.prefix(Self.room - filled)
      UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: part))
      filled += part.count
      rest = rest.dropFirst(part.count)
      if filled == Self.room { cut(leaving: Int(ChunkList.longest) - 1) }
    }
  }

  /// The list of everything so far; nil if it is too long to be kept.
  func finish() -> ChunkList? {
    cut(leaving: 0)
    return ChunkList(chunks)
  }

  /// Cuts until at most so many bytes are left.
  private func cut(leaving rest: Int) {
    guard let start = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
    var place = 0
    while filled - place > rest {
      let length = cl_cut(start + place, filled - place)
      // One more than a list can hold is enough to know that there is none.
      if chunks.count <= ChunkList.mostChunks {
        chunks.append(
          .init(mark: cl_mark(start + place, length), length: UInt32(truncatingIfNeeded: length)))
      }
      place += length
    }
    filled -= place
    if filled > 0 { (start).update(from: start + place, count: filled) }
  }
}
