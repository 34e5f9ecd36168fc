/// Turns looks at the disk into events of this host, one path at a time, within one transaction.
///
/// The caller opens the transaction, absorbs, and calls `finish` before it ends.
package struct Absorber {
  private let store: any Store
  private let group: String
  /// Has its say after every change.
  package let policy: Policy
  private let recording: Recording
  private var state: ReplicaState
  private var mint: Mint
  /// All events of the group that are integrated here, those minted by this absorber included.
  package private(set) var knowledge: VersionVector
  /// How many events were minted.
  package private(set) var events = 0
  /// How many of them made a file what it had been before.
  package private(set) var reverts = 0
  private var changed = false
  /// What follows on this host from what was changed here.
  private var actions: ActionBatch

  package init(
    store: any Store, group: Group, recording: Recording = Recording()
  ) throws(Failure) {
    self.store = store
    self.group = group.name
    self.recording = recording
    actions = ActionBatch(group, made: .here)
    policy = try Policy(group, store: store)
    state = try store.replicaState()
    mint = Mint(replica: state.replica, last: state.last)
    knowledge = try store.knowledge(group.name)
  }

  /// Compares what is on the disk with what this host showed, and keeps what came of it.
  ///
  /// - Parameters:
  ///   - entry: What is kept of the path; nil: nothing.
  ///   - observed: What is on the disk; nil: nothing.
  ///   - isFresh: The stamps are too close to now to prove anything at the next look.
  /// - Returns: The entry as it is kept now; nil if there is none.
  package mutating func absorb(
    _ path: TreePath, entry: Entry?, observed: Observation?, isFresh: Bool
  ) throws(Failure) -> Entry? {
    let shown = entry?.shown ?? .nothing
    let seen = isFresh ? nil : observed?.stat.kept
    let change = try Record.absorbing(
      entry?.record, shown: shown, observed: observed,
      decided: entry?.decided?.values ?? ResolvedValues(), knowledge: knowledge, mint: &mint)
    guard let change else {
      guard var entry, entry.seen != seen else { return entry }
      entry.seen = seen
      try store.put(entry, group)
      return entry
    }
    if let dot = change.dot {
      knowledge.insert(dot)
      events += 1
      changed = true
      actions.note(path)
    }
    var new = entry ?? Entry(path: path, record: change.record)
    new.record = change.record
    new.shown = change.shown
    new.seen = seen
    new.decide(by: policy)
    new = try store.put(new, changedFrom: entry, group)
    if let dot = change.dot, let before = entry?.record {
      try keepStep(of: dot, at: path, before: before, after: change.record)
    }
    return new
  }

  private mutating func keepStep(
    of dot: Dot, at path: TreePath, before: Record, after: Record
  ) throws(Failure) {
    var step = HistoryStep(of: dot, before: before, after: after)
    if step.deed == .edit {
      step.deed = .of(
        step.content, replaced: step.replaced, steps: try store.steps(group, path))
    }
    if step.deed == .revert { reverts += 1 }
    if !step.isFirstSight { try record(step, at: path) }
  }

  /// Keeps what an event of this run did, for people who ask later.
  package func record(_ step: HistoryStep, at path: TreePath) throws(Failure) {
    try store.add([step], group, path, limit: recording.steps)
  }

  /// Takes a path in again that the rules left out: what this disk shows of it is said anew.
  package mutating func retell(_ entry: Entry) throws(Failure) -> Entry {
    var entry = entry
    entry.state.remove(.leftOut)
    if !entry.shown.content.value.isAbsent {
      let new = entry.record.retold(entry.shown, dot: try event())
      entry.record = new.record
      entry.shown = new.shown
    }
    entry.decide(by: policy)
    try store.put(entry, group)
    return entry
  }

  /// One more dot for a decision that is not a look at the disk (a resolution).
  package mutating func event() throws(Failure) -> Dot {
    let dot = try mint.next()
    knowledge.insert(dot)
    events += 1
    changed = true
    return dot
  }

  /// Writes how far the numbers and the knowledge have gone.
  package mutating func finish() throws(Failure) {
    guard changed else { return }
    try actions.queue(in: store, seconds: recording.seconds ?? 0)
    if let seconds = recording.seconds {
      let user = recording.user.limited(to: HistoryLimits.userBytes)
      try store.add(
        Stamp(
          replica: mint.replica, first: state.last + 1, last: mint.last, seconds: seconds,
          user: user), group)
    }
    state.last = mint.last
    try store.setReplicaState(state)
    try store.setKnowledge(knowledge, group)
    changed = false
  }
}
