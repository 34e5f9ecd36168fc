/// Takes in the records that a peer sent, one batch of one group in one transaction.
package struct Integrator {
  private let store: any Store
  private let group: String
  private let configured: Group
  private let peer: String
  /// Paths at which this host's version wins the next conflict with this peer, and why: `force`.
  private let forced: [TreePath: Set<String>]
  private let hosts: [ReplicaID: String]
  private let recording: Recording
  private let receivers: Receivers
  /// On a host that only receives.
  private let local: LocalLook?

  package init(
    store: any Store, group: Group, peer: String, recording: Recording = Recording()
  ) throws(Failure) {
    self.store = store
    self.group = group.name
    configured = group
    self.peer = peer
    self.recording = recording
    var forced: [TreePath: Set<String>] = [:]
    for mark in try store.forceMarks(group.name) {
      forced[mark.path, default: []].insert(mark.host)
    }
    self.forced = forced
    var hosts: [ReplicaID: String] = [:]
    for known in try store.replicas(group.name) { hosts[known.replica] = known.host }
    self.hosts = hosts
    receivers = try Receivers(group, peer: peer, store: store)
    local =
      group.isReceiveOnlyHere
      ? try LocalLook(store: store, group: group, seconds: recording.seconds ?? 0) : nil
  }

  /// What came of one batch.
  package struct Outcome: Hashable, Sendable {
    /// Deletions that the peer has to be told: paths that it has and that this host forgot.
    package var answers: [PathRecord] = []
    /// Paths whose record is another one now.
    package var changed = 0
    /// Paths that are in conflict now and were not before.
    package var conflicts: [TreePath] = []

    package init() {}
  }

  /// Joins a batch. Mints nothing, except where `force` was asked for. Throws, and keeps nothing of
  /// the batch, if a host that only receives has written something in it.
  package func integrate(_ batch: [PathRecord]) throws(Failure) -> Outcome {
    var outcome = Outcome()
    // What is lost of it is told again: who sent it has not heard that it is known here.
    try store.easyTransaction { () throws(Failure) in
      var absorber = try Absorber(store: store, group: configured, recording: recording)
      for incoming in batch {
        try integrate(incoming, absorber: &absorber, &outcome)
      }
      try absorber.finish()
    }
    return outcome
  }

  private func integrate(
    _ incoming: PathRecord, absorber: inout Absorber, _ outcome: inout Outcome
  ) throws(Failure) {
    let mine = try store.entry(group, incoming.path)
    let knowledge = absorber.knowledge
    try receivers.check(incoming, mine: mine?.record, knowledge: knowledge)
    switch Record.integrating(incoming.record, into: mine?.record, knowledge: knowledge) {
    case .known: return
    case .deleted(let answer):
      outcome.answers.append(PathRecord(path: incoming.path, record: answer))
    case .merged(let record):
      if record == mine?.record { return }
      var entry = mine ?? Entry(path: incoming.path, record: record)
      entry.record = record
      entry.ignore(configured.ignored)
      entry.refresh()
      try force(&entry, absorber: &absorber)
      entry.decide(by: absorber.policy)
      let kept = try store.put(entry, changedFrom: mine, group)
      if let local, mine?.state.contains(.localOnly) ?? true { try local.again(kept) }
      outcome.changed += 1
      if entry.state.contains(.conflict), mine?.state.contains(.conflict) != true {
        outcome.conflicts.append(entry.path)
      }
    }
  }

  /// Settles a conflict for which this host's version was declared the winner beforehand.
  private func force(_ entry: inout Entry, absorber: inout Absorber) throws(Failure) {
    guard local == nil, entry.record.isConflict, entry.hasVersionHere,
      let against = forced[entry.path]
    else { return }
    let authors = Set(entry.record.dots.compactMap { hosts[$0.replica] })
    guard against.contains(peer) || !against.isDisjoint(with: authors) else { return }
    let (dot, before) = (try absorber.event(), entry.record)
    entry.resolveToShown(dot: dot)
    try absorber.record(
      HistoryStep(of: dot, .force, before: before, after: entry.record), at: entry.path)
  }
}

/// A path and what is known of it, as hosts tell each other.
package struct PathRecord: Hashable, Sendable {
  package var path: TreePath
  package var record: Record

  package init(path: TreePath, record: Record) {
    self.path = path
    self.record = record
  }
}

extension Entry {
  /// Whether this disk shows one of the versions in conflict. A conflict that came as one leaves
  /// the disk as it was: nothing there is no version then, least of all a deletion.
  package var hasVersionHere: Bool { !record.content.isConflict || !shown.content.dots.isEmpty }

  /// Settles every register that is in conflict by what is on this disk.
  package mutating func resolveToShown(dot: Dot) {
    var values = ResolvedValues()
    let fields = record.conflictingFields
    if fields.contains(.content) { values.content = shown.content.value }
    if let attributes = shown.attributes {
      if fields.contains(.mode) { values.mode = attributes.mode.value }
      if fields.contains(.owner) { values.owner = attributes.owner.value }
      if fields.contains(.acl) { values.acl = attributes.acl.value }
    }
    record = record.resolved(to: values, seen: Set(record.dots), dot: dot)
    refresh()
  }
}
