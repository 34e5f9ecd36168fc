package import Model

/// Conflicts that are over.
extension MemoryStore {
  package func settledConflicts(limit: Int) throws(Failure) -> [SettledConflict] {
    Array(state.settled.reversed().prefix(limit))
  }
  package func settledConflicts(withID prefix: String) throws(Failure) -> [SettledConflict] {
    state.settled.reversed().filter { $0.id.hasPrefix(prefix) }
  }
  package func add(_ settled: SettledConflict) throws(Failure) { state.settled.append(settled) }
  package func forgetSettled(before seconds: Int64, limit: Int) throws(Failure) {
    state.settled = Array(state.settled.suffix(limit).filter { $0.seconds >= seconds })
  }
  package func formerConflicts() throws(Failure) -> [FormerConflict] { state.former.reversed() }
  package func add(_ former: FormerConflict) throws(Failure) {
    state.former.removeAll { $0 == former }
    state.former = Array((state.former + [former]).suffix(1_000))
  }
}
