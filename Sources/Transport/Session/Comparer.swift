package import Model

/// Compares what a peer's disk shows with what this one shows, both in path order.
struct Comparer {
  private let groups: [SessionGroup]
  private var cursors: [Int: TreePath] = [:]
  private(set) var differences: [Difference] = []

  init(groups: [SessionGroup]) { self.groups = groups }

  mutating func take(
    _ rows: [ListingRow], _ group: Int, _ ledger: any Ledger
  ) throws(Failure) {
    for row in rows {
      try passOver(group, before: row.path, ledger)
      let name = groups[group].name
      let mine = try ledger.with { store throws(Failure) in try store.entryOnDisk(name, row.path) }
      cursors[group] = row.path
      guard let mine = mine?.listing else {
        differences.append(Difference(group: name, path: row.path, kind: .onlyThere))
        continue
      }
      if !mine.content.agrees(with: row.content)
        || !groups[group].group.holdsEqual(mine.attributes, row.attributes)
      {
        differences.append(Difference(group: name, path: row.path, kind: .differs))
      }
    }
  }

  mutating func end(_ group: Int, _ ledger: any Ledger) throws(Failure) {
    try passOver(group, before: nil, ledger)
  }

  /// Paths that are on this disk before the next one of the peer: the peer does not have them.
  private mutating func passOver(
    _ group: Int, before path: TreePath?, _ ledger: any Ledger
  ) throws(Failure) {
    let name = groups[group].name
    while true {
      let last = cursors[group]
      let batch = try ledger.with { store throws(Failure) in
        try store.entriesOnDisk(name, after: last, limit: path == nil ? 500 : 32)
      }
      guard !batch.isEmpty else { return }
      for entry in batch {
        if let path, !(entry.path < path) { return }
        cursors[group] = entry.path
        if entry.listing != nil, groups[group].selection.includes(entry.path) {
          differences.append(Difference(group: name, path: entry.path, kind: .onlyHere))
        }
      }
    }
  }
}

extension Group {
  /// Whether two hosts agree on attributes, but for what is ignored.
  fileprivate func holdsEqual(_ one: Attributes, _ other: Attributes) -> Bool {
    (ignored.contains(.mod) || one.mode == other.mode && one.acl == other.acl)
      && (ignored.contains(.uid) || one.owner.user == other.owner.user)
      && (ignored.contains(.gid) || one.owner.group == other.owner.group)
  }
}

/// One path that two disks show differently.
package struct Difference: Hashable, Sendable {
  /// csync2's letters.
  package enum Kind: String, Hashable, Sendable {
    case differs = "X"
    case onlyHere = "L"
    case onlyThere = "R"
  }

  package var group: String
  package var path: TreePath
  package var kind: Kind
}
