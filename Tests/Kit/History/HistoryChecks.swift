import Model

/// What must hold.
extension History {
  /// Compares one record, and what is shown of it, with the sets: after each step.
  mutating func watch(_ host: Int, _ path: Int) {
    guard isWatched, let record = hosts[host].database.rows[path].record else { return }
    let row = hosts[host].database.rows[path]
    for register in 0..<4 {
      let standing = row.view.survivors(path, register, in: log)
      let found = record.numbered(register)
      if found != siblings(standing, register) {
        violate(
          "host \(host) path \(path) register \(register): has \(found), the sets say "
            + "\(siblings(standing, register))")
      }
      let dots = row.shown.dots(register)
      let expected = siblings(row.view.shown[register], register).map(\.dot)
      if dots != expected, row.look != nil || (register == 0 && !row.view.shown[0].isEmpty) {
        if register == 0, row.look == nil, dots.isEmpty || expected.isEmpty { continue }
        violate(
          "host \(host) path \(path) register \(register): shows \(dots), the sets say "
            + "\(expected)")
      }
    }
  }

  private func siblings(_ events: EventSet, _ register: Int) -> [NumberedSibling] {
    events.events
      .map { NumberedSibling(dot: log.events[$0].dot, value: log.value($0, register)) }
      .sorted { $0.dot < $1.dot }
  }

  /// Everything is repaired: all pairs exchange completely, some rounds long.
  mutating func heal() {
    say("heal")
    for host in hosts.indices {
      for path in 0..<setup.paths {
        scan(host, path)
        show(host, path)
      }
    }
    var pairs: [(Int, Int)] = []
    for left in hosts.indices {
      for right in hosts.indices where right > left { pairs.append((left, right)) }
    }
    isHealing = true
    for _ in 0..<4 where violations.isEmpty {
      let before = hosts.map(\.database)
      dice.shuffle(&pairs)
      for (left, right) in pairs where violations.isEmpty {
        exchange(left, right, broken: false)
      }
      let isSame = zip(before, hosts).allSatisfy { $0.isSettled(like: $1.database) }
      if isSame { return }
    }
    if violations.isEmpty { violate("still changing after all pairs have talked four times") }
  }

  /// The statement: all hosts agree, and the survivors are just the events that none superseded.
  mutating func checkOutcome() {
    let count = log.events.count
    for path in 0..<setup.paths where violations.isEmpty {
      for host in hosts.indices { scan(host, path) }
      let rows = hosts.map { $0.database.rows[path] }
      if rows.contains(where: { $0.record?.isTombstone == false }) {
        checkLiving(path, rows)
      } else {
        checkDeleted(path)
      }
    }
    if log.events.count > count { violate("a scan after all is healed finds changes") }
    if setup.losses {
      isEndless = hosts.contains { host in
        host.database.rows.contains { row in
          guard let record = row.record else { return false }
          return !hosts.allSatisfy { $0.database.knowledge.covers(record.vector) }
        }
      }
    } else {
      if !forgotten.isEmpty { violate("events \(forgotten.events) were forgotten") }
      checkCollection()
    }
  }

  /// Events that did not vanish with the only database that had them.
  private func alive(_ path: Int) -> EventSet {
    var result = EventSet()
    for host in hosts {
      result.formUnion(host.database.known)
      result.formUnion(host.database.rows[path].view.seen)
    }
    return result.intersection(log.events(of: path))
  }

