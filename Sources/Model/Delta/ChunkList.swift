/// Where a large content is cut, and what its pieces are known by.
///
/// Cuts depend on the bytes around them only: what stands before or behind an edit is cut as
/// before. A mark is no proof that two pieces agree: who puts a content together from pieces proves
/// the whole by its digest.
package struct ChunkList: Hashable, Sendable {
  package struct Chunk: Hashable, Sendable {
    package var mark: UInt64
    /// Bytes, 1 to `longest`.
    package var length: UInt32

    package init(mark: UInt64, length: UInt32) {
      self.mark = mark
      self.length = length
    }
  }

  /// From this size on, in bytes, contents have lists and move as stretches.
  package static let leastContent: UInt64 = 1 << 20
  /// The longest chunk, in bytes.
  package static let longest: UInt32 = 128 << 10
  /// The most chunks of a list: contents of more than about 25 GiB have none.
  package static let mostChunks = 512 << 10
  /// Bytes of a chunk in the encoded form.
  package static let chunkBytes = 11

  package let chunks: [Chunk]
  /// Of all chunks together, in bytes.
  package let size: UInt64

  /// Nil if a length is out of bounds, or there are too many.
  package init?(_ chunks: [Chunk]) {
    guard chunks.count <= Self.mostChunks else { return nil }
    var size: UInt64 = 0
    for chunk in chunks {
      guard chunk.length >= 1, chunk.length <= Self.longest else { return nil }
      size += UInt64(chunk.length)
    }
    self.chunks = chunks
    self.size = size
  }

  /// Eight bytes of mark and three of length each, most significant first.
  package var encoded: [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(chunks.count * Self.chunkBytes)
    for chunk in chunks {
      for shift in stride(from: UInt64(56), through: 0, by: -8) {
        out.append(UInt8(truncatingIfNeeded: chunk.mark >> shift))
      }
      for shift in stride(from: UInt32(16), through: 0, by: -8) {
        out.append(UInt8(truncatingIfNeeded: chunk.length >> shift))
      }
    }
    return out
  }

  /// Nil for anything that `encoded` could not have given.
  package init?(encoded bytes: [UInt8]) {
    let (count, rest) = bytes.count.quotientAndRemainder(dividingBy: Self.chunkBytes)
    guard rest == 0, count <= Self.mostChunks else { return nil }
    var chunks: [Chunk] = []
    chunks.reserveCapacity(count)
    for number in 0..<count {
      let start = number * Self.chunkBytes
      var mark: UInt64 = 0
      var length: UInt32 = 0
      for index in start..<(start + 8) { mark = mark << 8 | UInt64(bytes[index]) }
      for index in (start + 8)..<(start + Self.chunkBytes) {
        length = length << 8 | UInt32(bytes[index])
      }
      chunks.append(Chunk(mark: mark, length: length))
    }
    self.init(chunks)
  }
}

/// The list of one content.
package struct KeptChunks: Hashable, Sendable {
  package var digest: Digest
  package var list: ChunkList

  package init(digest: Digest, list: ChunkList) {
    self.digest = digest
    self.list = list
  }
}
