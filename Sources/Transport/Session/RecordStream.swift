import Model

/// How far the sending of one group's records has come.
struct RecordStream {
  let group: Int
  let known: VersionVector
  let isWhole: Bool
  var last: TreePath?
  /// Entries that were read and not looked at yet.
  var waiting: ArraySlice<Entry> = []
  /// Whether any path has steps; nil: not asked yet, and no stamps were sent.
  private var hasSteps: Bool?

  init(group: Int, _ mine: GroupGreeting, _ theirs: GroupGreeting) {
    self.group = group
    known = theirs.knowledge
    let union = replicaUnion(mine, theirs)
    isWhole = mine.exchanged != union || theirs.exchanged != union
  }

  /// What explains a batch of records, to go before it: the peer then has the steps of a conflict
  /// when it finds that it is one. Stamps go once, with the first batch. Nil: there is nothing.
  mutating func history(
    of message: Message, _ name: String, _ ledger: any Ledger
  ) throws(Failure) -> Message? {
    guard case .records(_, let records) = message else { return nil }
    let (known, isWhole, asked) = (known, isWhole, hasSteps)
    let (paths, stamps, hasSteps) = try ledger.with {
      store throws(Failure) -> ([PathSteps], [Stamp], Bool) in
      let hasSteps: Bool
      if let asked { hasSteps = asked } else { hasSteps = try store.hasSteps(name) }
      var paths: [PathSteps] = []
      for record in records where hasSteps {
        let steps = try store.steps(name, record.path)
          .filter { isWhole || !known.covers($0.dot) }
        if !steps.isEmpty { paths.append(PathSteps(path: record.path, steps: steps)) }
      }
      guard asked == nil else { return (paths, [], hasSteps) }
      let stamps = try store.stamps(name)
      return (paths, isWhole ? stamps : stamps.compactMap { $0.beyond(known) }, hasSteps)
    }
    self.hasSteps = hasSteps
    return paths.isEmpty && stamps.isEmpty ? nil : .history(group: group, paths, stamps)
  }
}