  private mutating func checkLiving(_ path: Int, _ rows: [HistoryDatabase.Row]) {
    guard let first = rows[0].record else { return violate("path \(path): host 0 has no record") }
    for (host, row) in rows.enumerated() {
      guard let record = row.record else {
        return violate("path \(path): host \(host) has no record")
      }
      for register in 0..<4 where record.numbered(register) != first.numbered(register) {
        violate(
          "path \(path) register \(register): host 0 has \(first.numbered(register)), host "
            + "\(host) \(record.numbered(register))")
      }
    }
    let events = alive(path)
    for register in 0..<4 {
      let found = first.numbered(register)
      if found.isEmpty { violate("path \(path): nothing in register \(register)") }
      let (must, may) = survivors(path, register, events)
      let known = siblings(may, register)
      for sibling in found where !known.contains(sibling) {
        violate("path \(path) register \(register): \(sibling) came back or was invented")
      }
      for sibling in siblings(must, register) where !found.contains(sibling) {
        violate("path \(path) register \(register): \(sibling) was lost")
      }
    }
    checkDisks(path, first)
  }

  /// What must have survived, and what may have. They differ only after a loss, by deletions (and
  /// what was deleted) that hosts had forgotten when an old database brought them up again.
  private func survivors(
    _ path: Int, _ register: Int, _ events: EventSet
  ) -> (must: EventSet, may: EventSet) {
    let strict = log.survivors(path, register, of: events)
    if !setup.losses { return (strict, strict) }
    let certain = log.survivors(path, register, of: events.subtracting(forgotten))
    var must = strict
    for event in strict.intersection(buried.union(forgotten)).events
    where register > 0 || log.value(event, 0) == 0 {
      must.subtract(EventSet(event))
    }
    var may = certain.union(strict)
    for event in events.intersection(log.writers(path, register)).events {
      let killers = events.events.filter { log.events[$0].superseded[register].contains(event) }
      if killers.allSatisfy({ forgotten.contains($0) }) { may.insert(event) }
    }
    return (must, may)
  }

  private mutating func checkDisks(_ path: Int, _ record: Record) {
    for (index, host) in hosts.enumerated() {
      let look = host.disk[path]
      for register in 0..<4 {
        let values = Set(record.numbered(register).map(\.value))
        let choice = choice(path, host.database.rows[path].view)[register]
        guard let value = values.count == 1 ? values.first : choice else { continue }
        if register > 0, look == nil { continue }
        let found = look?[register] ?? 0
        let isHeld = register == 2 && host.heldOwner == value && found == 0
        if found != value, !isHeld {
          violate("path \(path) register \(register): disk \(index) has \(found), not \(value)")
        }
      }
    }
  }

  private mutating func checkDeleted(_ path: Int) {
    for (index, host) in hosts.enumerated() where host.disk[path] != nil {
      violate("path \(path) is deleted, but stands on disk \(index)")
    }
    for event in log.survivors(path, 0, of: alive(path)).events where log.value(event, 0) != 0 {
      violate("path \(path): event \(event) was lost with a deletion")
    }
  }

  /// Without a loss, every tombstone can be forgotten in the end, and nothing is left to send.
  private mutating func checkCollection() {
    for host in hosts.indices {
      collect(host)
      for path in 0..<setup.paths {
        guard let record = hosts[host].database.rows[path].record else { continue }
        if record.isTombstone, rules.flaw == nil {
          violate("path \(path): host \(host) keeps its tombstone for ever")
        }
        for other in hosts where !other.database.knowledge.covers(record.vector) {
          violate("path \(path): host \(host) has something to send for ever")
        }
      }
    }
  }
}

extension HistoryDatabase {
  /// Whether nothing has changed that can matter to others.
  fileprivate func isSettled(like other: HistoryDatabase) -> Bool {
    knowledge == other.knowledge && met == other.met
      && zip(rows, other.rows).allSatisfy { $0.record == $1.record }
  }
}

extension Shown {
  fileprivate func dots(_ register: Int) -> [Dot] {
    switch register {
    case 0: content.dots
    case 1: attributes?.mode.dots ?? []
    case 2: attributes?.owner.dots ?? []
    default: attributes?.acl.dots ?? []
    }
  }
}

extension History {
  /// Whether some path ends in conflict.
  package var isInConflict: Bool {
    hosts[0].database.rows.contains { $0.record?.isConflict ?? false }
  }
}
