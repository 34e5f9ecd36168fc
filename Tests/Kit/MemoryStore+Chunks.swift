package import Model

extension MemoryStore {
  package func chunkList(_ digest: Digest) throws(Failure) -> ChunkList? { state.chunks[digest] }

  package func keepChunks(_ lists: [KeptChunks]) throws(Failure) {
    for kept in lists { state.chunks[kept.digest] = kept.list }
  }
}
