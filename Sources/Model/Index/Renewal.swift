/// Gives this host's database a new identity, because it is older than what peers remember of it.
package enum Renewal {
  /// Numbers above the last confirmed one may have meant something else in the life that was lost:
  /// they are given out anew, under the new replica.
  ///
  /// - Parameters:
  ///   - groups: Every group of this host.
  ///   - above: The last number of the former replica that is certain; nil: the last one confirmed.
  ///   - replica: A random one.
  package static func run(
    groups: [String], host: String, replica: ReplicaID, above: UInt64? = nil, store: any Store
  ) throws(Failure) {
    try store.transaction { () throws(Failure) in
      var former = try store.replicaState()
      former.confirmed = above ?? former.confirmed
      var mint = Mint(replica: replica, last: 0)
      for group in groups {
        try store.learnReplica(replica, host: host, group: group)
        var knowledge = try store.knowledge(group)
        knowledge.lower(former.replica, to: former.confirmed)
        try reissue(group, former, &mint, store)
        if mint.last > 0, let dot = Dot(replica, mint.last) { knowledge.insert(dot) }
        try store.setKnowledge(knowledge, group)
      }
      try store.setReplicaState(ReplicaState(replica: replica, last: mint.last, confirmed: 0))
    }
  }

  private static func reissue(
    _ group: String, _ former: ReplicaState, _ mint: inout Mint, _ store: any Store
  ) throws(Failure) {
    var last: TreePath?
    while true {
      let batch = try store.entries(group, after: last, limit: 1_000)
      guard let end = batch.last else { return }
      last = end.path
      for var entry in batch {
        guard
          let new = try entry.record.reissued(
            from: former.replica, above: former.confirmed, mint: &mint)
        else { continue }
        entry.record = new.record
        entry.shown = entry.shown.renamed(new.renamed)
        entry.decided = entry.decided?.renamed(new.renamed)
        entry.refresh()
        try store.put(entry, group)
        try rename(new.renamed, entry.path, group, former, store)
      }
    }
  }

  /// Steps of numbers that are given out anew get the new ones. What is left of such numbers could
  /// mean something else: where it stands, the way back ends.
  private static func rename(
    _ names: [Dot: Dot], _ path: TreePath, _ group: String, _ former: ReplicaState,
    _ store: any Store
  ) throws(Failure) {
    let steps = try store.steps(group, path)
    guard !steps.isEmpty else { return }
    func renamed(_ dot: Dot) -> Dot? {
      if let new = names[dot] { return new }
      return dot.replica == former.replica && dot.sequence > former.confirmed ? nil : dot
    }
    var out: [HistoryStep] = []
    for var step in steps {
      guard let dot = renamed(step.dot) else { continue }
      step.dot = dot
      step.origin = step.origin.flatMap { renamed($0) }
      let replaced = step.replaced.compactMap { item in
        renamed(item.dot).map { ReplacedContent(dot: $0, content: item.content) }
      }
      // One of two that is left would look like the only one.
      let isWhole = replaced.count == step.replaced.count
      step.replaced = isWhole ? replaced.sorted { $0.dot < $1.dot } : []
      out.append(step)
    }
    try store.removeSteps(group, path)
    try store.add(out, group, path, limit: HistoryLimits.stepsOfPath)
  }
}
