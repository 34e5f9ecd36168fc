package import Model

extension MemoryStore {
  package func localOnly(_ group: String, _ path: TreePath) throws(Failure) -> LocalOnly? {
    state.local[group]?[path]
  }

  package func localOnly(
    _ group: String, after: TreePath?, limit: Int
  ) throws(Failure) -> [LocalOnly] {
    let all = (state.local[group] ?? [:]).values.sorted { $0.path < $1.path }
    return Array(all.filter { row in after.map { $0 < row.path } ?? true }.prefix(limit))
  }

  package func put(_ local: LocalOnly, _ group: String) throws(Failure) {
    if forgetsLocalChanges { return }
    state.local[group, default: [:]][local.path] = local
  }

  package func removeLocalOnly(_ group: String, _ path: TreePath) throws(Failure) {
    state.local[group]?[path] = nil
  }
}
