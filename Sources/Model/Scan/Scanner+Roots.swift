/// Where walks begin: a root that is not what it was is never taken for deletions.
extension Scanner {
  /// A root that can be used; nil if nothing is there, or if a question is open now.
  mutating func root(_ anchor: TreePath) throws(Failure) -> FileStat? {
    switch disk.rootState(anchor) {
    case .present(let stat):
      if stat.kind == .directory, !request.acceptsDeletions, try isEmptied(anchor) {
        report.question = .emptied(anchor)
        return nil
      }
      return stat
    case .missing:
      if try hadDirectory(anchor) {
        report.question = .rootMissing(anchor, "it is not there")
      }
    case .unavailable(let reason):
      if try hadAnything(anchor) {
        report.question = .rootMissing(anchor, reason)
      } else {
        note(anchor, "not scanned", reason)
      }
    }
    return nil
  }

  private func isEmptied(_ anchor: TreePath) throws(Failure) -> Bool {
    guard let items = try? disk.list(anchor), items.isEmpty else { return false }
    return try store.entries(group, under: anchor, after: anchor, limit: 1_000)
      .contains { !$0.shown.content.value.isAbsent }
  }

  private func hadDirectory(_ anchor: TreePath) throws(Failure) -> Bool {
    if let entry = try store.entry(group, anchor) { return entry.shown.content.value.isDirectory }
    return try hadAnything(anchor)
  }

  private func hadAnything(_ anchor: TreePath) throws(Failure) -> Bool {
    try store.entries(group, under: anchor, after: nil, limit: 1_000)
      .contains { !$0.shown.content.value.isAbsent }
  }
}
