/// How many paths of one group are open, and why.
package struct OpenCounts: Hashable, Sendable {
  package var conflicts = 0
  package var pending = 0
  package var held = 0
  package var tombstones = 0
  /// Objects that are deleted elsewhere and kept here: `no-delete`.
  package var kept = 0
  /// Paths that live and that the rules leave out.
  package var leftOut = 0

  package init() {}

  /// Takes in `count` paths with the same states.
  package mutating func add(_ count: Int, _ state: EntryState) {
    if state.contains(.conflict) { conflicts += count }
    if state.contains(.pending) { pending += count }
    if state.contains(.held) { held += count }
    if state.contains(.tombstone) { tombstones += count }
    if state.contains(.keptDeleted) { kept += count }
    if state.contains(.leftOut), !state.contains(.tombstone) { leftOut += count }
  }
}

/// Numbers for one group, for `status`.
package struct GroupCounts: Hashable, Sendable {
  /// Paths that live (records that are no tombstones), but for those that the rules leave out.
  package var live: Int
  package var open: OpenCounts

  package init(live: Int, open: OpenCounts) { (self.live, self.open) = (live, open) }

  package init(live: Int, conflicts: Int, pending: Int, held: Int, tombstones: Int) {
    var open = OpenCounts()
    (open.conflicts, open.pending) = (conflicts, pending)
    (open.held, open.tombstones) = (held, tombstones)
    self.init(live: live, open: open)
  }

  package var conflicts: Int { open.conflicts }
  package var pending: Int { open.pending }
  package var held: Int { open.held }
  package var tombstones: Int { open.tombstones }
  package var kept: Int { open.kept }
}
