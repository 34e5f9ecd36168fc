/// Looks at the disk of a host that only receives: what differs from the group is no event, it is
/// noted beside the index and stays. Called in a transaction.
package struct LocalLook {
  private let store: any Store
  private let group: String
  private let policy: Policy
  private let replica: ReplicaID
  private let seconds: Int64

  /// - Parameter seconds: Since 1970.
  package init(store: any Store, group: Group, seconds: Int64) throws(Failure) {
    self.store = store
    self.group = group.name
    self.seconds = seconds
    policy = try Policy(group, store: store)
    replica = try store.replicaState().replica
  }

  /// Compares what is on the disk with what this host showed, and keeps what came of it.
  ///
  /// - Parameters:
  ///   - entry: What is kept of the path; nil: nothing.
  ///   - observed: What is on the disk; nil: nothing.
  ///   - isFresh: The stamps are too close to now to prove anything at the next look.
  /// - Returns: The entry as it is kept now; nil if there is none.
  package func take(
    _ path: TreePath, entry: Entry?, observed: Observation?, isFresh: Bool
  ) throws(Failure) -> Entry? {
    // What would be an event: its number is never given out.
    var mint = Mint(replica: replica, last: 0)
    let change = try Record.absorbing(
      entry?.record, shown: entry?.shown ?? .nothing, observed: observed,
      decided: entry?.decided?.values ?? ResolvedValues(), knowledge: VersionVector(), mint: &mint)
    let seen = isFresh ? nil : observed?.stat.kept
    if change?.dot != nil { return try keep(path, entry, observed, seen) }
    if change == nil, let entry, try isKept(entry, observed) {
      return try keep(path, entry, observed, seen)
    }
    return try agree(path, entry, change?.shown, seen)
  }

  /// The same for a path whose record has become another one: with what was last found there.
  package func again(_ entry: Entry) throws(Failure) {
    guard let row = try store.localOnly(group, entry.path) else { return }
    _ = try take(
      entry.path, entry: entry, observed: row.observation, isFresh: row.seen == nil)
  }

  /// Whether the disk stays as it is although it is what this host last showed: a directory that
  /// something else should replace, for what lives in it on this host alone; or what was deleted
  /// here before this host knew what the group has (`ReceiveOnlyTurn`).
  private func isKept(_ entry: Entry, _ observed: Observation?) throws(Failure) -> Bool {
    if entry.shown.content.value.isDirectory {
      guard entry.wantedContent?.takesPlace == true else { return false }
      return try store.hasLocalOnly(below: entry.path, group)
    }
    guard observed == nil, entry.shown.content.value.isAbsent, !entry.isGone else { return false }
    return try store.localOnly(group, entry.path)?.kind == .deleted
  }

  private func keep(
    _ path: TreePath, _ entry: Entry?, _ observed: Observation?, _ seen: FileStat?
  ) throws(Failure) -> Entry? {
    let old = try store.localOnly(group, path)
    let row = LocalOnly(
      path: path, kind: kind(entry, observed), found: Shown(found: observed), seen: seen,
      since: old?.since ?? seconds)
    if row != old { try store.put(row, group) }
    guard var entry, !entry.state.contains(.localOnly) else { return entry }
    entry.state.insert(.localOnly)
    // The version that was on this disk is not any more.
    if entry.record.content.isConflict { entry.state.insert(.lacking) }
    entry.decide(by: policy)
    try store.put(entry, group)
    return entry
  }

  private func kind(_ entry: Entry?, _ observed: Observation?) -> LocalOnly.Kind {
    guard observed != nil else { return .deleted }
    guard let entry, !(entry.isGone && entry.shown.content.value.isAbsent) else { return .new }
    return .changed
  }

  /// The disk holds what this host showed, or what the group wants by now: joined, without an
  /// event.
  private func agree(
    _ path: TreePath, _ entry: Entry?, _ shown: Shown?, _ seen: FileStat?
  ) throws(Failure) -> Entry? {
    if try store.localOnly(group, path) != nil { try store.removeLocalOnly(group, path) }
    guard let entry else { return nil }
    var new = entry
    new.state.remove(.localOnly)
    if let shown { new.shown = shown }
    new.seen = seen
    new.decide(by: policy)
    if new != entry { try store.put(new, group) }
    return new
  }
}

extension LocalOnly {
  /// Gives a local change up: its path is pending, and the group's version takes the place of what
  /// was found there. Somebody who changes it meanwhile is noticed when that is installed.
  ///
  /// - Returns: False, and nothing is done, if the group is in conflict about the path.
  package func giveUp(_ group: String, store: any Store) throws(Failure) -> Bool {
    try store.transaction { () throws(Failure) in
      let known = try store.entry(group, path)
      if known?.isOpenConflict == true { return false }
      var entry = try store.forgetLocalOnly(
        known ?? Entry(path: path, record: Record(vector: VersionVector())), group)
      entry.shown = found
      entry.seen = seen
      entry.refresh()
      try store.put(entry, group)
      return true
    }
  }
}

extension Store {
  /// Forgets what was noted of a path's local change: the group's version takes its place, or it
  /// becomes a change like any other.
  ///
  /// - Returns: The entry without its mark, not kept yet.
  package func forgetLocalOnly(_ entry: Entry, _ group: String) throws(Failure) -> Entry {
    try removeLocalOnly(group, entry.path)
    var entry = entry
    entry.state.remove(.localOnly)
    entry.refresh()
    return entry
  }
}
