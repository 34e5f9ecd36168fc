/// The scan of a host that only receives: it mints nothing, and notes what differs from the group.
extension Scanner {
  /// What was found last time, if the object has not changed since.
  func known(_ row: LocalOnly, _ stat: FileStat) -> Observation? {
    guard let seen = row.seen, !request.isDeep, stat.matches(seen) else { return nil }
    return row.observation
  }

  mutating func take(
    _ path: TreePath, _ entry: Entry?, _ observed: Observation?, _ isFresh: Bool,
    _ local: LocalLook
  ) throws(Failure) {
    var entry = entry
    // Nothing is said anew here of what the rules take in again: the others do.
    if let old = entry { entry = try takeIn(old) }
    let wasNoted = try store.localOnly(group, path) != nil
    _ = try local.take(path, entry: entry, observed: observed, isFresh: isFresh)
    guard !wasNoted, try store.localOnly(group, path) != nil else { return }
    report.localOnly.append(path)
  }

  /// After the walk: what is gone, and notes whose object is.
  mutating func finishLocally(_ gone: [Entry]) throws(Failure) {
    guard let local else { return }
    for entry in gone { try take(entry.path, entry, nil, false, local) }
    for (path, row) in localRows.sorted(by: { $0.key < $1.key }) where isInScope(path) {
      guard selection.includes(path) else {
        try store.removeLocalOnly(group, path)
        continue
      }
      let entry = try store.entry(group, path)
      // The group's version has yet to come: until then this is all that is known of the deletion.
      if entry == nil, row.kind == .deleted, absorber.knowledge.entries.isEmpty { continue }
      _ = try local.take(path, entry: entry, observed: nil, isFresh: false)
    }
  }

  private func isInScope(_ path: TreePath) -> Bool {
    request.paths.isEmpty || request.paths.contains { path == $0 || path.isBelow($0) }
  }
}
