import Model

// What the disk shows: for comparing two hosts, what one of them has changed alone counts too.
extension Store {
  /// Entries after a path, in path order, each showing what is on the disk: at least the next one.
  /// Those of paths that the group does not have say nothing else.
  func entriesOnDisk(
    _ group: String, after: TreePath?, limit: Int
  ) throws(Failure) -> [Entry] {
    let entries = try entries(group, after: after, limit: limit)
    let local = try localOnly(group, after: after, limit: limit)
    guard !local.isEmpty else { return entries }
    // Up to where both are known.
    let ends = [
      entries.count < limit ? nil : entries.last?.path,
      local.count < limit ? nil : local.last?.path,
    ]
    let end = ends.compactMap { $0 }.min()
    var merged: [TreePath: Entry] = [:]
    for entry in entries { merged[entry.path] = entry }
    for row in local { merged[row.path] = row.shown(over: merged[row.path]) }
    return merged.values.filter { entry in end.map { !($0 < entry.path) } ?? true }
      .sorted { $0.path < $1.path }
  }

  func entryOnDisk(_ group: String, _ path: TreePath) throws(Failure) -> Entry? {
    let entry = try entry(group, path)
    return try localOnly(group, path).map { $0.shown(over: entry) } ?? entry
  }
}

extension LocalOnly {
  fileprivate func shown(over entry: Entry?) -> Entry {
    var entry = entry ?? Entry(path: path, record: Record(vector: VersionVector()))
    entry.shown = found
    return entry
  }
}
