package import Model

// Which transactions wait for the disk.
extension SQLiteStore {
  package func easyTransaction<Result>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard !database.isInTransaction, directory != nil else { return try transaction(body) }
    isEasy = true
    defer { isEasy = false }
    hasEasy = true
    return try transaction(body)
  }

  package func makeLasting() throws(Failure) {
    guard hasEasy, directory != nil else { return }
    try database.syncLog()
    hasEasy = false
  }

  /// Before a transaction begins: whether its end waits for the disk.
  func setWaiting() throws(Failure) {
    guard directory != nil, isEasy == waits else { return }
    try database.script("PRAGMA synchronous = \(isEasy ? "NORMAL" : "FULL")")
    waits = !isEasy
  }
}
