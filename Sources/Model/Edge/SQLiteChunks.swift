package import Model

// Chunk lists of large contents.
extension SQLiteStore {
  package func chunkList(_ digest: Digest) throws(Failure) -> ChunkList? {
    let body = try database.first(
      "SELECT body FROM chunks WHERE digest = ?", [.blob(digest.bytes)]
    ) { row throws(Failure) in row.blob(0) }
    return body.flatMap { ChunkList(encoded: $0) }
  }

  package func keepChunks(_ lists: [KeptChunks]) throws(Failure) {
    guard !lists.isEmpty else { return }
    try write { () throws(Failure) in
      for kept in lists {
        // A new number: what was met last goes last.
        try database.run(
          "INSERT OR REPLACE INTO chunks VALUES (NULL, ?, ?)",
          [.blob(kept.digest.bytes), .blob(kept.list.encoded)])
      }
      while let (oldest, bytes) = try chunkTotals(), bytes > ChunkLimits.bytes {
        try database.run("DELETE FROM chunks WHERE number = ?", [.integer(oldest)])
      }
    }
  }

  private func chunkTotals() throws(Failure) -> (oldest: Int64, bytes: Int)? {
    try database.first("SELECT min(number), sum(length(body)) FROM chunks") {
      row throws(Failure) in
      row.isNull(0) ? nil : (row.integer(0), Int(clamping: row.integer(1)))
    } ?? nil
  }
}
