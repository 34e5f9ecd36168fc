import Model

/// One record on its way from one host to another.
private struct Parcel {
  var source: Int
  var target: Int
  var path: Int
  /// An answer that was given for an absent record; nil: the source's record when it is sent.
  var answer: (record: Record, view: EventView)?
}

extension History {
  /// Two hosts exchange what the other lacks. `broken`: the line goes down somewhere on the way.
  mutating func exchange(_ left: Int, _ right: Int, broken: Bool) {
    guard areAdmitted(left, right) else { return }
    for host in [left, right] {
      learn(host)
      for path in 0..<setup.paths where hosts[host].touched[path] && (isHealing || !dice.chance(20))
      {
        scan(host, path)
      }
      hosts[host].database.confirmed = hosts[host].database.mint.last
    }
    let told = [left: hosts[left].database, right: hosts[right].database]
    let incarnations = known(left, right)
    let whole =
      hosts[left].database.met[right] != incarnations
      || hosts[right].database.met[left] != incarnations
    compareKnowledge(left, right)
    let isWhole = whole && rules.flaw != .noWholeExchangeForNewIncarnation
    var queue =
      parcels(from: left, to: right, whole: isWhole)
      + parcels(from: right, to: left, whole: isWhole)
    dice.shuffle(&queue)
    say("exchange \(left) \(right)\(isWhole ? " whole" : ""), \(queue.count) parcels")
    var budget = broken ? dice.below(queue.count + 1) : Int.max
    while !queue.isEmpty, budget > 0 {
      budget -= 1
      if let answer = deliver(queue.removeFirst()) {
        queue.insert(answer, at: dice.below(queue.count + 1))
      }
    }
    if budget > 0 || rules.flaw == .knowledgeMergedAfterBreak {
      // The last word of an exchange can be lost on one side alone.
      let lost = broken ? dice.pick([left, right]) : nil
      for (host, peer) in [(left, right), (right, left)] where host != lost {
        conclude(host, peer, told: told[peer], incarnations: incarnations)
      }
    } else {
      say("broken, \(queue.count) parcels lost")
    }
    for (host, peer) in [(left, right), (right, left)] {
      if let told = told[peer] { hear(host, peer, told) }
    }
  }

  /// The incarnations that two hosts know of, with their own, which may have minted nothing yet.
  private func known(_ left: Int, _ right: Int) -> [ReplicaID] {
    let both = hosts[left].database.knowledge.merging(hosts[right].database.knowledge)
    var all = both.entries.map(\.replica)
    for host in [left, right] where !all.contains(hosts[host].replica) {
      all.append(hosts[host].replica)
    }
    return all.sorted()
  }

  /// Vectors and sets have to tell the same of who knows more.
  private mutating func compareKnowledge(_ left: Int, _ right: Int) {
    let (mine, theirs) = (hosts[left].database, hosts[right].database)
    let expected: VersionVector.Comparison =
      switch (theirs.known.isSubset(of: mine.known), mine.known.isSubset(of: theirs.known)) {
      case (true, true): .equal
      case (true, false): .after
      case (false, true): .before
      case (false, false): .concurrent
      }
    let found = mine.knowledge.compared(to: theirs.knowledge)
    if found != expected {
      remark("hosts \(left) and \(right): vectors say \(found), sets \(expected)")
    }
  }

  private func parcels(from source: Int, to target: Int, whole: Bool) -> [Parcel] {
    let knowledge = hosts[target].database.knowledge
    return (0..<setup.paths).compactMap { path in
      guard let record = hosts[source].database.rows[path].record,
        whole || !knowledge.covers(record.vector)
      else { return nil }
      return Parcel(source: source, target: target, path: path)
    }
  }

