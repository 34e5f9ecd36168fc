/// Everything that this host keeps of one path of one group.
package struct Entry: Hashable, Sendable {
  package var path: TreePath
  package var record: Record
  package var shown: Shown
  /// What the object was last seen with when `shown` was true; nil: look again. The device number
  /// and the number of links are not kept and read as 0.
  package var seen: FileStat?
  /// What is open about the path; kept beside the row so that open paths are found without a scan.
  package var state: EntryState
  /// Why attributes differ from what the record wants; empty if they do not.
  package var held: [Held]
  /// What a policy has chosen where the record is in conflict.
  package var decided: Decision?

  package init(
    path: TreePath, record: Record, shown: Shown = .nothing, seen: FileStat? = nil,
    state: EntryState = [], held: [Held] = [], decided: Decision? = nil
  ) {
    self.path = path
    self.record = record
    self.shown = shown
    self.seen = seen
    self.state = state
    self.held = held
    self.decided = decided
  }
}

/// What is open about a path. Stored as an integer: bits keep their meaning for ever.
package struct EntryState: OptionSet, Hashable, Sendable {
  package let rawValue: Int64
  package init(rawValue: Int64) { self.rawValue = rawValue }

  /// Two versions that did not see each other.
  package static let conflict = EntryState(rawValue: 1)
  /// The disk does not show yet what is settled.
  package static let pending = EntryState(rawValue: 2)
  /// An attribute is desired and cannot be applied here.
  package static let held = EntryState(rawValue: 4)
  /// A directory that was deleted elsewhere and stands while something below it lives.
  package static let keptForChildren = EntryState(rawValue: 8)
  /// The record says that nothing is here: kept until every member knows.
  package static let tombstone = EntryState(rawValue: 16)
  /// A content that this host should keep of the path (a version of a conflict, or what they have
  /// in common) is not here yet.
  package static let lacking = EntryState(rawValue: 32)
  /// A conflict that a policy has decided: its versions stay in the record.
  package static let decided = EntryState(rawValue: 64)
  /// The rules of the group leave the path out: nothing is done about it and nothing is open, but
  /// what is known of it stays.
  package static let leftOut = EntryState(rawValue: 128)
  /// This host only receives, and its disk holds something else than the group: that stays, and
  /// nothing is done about the path. What is shown is what was there before.
  package static let localOnly = EntryState(rawValue: 256)

  /// Nothing should be here, and this host keeps what is: `no-delete`.
  package static let keptDeleted = EntryState(rawValue: 512)
  /// Mode and access list of the path are ignored here.
  package static let ignoresMode = EntryState(rawValue: 1024)
  /// The user that owns it is ignored here.
  package static let ignoresUser = EntryState(rawValue: 2048)
  /// The group that owns it is ignored here.
  package static let ignoresGroup = EntryState(rawValue: 4096)

  /// What is ignored of a path: as the group's rules say, whatever else is open about it.
  package static let ignoring: EntryState = [.ignoresMode, .ignoresUser, .ignoresGroup]

  /// The states that a person or a session has to do something about.
  package static let attention: EntryState = [.conflict, .pending, .held, .keptForChildren]
}

extension FileStat {
  /// Whether nothing about the object has changed since it was seen as `seen`. The device number is
  /// left out (it may change from boot to boot) and so is the number of links.
  package func matches(_ seen: FileStat) -> Bool {
    inode == seen.inode && changed == seen.changed && size == seen.size
      && modified == seen.modified && mode == seen.mode && uid == seen.uid && gid == seen.gid
      && kind == seen.kind
  }

  /// What is kept of a stat in the index.
  package var kept: FileStat {
    var kept = self
    kept.device = 0
    kept.links = 0
    return kept
  }
}
