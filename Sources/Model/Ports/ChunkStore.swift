/// The part of a host's state that keeps the chunk lists of large contents.
///
/// A list may be missing, and one that is wrong only costs time: what is made by it is proven by
/// its digest.
package protocol ChunkStore: AnyObject {
  func chunkList(_ digest: Digest) throws(Failure) -> ChunkList?
  /// Keeps lists; the oldest go when all together take more than `ChunkLimits.bytes`.
  func keepChunks(_ lists: [KeptChunks]) throws(Failure)
}

/// What the lists of a host may take.
package enum ChunkLimits {
  /// All together, in bytes: those of about 250 GiB of contents.
  package static let bytes = 64 << 20
}
