import Model

/// What a session teaches about other hosts.
extension Inbound {
  /// Writes down which replica belongs to which host, before records that name it arrive.
  func learnReplicas() throws(Failure) {
    let (groups, theirs, peer) = (groups, theirs, peer)
    try ledger.with { store throws(Failure) in
      try store.transaction { () throws(Failure) in
        for (group, greeting) in zip(groups, theirs.groups) {
          let known = Set(try store.replicas(group.name).map(\.replica))
          if !known.contains(theirs.replica) {
            try store.learnReplica(theirs.replica, host: peer, group: group.name)
          }
          for other in greeting.replicas
          where !known.contains(other.replica) && other.replica != theirs.replica {
            try store.learnReplica(other.replica, host: other.host, group: group.name)
          }
          // A host that only receives strikes nobody.
          if group.group.member(peer)?.receiveOnly != true {
            try Retirement.learn(greeting.retired, group.name, store: store)
          }
        }
      }
    }
  }

  /// After a complete exchange of one group: this host knows what the peer knew at its beginning.
  func mergeKnowledge(_ group: Int) throws(Failure) {
    guard mine.purpose != .verify else { return }
    let name = groups[group].name
    let greeting = theirs.groups[group]
    let union = replicaUnion(mine.groups[group], greeting)
    let (peer, replica, configured) = (peer, theirs.replica, groups[group].group)
    try ledger.with { store throws(Failure) in
      try store.transaction { () throws(Failure) in
        let former = try store.knowledge(name)
        let receivers = try Receivers(configured, peer: peer, store: store)
        let told = receivers.trusted(greeting.knowledge, over: former)
        let knowledge = former.merging(told)
        try store.setKnowledge(knowledge, name)
        try store.add(arrivals(former, knowledge), name)
        var member = try store.member(peer, name) ?? MemberState(host: peer)
        // What a former life of its database knew says nothing about this one.
        if member.replica != replica { member.knowledge = nil }
        member.replica = replica
        // The peer takes in this host's knowledge of the greeting in the same exchange, but says so
        // only the next time: what is kept is what it has told.
        member.knowledge = (member.knowledge ?? VersionVector()).merging(greeting.knowledge)
        member.exchangedReplicas = union
        try store.put(member, name)
        let retired = Set(try store.retired(name).map(\.replica))
        // What a host that only receives acknowledges counts for itself alone.
        for told in receivers.isPeer ? [] : greeting.members
        where told.host != peer && told.host != mine.ownHost && !retired.contains(told.replica) {
          try Self.learn(told, name, store)
        }
        for mark in try store.forceMarks(name) where mark.host == peer {
          try store.removeForceMark(mark, name)
        }
      }
    }
  }

  private static func learn(
    _ told: KnownMember, _ group: String, _ store: any Store
  ) throws(Failure) {
    var member = try store.member(told.host, group) ?? MemberState(host: told.host)
    if member.replica != told.replica { member.knowledge = nil }
    member.replica = told.replica
    member.knowledge = (member.knowledge ?? VersionVector()).merging(told.knowledge)
    try store.put(member, group)
  }

  /// What this side tells at its end.
  func summary() throws(Failure) -> Summary {
    var summary = Summary()
    summary.installed = UInt64(report.installed.count)
    summary.removed = UInt64(report.removed.count)
    summary.changes = changes()
    summary.problems = report.problems.filter { !$0.isRefusal }.prefix(Limits.problems)
      .map { "\($0)" }
    summary.refusals = try refusals()
    let names = fetch.open.map { groups[$0].name }
    for name in names {
      let counts = try ledger.with { store throws(Failure) in try store.openCounts(name) }
      summary.conflicts += UInt64(counts.conflicts)
      summary.pending += UInt64(counts.pending)
    }
    return summary
  }

  /// What gates did not let through, as far as it still waits.
  private func refusals() throws(Failure) -> [Summary.Refusal] {
    var out: [Summary.Refusal] = []
    for group in fetch.open {
      let name = groups[group].name
      let own = report.problems.filter { $0.group == name }
      let standing = try ledger.with { store throws(Failure) in try store.standing(own, name) }
      out += standing.map { Summary.Refusal(group: group, path: $0.path, text: $0.reason) }
    }
    return Array(out.prefix(Limits.refusals))
  }

  private func changes() -> [Summary.Change] {
    var out: [Summary.Change] = []
    var room = Limits.changeBytes
    for (paths, isRemoval) in [(report.removed, true), (report.installed, false)] {
      for path in paths {
        room -= path.key.count + 8
        guard out.count < Limits.changes, room > 0 else { return out }
        out.append(Summary.Change(path: path, isRemoval: isRemoval))
      }
    }
    return out
  }

  /// What would happen on this disk, from the state as it has become; nothing is touched.
  func forecast(_ group: Int) throws(Failure) -> [Forecast] {
    let name = groups[group].name
    return try ledger.with { store throws(Failure) in
      var deeds: [Forecast] = []
      var last: TreePath?
      while true {
        let open = try store.entries(name, in: [.pending, .conflict], after: last, limit: 1_000)
        guard let end = open.last else { return deeds }
        last = end.path
        for entry in open {
          if let deed = entry.foreseen { deeds.append(Forecast(path: entry.path, deed: deed)) }
        }
      }
    }
  }
}

extension Entry {
  /// What would happen to the path; nil: nothing that was not so before.
  fileprivate var foreseen: Forecast.Deed? {
    if state.contains(.conflict) { return .conflict }
    switch verdict {
    case .nothing: return nil
    case .remove: return .remove
    case .adjust: return .adjust
    case .install: return shown.content.value.isAbsent ? .create : .update
    }
  }
}
