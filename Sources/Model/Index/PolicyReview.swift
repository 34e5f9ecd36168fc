extension Policy {
  /// The policy of a group with what is known of its hosts.
  package init(_ group: Group, store: any Store) throws(Failure) {
    var replicas: [ReplicaID: String] = [:]
    if group.isDeciding {
      for known in try store.replicas(group.name) { replicas[known.replica] = known.host }
    }
    self.init(group, replicas: replicas)
  }
}

/// Lets the policy of a group look again at all that it may decide otherwise than before: somebody
/// has changed it, or it has become known whom a replica belongs to.
package enum PolicyReview {
  /// - Returns: How many paths are decided otherwise now.
  package static func run(_ group: Group, store: any Store) throws(Failure) -> Int {
    let name = "policy \(group.name)"
    let now = try ground(group, store)
    guard try store.note(name) ?? [] != now else { return 0 }
    let policy = try Policy(group, store: store)
    return try store.transaction { () throws(Failure) in
      var count = 0
      var last: TreePath?
      while true {
        let states: EntryState = [.conflict, .decided]
        let batch = try store.entries(group.name, in: states, after: last, limit: 1_000)
        guard let end = batch.last else { break }
        last = end.path
        for var entry in batch {
          let before = entry.decided
          entry.decide(by: policy)
          guard entry.decided != before else { continue }
          try store.put(entry, group.name)
          count += 1
        }
      }
      try store.setNote(name, now.isEmpty ? nil : now)
      return count
    }
  }

  /// All that decisions follow from besides the records; empty if there is no policy.
  private static func ground(_ group: Group, _ store: any Store) throws(Failure) -> [UInt8] {
    guard group.isDeciding else { return [] }
    var lines = group.autoLines
    if group.countsHostOrder {
      lines += group.comparedHosts
      lines += try store.replicas(group.name).map { "\($0.replica) \($0.host)" }.sorted()
    }
    return Array(lines.joined(separator: "\n").utf8)
  }
}
