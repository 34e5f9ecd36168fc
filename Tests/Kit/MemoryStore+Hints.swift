package import Model

extension MemoryStore {
  package func hints() throws(Failure) -> [Hint] { state.hints }

  package func addHint(_ path: [UInt8], isRecursive: Bool) throws(Failure) {
    let former = state.hints.firstIndex { $0.path == path }.map { state.hints.remove(at: $0) }
    state.lastHint += 1
    state.hints.append(
      Hint(
        number: state.lastHint, path: path,
        isRecursive: isRecursive || former?.isRecursive ?? false))
  }

  package func removeHints(_ numbers: [Int64]) throws(Failure) {
    state.hints.removeAll { numbers.contains($0.number) }
  }
}
