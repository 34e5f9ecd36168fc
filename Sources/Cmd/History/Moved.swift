import Model
import Transport

extension Node {
  /// Where the content of a file went that one side of a conflict deleted and the other edited; nil
  /// if it was not moved, as far as is known here.
  ///
  /// A rename is a deletion and a creation by the same host: that is how it is found.
  func movedTo(_ conflict: Conflict) throws(Failure) -> (path: TreePath, host: String)? {
    guard conflict.kind == .deleteEdit else { return nil }
    let gone = conflict.versions.filter { $0.values.content?.isAbsent == true }.flatMap(\.dots)
    return try real.with { store throws(Failure) in
      let hosts = try hosts(conflict.group, store)
      for step in try store.steps(conflict.group, conflict.path) where gone.contains(step.dot) {
        guard let host = hosts[step.dot.replica] else { continue }
        for case .file(let digest, let size) in step.replaced.map(\.content) where size > 0 {
          let path = try path(
            holding: digest, writtenBy: host, besides: conflict.path, conflict.group, hosts, store)
          if let path { return (path, host) }
        }
      }
      return nil
    }
  }

  private func path(
    holding digest: Digest, writtenBy host: String, besides old: TreePath, _ group: String,
    _ hosts: [ReplicaID: String], _ store: any Store
  ) throws(Failure) -> TreePath? {
    func isNew(_ entry: Entry) -> Bool {
      entry.path != old
        && entry.record.content.siblings.contains { sibling in
          guard case .file(let file) = sibling.value else { return false }
          return file.digest == digest && file.isBirth && hosts[sibling.dot.replica] == host
        }
    }
    if let entry = try store.entryShowing(digest, group), isNew(entry) { return entry.path }
    var last: TreePath?
    while true {
      let batch = try store.entries(group, after: last, limit: 1_000)
      guard let end = batch.last else { return nil }
      last = end.path
      if let entry = batch.first(where: isNew) { return entry.path }
    }
  }

  /// The same as a sentence, to stand below a conflict.
  func movedWords(_ conflict: Conflict) throws(Failure) -> String? {
    try movedTo(conflict).map { "content moved to \(shownPath($0.path)) on \(escaped($0.host))" }
  }
}
