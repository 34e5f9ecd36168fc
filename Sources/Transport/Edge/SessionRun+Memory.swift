import Model
import Transport

/// What a session leaves in this host's memory, and what it tells of it at the next.
extension SessionRun {
  /// The end of a complete session, remembered by both.
  func remember(
    _ mine: Greeting, _ theirs: Greeting, _ ledger: any Ledger
  ) throws(Failure) -> [UInt8] {
    let parts =
      isCaller
      ? mine.meeting.fresh + theirs.meeting.fresh : theirs.meeting.fresh + mine.meeting.fresh
    let nonce = Array(host.surroundings.sha256(parts).bytes.prefix(16))
    let (peer, now, groups) = (peer, host.surroundings.now().seconds, groups)
    try ledger.with { store throws(Failure) in
      try store.transaction { () throws(Failure) in
        var known = try store.peer(peer) ?? PeerState(name: peer)
        // Memories of a former life of the peer's database say nothing about this one.
        if known.replica != theirs.replica { (known.nonces, known.confirmed) = ([], []) }
        let former = known.nonces
        known.nonces = Array((nonce + former).prefix(Meeting.memory * Meeting.nonceBytes))
        known.meetings = max(known.meetings, mine.meeting.count, theirs.meeting.count) + 1
        known.replica = theirs.replica
        known.lastMet = now
        known.skewSeconds = skew
        known.trouble = ""
        known.troubleKind = ""
        try store.put(known)
        // Its end came after it had taken in all that this host knew at the beginning.
        for (index, group) in groups.enumerated() where isOpen(mine, theirs, index) {
          guard var member = try store.member(peer, group.name), member.replica == theirs.replica,
            let told = member.knowledge
          else { continue }
          member.knowledge = told.merging(mine.groups[index].knowledge)
          try store.put(member, group.name)
        }
        var state = try store.replicaState()
        let seen = theirs.groups.map { $0.knowledge[mine.replica] }.max() ?? 0
        if state.replica == mine.replica, seen > state.confirmed {
          state.confirmed = seen
          try store.setReplicaState(state)
        }
      }
    }
    return nonce
  }

  /// Waits for the peer's word that it has kept the session too. If that is lost nothing is: the
  /// session was complete before.
  func confirm(_ nonce: [UInt8], _ ledger: any Ledger) throws(Failure) {
    guard hearsKept() else { return }
    let peer = peer
    try ledger.with { store throws(Failure) in
      try store.transaction { () throws(Failure) in
        guard var known = try store.peer(peer),
          let nonces = Meeting.nonces(known.nonces), let place = nonces.firstIndex(of: nonce)
        else { return }
        // Another session may have confirmed a later meeting already.
        if let latest = nonces.firstIndex(of: known.confirmed), latest < place { return }
        known.confirmed = nonce
        try store.put(known)
      }
    }
  }
}

func groupGreeting(
  _ group: SessionGroup, _ refusal: String, _ peer: String, _ own: String, _ replica: ReplicaID,
  _ store: any Store
) throws(Failure) -> GroupGreeting {
  var replicas = try store.replicas(group.name)
    .map { KnownReplica(replica: $0.replica, host: $0.host) }
  if !replicas.contains(where: { $0.replica == replica }) {
    replicas.append(KnownReplica(replica: replica, host: own))
  }
  let members = try store.members(group.name)
  return GroupGreeting(
    configuration: group.configuration, refusal: refusal,
    knowledge: try store.knowledge(group.name),
    replicas: replicas.sorted { $0.replica < $1.replica },
    exchanged: members.first { $0.host == peer }?.exchangedReplicas ?? [],
    members: members.compactMap { member in
      guard let replica = member.replica, let knowledge = member.knowledge else { return nil }
      return KnownMember(host: member.host, replica: replica, knowledge: knowledge)
    }.sorted { $0.host < $1.host },
    retired: Array(try store.retired(group.name).prefix(Limits.vectorEntries)))
}