  /// Hands one record over; what the target answers, if it does.
  private mutating func deliver(_ parcel: Parcel) -> Parcel? {
    let (target, path) = (parcel.target, parcel.path)
    let sent = hosts[parcel.source].database.rows[path]
    guard let incoming = parcel.answer?.record ?? sent.record else { return nil }
    let view = parcel.answer?.view ?? sent.view
    var row = hosts[target].database.rows[path]
    let known = hosts[target].database.known
    let result = rules.integrating(
      incoming, into: row.record, knowledge: hosts[target].database.knowledge)
    switch result {
    case .merged(let record):
      let isNews = row.record != record
      merge(view, incoming, &row, path, known: known)
      row.record = record
      hosts[target].database.rows[path] = row
      say("  \(path) from \(parcel.source) to \(target) taken")
      let isDelayed = !isHealing && dice.chance(10)
      if isNews { show(target, path, isDelayed: isDelayed) }
      return nil
    case .deleted(let answer):
      var said = EventView()
      said.seen = known.union(row.view.seen)
      said.buried = said.seen.intersection(log.events(of: path))
      buried.formUnion(said.buried)
      say("  \(path) from \(parcel.source) to \(target) answered with its deletion")
      return Parcel(
        source: target, target: parcel.source, path: path, answer: (answer, said))
    case .known:
      forgotten.formUnion(
        known.union(row.view.seen).intersection(log.events(of: path)).subtracting(view.seen))
      return nil
    }
  }

  /// Merges in sets. Records that say nothing but that all is deleted are taken as a whole or not
  /// at all, as is whatever meets one.
  private mutating func merge(
    _ view: EventView, _ incoming: Record, _ row: inout HistoryDatabase.Row, _ path: Int,
    known: EventSet
  ) {
    let isBare = row.record?.isBare ?? true
    if isBare, !incoming.isBare || row.record == nil {
      let all = known.union(row.view.seen).intersection(log.events(of: path))
      forgotten.formUnion(all.subtracting(view.seen))
      row.view.seen = view.seen
      row.view.buried = view.buried
    } else if !isBare, incoming.isBare, !row.view.seen.isSubset(of: view.seen) {
      return
    } else {
      row.view.seen.formUnion(view.seen)
      row.view.buried.formUnion(view.buried)
    }
  }

  private mutating func conclude(
    _ host: Int, _ peer: Int, told: HistoryDatabase?, incarnations: [ReplicaID]
  ) {
    guard let told else { return }
    hosts[host].database.knowledge.merge(told.knowledge)
    hosts[host].database.known.formUnion(told.known)
    hosts[host].database.met[peer] = incarnations
  }

  /// What a peer tells of its own knowledge and of that of others; never taken ahead of one's own.
  private mutating func hear(_ host: Int, _ peer: Int, _ told: HistoryDatabase) {
    let own = hosts[host].database.knowledge
    hosts[host].database.retired.formUnion(told.retired)
    hosts[host].database.members[peer] = .init(
      incarnation: told.mint.replica, knowledge: told.knowledge.within(own))
    for (member, theirs) in told.members.enumerated() where member != host && member != peer {
      guard let theirs else { continue }
      let said = theirs.knowledge.within(own)
      guard let mine = hosts[host].database.members[member] else {
        hosts[host].database.members[member] = .init(
          incarnation: theirs.incarnation, knowledge: said)
        continue
      }
      if mine.incarnation == theirs.incarnation {
        hosts[host].database.members[member]?.knowledge.merge(said)
      } else if mine.incarnation.low < theirs.incarnation.low {
        // The low word counts the incarnations of a history: the later one stands.
        hosts[host].database.members[member] = .init(
          incarnation: theirs.incarnation, knowledge: said)
      }
    }
  }
}

extension VersionVector {
  /// The part of it that `limit` knows as well.
  fileprivate func within(_ limit: VersionVector) -> VersionVector {
    if limit.covers(self) { return self }
    let common = entries.compactMap { entry -> Entry? in
      let sequence = min(entry.sequence, limit[entry.replica])
      return sequence == 0 ? nil : Entry(replica: entry.replica, sequence: sequence)
    }
    return VersionVector(sorted: common) ?? VersionVector()
  }
}
