/// What stands on the disk of a host that only receives, where the group wants something else.
package struct LocalOnly: Hashable, Sendable {
  /// What was done on this host.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The group has something else here.
    case changed
    /// The group has nothing here.
    case new
    /// The group has something here, and this disk nothing.
    case deleted
  }

  package var path: TreePath
  package var kind: Kind
  /// What is there: its values, and no event that says so.
  package var found: Shown
  /// What it was seen with; nil: look again.
  package var seen: FileStat?
  /// Seconds since 1970 of when it was first found. For people only.
  package var since: Int64

  package init(path: TreePath, kind: Kind, found: Shown, seen: FileStat?, since: Int64) {
    self.path = path
    self.kind = kind
    self.found = found
    self.seen = seen
    self.since = since
  }
}

/// The part of a host's state that holds what it changed and spreads nowhere.
package protocol LocalOnlyStore: AnyObject {
  func localOnly(_ group: String, _ path: TreePath) throws(Failure) -> LocalOnly?
  /// At most `limit` in path order, those after `after` (nil: from the start).
  func localOnly(_ group: String, after: TreePath?, limit: Int) throws(Failure) -> [LocalOnly]
  /// Inserts or replaces.
  func put(_ local: LocalOnly, _ group: String) throws(Failure)
  func removeLocalOnly(_ group: String, _ path: TreePath) throws(Failure)
}

extension LocalOnlyStore {
  /// All of them, in path order.
  package func localOnly(_ group: String) throws(Failure) -> [LocalOnly] {
    var out: [LocalOnly] = []
    while true {
      let batch = try localOnly(group, after: out.last?.path, limit: 1_000)
      if batch.isEmpty { return out }
      out += batch
    }
  }
}

extension LocalOnly {
  /// What is there, as a look at it would tell; nil: nothing.
  package var observation: Observation? {
    guard !found.content.value.isAbsent, let attributes = found.attributes?.applied else {
      return nil
    }
    let nothing = FileStat(
      kind: .file, device: 0, inode: 0, size: 0, modified: Timestamp(seconds: 0, nanoseconds: 0),
      changed: Timestamp(seconds: 0, nanoseconds: 0), mode: 0, uid: 0, gid: 0, links: 0)
    return Observation(
      content: found.content.value, mode: attributes.mode, owner: attributes.owner,
      acl: attributes.acl, stat: seen ?? nothing)
  }
}

extension Shown {
  /// What a look at the disk has found, which no event says.
  package init(found: Observation?) {
    self = .nothing
    guard let found else { return }
    content = ShownValue(dots: [], value: found.content)
    attributes = ShownAttributes(
      mode: ShownValue(dots: [], value: found.mode),
      owner: ShownValue(dots: [], value: found.owner),
      acl: ShownValue(dots: [], value: found.acl))
  }
}
