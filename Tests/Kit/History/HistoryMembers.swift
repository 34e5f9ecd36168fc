import Model

/// Hosts that are struck, and hosts that take part again with nothing but their records and disks.
extension History {
  /// A host strikes another one, as it knows it. Whoever hears of it waits for that one no more.
  mutating func retire(_ host: Int) {
    let gone = (host + 1 + dice.below(setup.hosts - 1)) % setup.hosts
    guard let member = hosts[host].database.members[gone] else { return }
    hosts[host].database.retired.insert(member.incarnation)
    say("host \(host) retires host \(gone)")
  }

  /// A host takes a new incarnation that knows nothing; its records and its disk stay.
  mutating func rejoin(_ host: Int) {
    say("host \(host) rejoins")
    if hosts[host].doubt == nil {
      hosts[host].doubt = (hosts[host].database.confirmed, [])
    }
    learn(host)
    let (replica, last) = (hosts[host].replica, hosts[host].database.mint.last)
    var knowledge = VersionVector()
    if let dot = Dot(replica, last) { knowledge.insert(dot) }
    hosts[host].database.knowledge = knowledge
    var known = EventSet()
    for event in hosts[host].database.known.events where log.events[event].dot.replica == replica {
      known.insert(event)
    }
    hosts[host].database.known = known
  }

  /// Whether two hosts may talk. One that was struck has to rejoin first, and is told so.
  mutating func areAdmitted(_ left: Int, _ right: Int) -> Bool {
    let struck = hosts[left].database.retired.union(hosts[right].database.retired)
    var isRefused = false
    for host in [left, right] where struck.contains(hosts[host].replica) {
      if isHealing || dice.chance(50) {
        rejoin(host)
      } else {
        say("host \(host) is refused: it was retired")
        isRefused = true
      }
    }
    return !isRefused
  }

  /// What the members that count are known to know; nil: one was never met.
  func membersThatCount(_ host: Int) -> [VersionVector?] {
    let database = hosts[host].database
    var out: [VersionVector?] = []
    for (index, member) in database.members.enumerated() {
      if index == host {
        out.append(database.knowledge)
      } else if let member, database.retired.contains(member.incarnation) {
        continue
      } else {
        out.append(member?.knowledge)
      }
    }
    return out
  }
}
