/// Strikes hosts that will not come back, so that they block nothing.
///
/// What is struck are replicas, not the name: a host that comes back with a new one takes part
/// again.
package enum Retirement {
  /// Strikes every replica that is known of a host.
  ///
  /// - Parameters:
  ///   - by: This host.
  ///   - seconds: Since 1970.
  /// - Returns: Those that were not struck before.
  package static func run(
    _ host: String, _ group: String, by: String, seconds: UInt64, store: any Store
  ) throws(Failure) -> [RetiredReplica] {
    try store.transaction { () throws(Failure) in
      let struck = Set(try store.retired(group).map(\.replica))
      let knowledge = try store.knowledge(group)
      var fresh: [RetiredReplica] = []
      for known in try store.replicas(group)
      where known.host == host && !struck.contains(known.replica) {
        let retired = RetiredReplica(
          replica: known.replica, host: host, last: knowledge[known.replica], seconds: seconds,
          by: by)
        try store.put(retired, group)
        fresh.append(retired)
      }
      return fresh
    }
  }

  /// Takes in what a peer has told. All hosts end with the same, whoever told it first.
  package static func learn(
    _ told: [RetiredReplica], _ group: String, store: any Store
  ) throws(Failure) {
    guard !told.isEmpty else { return }
    var known: [ReplicaID: RetiredReplica] = [:]
    for retired in try store.retired(group) { known[retired.replica] = retired }
    for retired in told {
      let joined = known[retired.replica]?.joined(retired) ?? retired
      if joined != known[retired.replica] { try store.put(joined, group) }
    }
  }

  /// The hosts of which every known replica is struck.
  package static func hosts(_ group: String, store: any Store) throws(Failure) -> Set<String> {
    let struck = Set(try store.retired(group).map(\.replica))
    guard !struck.isEmpty else { return [] }
    var gone: Set<String> = []
    var alive: Set<String> = []
    for known in try store.replicas(group) {
      if struck.contains(known.replica) {
        gone.insert(known.host)
      } else {
        alive.insert(known.host)
      }
    }
    return gone.subtracting(alive)
  }
}

extension RetiredReplica {
  /// The same fact as two hosts tell it: the earlier word, and the last number that either knew.
  package func joined(_ other: RetiredReplica) -> RetiredReplica {
    let isEarlier = (seconds, by, host) <= (other.seconds, other.by, other.host)
    var result = isEarlier ? self : other
    result.last = max(last, other.last)
    return result
  }
}
