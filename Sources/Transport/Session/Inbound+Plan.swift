import Model

/// What has to be done on this disk, read ahead of the walk over it.
extension Inbound {
  /// Reads the next pending paths. Returns how many are known now.
  @discardableResult
  func readAhead() throws(Failure) -> Int {
    let (phase, last, room) = (fetch.phase, fetch.lastRead, fetch.room)
    guard fetch.place < fetch.open.count, room > 0, phase != .idle else { return fetch.ahead.count }
    let name = groups[fetch.open[fetch.place]].name
    let releases = othersReleases
    let more = try ledger.with { store throws(Failure) in
      var parents = ContestedParents(group: name, store: store, disk: disk)
      let entries = try pending(name, phase, last, room, store)
      for entry in entries { wantedBytes &+= entry.wantedBytes }
      let looksAround = try store.isWorthPass(name, bytes: wantedBytes)
      return try entries.map { entry throws(Failure) in
        try planned(entry, name, store, looksAround, &parents)
      }
    }
    fetch.plan(more, releases: releases)
    return fetch.ahead.count
  }

  /// How many contents other sessions of this host have released.
  var othersReleases: Int { ledger.releases - ownReleases }

  private func pending(
    _ name: String, _ phase: Fetch.Phase, _ last: TreePath?, _ room: Int, _ store: any Store
  ) throws(Failure) -> [Entry] {
    switch phase {
    case .removals:
      try store.entriesBackwards(
        name, in: [.pending, .keptForChildren], before: last, limit: room)
    case .versions: try store.entries(name, in: .lacking, after: last, limit: room)
    case .objects, .replacements, .idle:
      try store.entries(name, in: .pending, after: last, limit: room)
    }
  }

  /// Where a pending content is on this host already, if it is.
  private func planned(
    _ entry: Entry, _ name: String, _ store: any Store, _ looksAround: Bool,
    _ parents: inout ContestedParents
  ) throws(Failure) -> Fetch.Planned {
    var planned = Fetch.Planned(entry: entry)
    guard case .install(.file(let file), _) = entry.verdict else { return planned }
    planned.isContested = try parents.isContested(above: entry.path)
    guard file.size > 0 else { return planned }
    if looksAround { planned.source = try store.entryShowing(file.digest, name)?.path }
    planned.isKept = try store.hasContent(file.digest)
    return planned
  }
}

extension Entry {
  /// Bytes of the content that is to be installed.
  fileprivate var wantedBytes: UInt64 {
    guard case .install(.file(let file), _) = verdict else { return 0 }
    return file.size
  }
}

/// Finds paths below a directory that is in conflict: what could not be installed is not fetched.
private struct ContestedParents {
  let group: String
  let store: any Store
  let disk: any Disk
  /// The last parent and what was found.
  private var last: (path: TreePath, isContested: Bool)?

  init(group: String, store: any Store, disk: any Disk) {
    self.group = group
    self.store = store
    self.disk = disk
  }

  mutating func isContested(above path: TreePath) throws(Failure) -> Bool {
    guard let parent = path.parent else { return false }
    if let last, last.path == parent { return last.isContested }
    var isContested = false
    if (try? disk.stat(parent))?.kind != .directory {
      isContested = try store.isContested(above: path, group)
    }
    last = (parent, isContested)
    return isContested
  }
}
