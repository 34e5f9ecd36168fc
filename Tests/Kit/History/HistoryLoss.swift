import Model

/// Databases that get lost or are older than their hosts.
extension History {
  /// A database is lost, or an old one restored, with or without the disk.
  mutating func lose(_ host: Int) {
    hosts[host].decision = nil
    if hosts[host].backups.isEmpty || dice.chance(30) {
      say("host \(host) loses its database")
      hosts[host].doubt = nil
      hosts[host].database = HistoryDatabase(
        replica: incarnation(of: host), paths: setup.paths, hosts: setup.hosts)
      if rules.flaw == .deletionReadFromLostDatabase { readAbsence(host) }
    } else {
      let backup = dice.pick(hosts[host].backups)
      hosts[host].database = backup.database
      hosts[host].doubt = nil
      let isWhole = dice.chance(50)
      if isWhole { hosts[host].disk = backup.disk }
      say("host \(host) is rolled back\(isWhole ? " with its disk" : "")")
      if rules.flaw != .rolledBackHostKeepsItsReplica {
        if dice.chance(30) {
          hosts[host].doubt = (backup.database.confirmed, [])
        } else {
          hosts[host].database.mint = Mint(replica: incarnation(of: host), last: 0)
          hosts[host].database.confirmed = 0
        }
      }
    }
    for path in 0..<setup.paths { hosts[host].touched[path] = true }
    if dice.chance(70) { scan(host) }
  }

  /// The flaw: after a loss, what is missing on the disk counts as deleted here.
  private mutating func readAbsence(_ host: Int) {
    for path in 0..<setup.paths
    where hosts[host].disk[path] == nil && !log.events(of: path).isEmpty {
      guard let dot = try? hosts[host].database.mint.next() else { continue }
      var knowledge = VersionVector()
      for other in hosts { knowledge.merge(other.database.knowledge) }
      knowledge.insert(dot)
      var record = Record(vector: knowledge)
      record.content = Register(dot, Content.absent)
      hosts[host].database.rows[path].record = record
      hosts[host].database.knowledge.insert(dot)
    }
  }

  /// The host learns from a peer that its database is old: its doubtful events get new names.
  mutating func learn(_ host: Int) {
    guard let doubt = hosts[host].doubt else { return }
    hosts[host].doubt = nil
    hosts[host].decision = nil
    let old = hosts[host].replica
    var mint = Mint(replica: incarnation(of: host), last: 0)
    var names: [Dot: Dot] = [:]
    for path in 0..<setup.paths {
      let row = hosts[host].database.rows[path]
      do {
        guard
          let (record, renamed) = try row.record?.reissued(
            from: old, above: doubt.last, mint: &mint)
        else { continue }
        hosts[host].database.rows[path].record = record
        hosts[host].database.rows[path].shown = row.shown.renamed(renamed)
        // The policy looks at all of it again, before anything is told.
        hosts[host].database.rows[path].decided?.dots = (row.decided?.dots ?? []).map {
          renamed[$0] ?? $0
        }.sorted()
        names.merge(renamed) { first, _ in first }
      } catch { return violate("\(error)") }
    }
    hosts[host].database.mint = mint
    hosts[host].database.confirmed = 0
    hosts[host].database.knowledge.lower(old, to: doubt.last)
    for dot in names.values { hosts[host].database.knowledge.insert(dot) }
    renameEvents(host, old, names, doubt)
    say("host \(host) learns that its database is old and renames \(names.count) events")
    for path in 0..<setup.paths {
      redecide(host, path)
      watch(host, path)
    }
  }

  /// The same in sets. Events that were minted since the rollback just get their new names. Former
  /// ones above the last certain number may have got out before it: others keep them as they were,
  /// and this host has new events that say the same.
  private mutating func renameEvents(
    _ host: Int, _ old: ReplicaID, _ names: [Dot: Dot], _ doubt: (last: UInt64, events: [Int])
  ) {
    let former = hosts[host].database.known.events.filter { event in
      let dot = log.events[event].dot
      return !doubt.events.contains(event) && dot.replica == old && dot.sequence > doubt.last
    }
    var dropped = EventSet()
    for event in former { dropped.insert(event) }
    var heirs: [Int: Int] = [:]
    for event in former {
      guard let name = names[log.events[event].dot] else { continue }
      var heir = log.events[event]
      heir.dot = name
      heirs[event] = log.add(heir)
    }
    for event in doubt.events {
      if let name = names[log.events[event].dot] { log.rename(event, to: name) }
    }
    for event in Array(heirs.values) + doubt.events {
      log.inherit(event, from: dropped, heirs: heirs)
    }
    func heir(_ some: EventSet) -> EventSet {
      var result = some.subtracting(dropped)
      for event in some.intersection(dropped).events {
        if let heir = heirs[event] { result.insert(heir) }
      }
      return result
    }
    hosts[host].database.known = heir(hosts[host].database.known)
    for path in 0..<setup.paths {
      var view = hosts[host].database.rows[path].view
      view.seen = heir(view.seen)
      view.chosenFrom = heir(view.chosenFrom)
      for register in 0..<4 { view.shown[register] = heir(view.shown[register]) }
      hosts[host].database.rows[path].view = view
    }
  }
}
