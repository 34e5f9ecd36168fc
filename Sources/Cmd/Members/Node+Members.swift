import Model
import Transport

/// What this host knows of who takes part.
extension Node {
  /// The hosts of a group that were struck and have not come back, sorted.
  func retired(in group: SessionGroup) throws(Failure) -> [String] {
    let gone = try real.with { store throws(Failure) in
      try Retirement.hosts(group.name, store: store)
    }
    return others(in: [group]).filter { gone.contains($0) }
  }

  /// The other hosts of the given groups that take part, sorted, each once: not those that were
  /// struck in all of them.
  func active(in groups: [SessionGroup]) throws(Failure) -> [String] {
    var out: Set<String> = []
    for group in groups {
      let gone = try retired(in: group)
      out.formUnion(others(in: [group]).filter { !gone.contains($0) })
    }
    return out.sorted()
  }

  /// Strikes a host in every group that lists it.
  ///
  /// - Returns: What was struck now, by group.
  func retire(_ host: String) throws(Failure) -> [(group: String, struck: [RetiredReplica])] {
    let now = UInt64(clamping: surroundings.now().seconds)
    var out: [(group: String, struck: [RetiredReplica])] = []
    for group in sessionGroups where group.group.member(host) != nil {
      let others = others(in: [group])
      let struck = try real.with { store throws(Failure) in
        let struck = try Retirement.run(host, group.name, by: name, seconds: now, store: store)
        _ = try TombstoneCollection.run(group.name, others: others, store: store)
        return struck
      }
      out.append((group.name, struck))
    }
    return out
  }

  /// Takes a new identity that knows nothing, and binds the state to this machine.
  func rejoin() throws(Failure) {
    guard let replica = ReplicaID(surroundings.randomBytes(ReplicaID.byteCount)) else {
      throw Failure(.internalFault, "state", "no identity made", "too few random bytes")
    }
    try real.with { store throws(Failure) in
      try store.transaction { () throws(Failure) in
        try Rejoining.run(
          groups: sessionGroups.map(\.name), host: name, replica: replica, store: store)
        try Machine.bind(store)
        // What peers refused, they refused of the former life.
        for var peer in try store.peers() where !peer.trouble.isEmpty {
          (peer.trouble, peer.troubleKind) = ("", "")
          try store.put(peer)
        }
      }
      try markRoots(store)
    }
  }

  /// Clocks that are off, where a group decides conflicts by time. Nothing else depends on them.
  func skewWarnings() throws(Failure) -> [String] {
    var out: [String] = []
    let peers = try real.with { store throws(Failure) in try store.peers() }
    for group in sessionGroups
    where group.group.auto.contains(where: { [.younger, .older].contains($0.method) }) {
      for host in others(in: [group]) {
        guard let skew = peers.first(where: { $0.name == host })?.skewSeconds, abs(skew) > 2
        else { continue }
        out.append(
          "\(escaped(group.name)): conflicts are decided by time, and the clock of "
            + "\(escaped(host)) is \(skewText(skew)) this host's; set the clocks of both")
      }
    }
    return out
  }
}

/// `7 s ahead of`, `2 h behind`.
func skewText(_ skew: Int64) -> String {
  let span = ageText(Int64(clamping: skew.magnitude))
  return skew < 0 ? "\(span) behind" : "\(span) ahead of"
}
