package import Model

/// Nothing in memory survives a power cut.
extension MemoryStore {
  package func easyTransaction<Result>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result { try transaction(body) }

  package func makeLasting() throws(Failure) {}
}

/// Everything is at hand.
extension MemoryStore {
  package func rest() throws(Failure) {}
  package func passBytes() throws(Failure) -> UInt64 { passCost }
  package func knowsContents(_ group: String) -> Bool { false }
}
