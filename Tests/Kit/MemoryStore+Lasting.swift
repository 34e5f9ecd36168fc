package import Model

/// Nothing in memory survives a power cut.
extension MemoryStore {
  package func easyTransaction<Result>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result { try transaction(body) }

  package func makeLasting() throws(Failure) {}
}
