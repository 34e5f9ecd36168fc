import Model

/// What explains the peer's records.
extension Inbound {
  /// Keeps the history of records that come next. It decides nothing.
  ///
  /// What this host has done itself nobody else can tell it.
  func keep(_ paths: [PathSteps], _ stamps: [Stamp], _ group: Int) throws(Failure) {
    guard mine.purpose.isLasting else { throw fault("history that nobody keeps") }
    guard !recordsEnded.contains(group) else { throw fault("history after the records") }
    let (session, own) = (groups[group], mine.replica)
    for item in paths where !session.selection.includes(item.path) {
      throw fault("\(item.path) is not in group \(session.name)")
    }
    let peer = peer
    try ledger.with { store throws(Failure) in
      let receivers = try Receivers(session.group, peer: peer, store: store)
      let knowledge = try store.knowledge(session.name)
      for item in paths { try receivers.check(item, knowledge: knowledge) }
      try store.transaction { () throws(Failure) in
        for item in paths {
          try store.add(
            item.steps.filter { $0.dot.replica != own }, session.name, item.path,
            limit: session.steps)
        }
        try store.add(stamps.filter { $0.replica != own }, session.name)
      }
    }
  }

  /// Events that this side mints in a session belong to no user.
  func recording(_ group: Int) -> Recording {
    Recording(seconds: surroundings.now().seconds, steps: groups[group].steps)
  }

  /// Events that come to be known with a complete exchange, as a run for each replica.
  func arrivals(
    _ before: VersionVector, _ after: VersionVector
  ) -> [Arrival] {
    let now = surroundings.now().seconds
    return after.entries.compactMap { entry in
      let old = before[entry.replica]
      guard entry.sequence > old else { return nil }
      return Arrival(
        replica: entry.replica, first: old + 1, last: entry.sequence, seconds: now, via: peer)
    }
  }
}
