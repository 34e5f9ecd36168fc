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
      }
    }
  }
}
