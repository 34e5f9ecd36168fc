/// What changes on a host when the configuration takes it into parentheses, or out of them.
package enum ReceiveOnlyTurn {
  /// Called before each scan, in its transaction.
  ///
  /// A host that only receives from now on lets go what it has said and no full member is known to
  /// have: those paths start from what is on its disk. And it claims no knowledge any more: absence
  /// speaks through that, and it has forgotten records. The others tell it everything once.
  /// A host that is a full member again forgets what was local only: the scan finds it anew, as
  /// changes like others.
  static func run(_ group: Group, store: any Store, seconds: Int64) throws(Failure) {
    let name = "receive-only \(group.name)"
    let was = try store.note(name) != nil
    guard was != group.isReceiveOnlyHere else { return }
    if group.isReceiveOnlyHere {
      try letGo(group, store, seconds)
    } else {
      try takeUp(group.name, store)
    }
    try store.setNote(name, group.isReceiveOnlyHere ? [1] : nil)
  }

  private static func letGo(
    _ group: Group, _ store: any Store, _ seconds: Int64
  ) throws(Failure) {
    var own = Set([try store.replicaState().replica])
    for known in try store.replicas(group.name) where known.host == group.own?.name {
      own.insert(known.replica)
    }
    let told = try store.members(group.name)
      .filter { group.member($0.host)?.receiveOnly == false }.compactMap(\.knowledge)
    var isComplete = true
    try each(group.name, [], store) { entry throws(Failure) in
      let isHeard = entry.record.dots.allSatisfy { dot in
        !own.contains(dot.replica) || told.contains { $0.covers(dot) }
      }
      guard !isHeard else { return }
      isComplete = false
      let isAbsent = entry.shown.content.value.isAbsent
      try store.put(
        LocalOnly(
          path: entry.path, kind: isAbsent ? .deleted : .changed,
          found: Shown(found: entry.observation), seen: nil, since: seconds), group.name)
      try store.removeEntry(group.name, entry.path)
    }
    if !isComplete { try store.setKnowledge(VersionVector(), group.name) }
  }

  private static func takeUp(_ group: String, _ store: any Store) throws(Failure) {
    for row in try store.localOnly(group) { try store.removeLocalOnly(group, row.path) }
    try each(group, .localOnly, store) { entry throws(Failure) in
      var entry = entry
      entry.state.remove(.localOnly)
      entry.refresh()
      try store.put(entry, group)
    }
  }

  /// All entries, or those with one of the states.
  private static func each(
    _ group: String, _ states: EntryState, _ store: any Store,
    _ body: (Entry) throws(Failure) -> Void
  ) throws(Failure) {
    var last: TreePath?
    while true {
      let batch =
        states.isEmpty
        ? try store.entries(group, after: last, limit: 1_000)
        : try store.entries(group, in: states, after: last, limit: 1_000)
      guard let end = batch.last else { return }
      last = end.path
      for entry in batch { try body(entry) }
    }
  }
}

extension Entry {
  /// What it shows, as a look at the disk would tell.
  fileprivate var observation: Observation? {
    LocalOnly(path: path, kind: .changed, found: shown, seen: nil, since: 0).observation
  }
}
