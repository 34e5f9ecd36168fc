import Model
import Transport

/// Histories in which a policy decides conflicts, held against a reckoning with sets.
extension History {
  var isDeciding: Bool { setup.method != .manual }

  /// The policy with the replicas that there are by now.
  func makePolicy() -> Policy {
    let names = (0..<setup.hosts).map { "h\($0)" }
    var replicas: [ReplicaID: String] = [:]
    for (replica, home) in homes { replicas[replica] = "h\(home)" }
    let words = "include /w; auto \(setup.method.rawValue);"
    return Policy(memoryGroup(names, words).group, replicas: replicas)
  }

  private func entry(_ row: HistoryDatabase.Row, _ record: Record, _ path: Int) -> Entry {
    Entry(
      path: Self.paths[path], record: record, shown: row.shown, decided: row.decided)
  }

  private static let paths = (0..<4).map { memoryPath("/w/\($0)") }

  // MARK: As a host does it

  mutating func redecide(_ host: Int, _ path: Int) {
    var row = hosts[host].database.rows[path]
    redecide(&row, host, path)
    hosts[host].database.rows[path] = row
  }

  /// The policy has its say; the disk stays as it is.
  mutating func redecide(_ row: inout HistoryDatabase.Row, _ host: Int, _ path: Int) {
    guard isDeciding, let record = row.record else { return }
    var entry = entry(row, record, path)
    rules.decide(&entry, by: policy, own: hosts[host].replica)
    row.shown = entry.shown
    row.decided = entry.decided
    rechoose(&row.view, path, look: row.look)
  }

  /// The policy has its say, and the disk follows unless it has to wait or somebody has changed it.
  mutating func follow(_ host: Int, _ path: Int, isDelayed: Bool) {
    var row = hosts[host].database.rows[path]
    redecide(&row, host, path)
    defer {
      hosts[host].database.rows[path] = row
      watch(host, path)
    }
    guard let record = row.record, !isDelayed, hosts[host].disk[path] == row.look else { return }
    var entry = entry(row, record, path)
    rules.decide(&entry, by: policy, own: hosts[host].replica)
    func able(_ wanted: Attributes) -> Attributes {
      var applied = wanted
      let isThere = entry.shown.attributes?.owner.value == wanted.owner
      if let held = hosts[host].heldOwner, wanted.owner == Look.owner(held), !isThere {
        applied.owner = Look.owner(0)
      }
      return applied
    }
    // What was held and can be applied now.
    if entry.verdict == .nothing, let shown = entry.shown.attributes,
      able(entry.desiredAttributes) != shown.applied
    {
      entry.shown.attributes?.owner.dots = []
      entry.refresh()
    }
    switch entry.verdict {
    case .nothing: break
    case .install(let content, let wanted):
      entry.installed(content, applied: able(wanted), held: [])
    case .adjust(let wanted, _): entry.adjusted(able(wanted), held: [])
    case .remove: entry.removed()
    }
    if entry.verdict != .nothing { remark("host \(host) path \(path): not done: \(entry)") }
    rules.narrow(&entry)
    row.shown = entry.shown
    row.look = Look(entry.shown)
    hosts[host].disk[path] = row.look
    for register in 0..<4 {
      let isThere = row.look != nil || register == 0
      row.view.shown[register] =
        isThere ? row.view.survivors(path, register, in: log) : EventSet()
    }
  }

  // MARK: In sets

  /// The same reckoned with sets: what was chosen, and what the disk then says.
  private func rechoose(_ view: inout EventView, _ path: Int, look: Look?) {
    let standing = EventSets { view.survivors(path, $0, in: log) }
    var now = EventSet()
    var holds = true
    for register in 0..<4 where view.choice[register] != nil {
      now.formUnion(standing[register])
      holds = holds && isOpen(standing, register)
    }
    if !holds || now != view.chosenFrom { drop(&view, standing, look) }
    reread(&view, path, standing, look)
    let choice = choice(path, view)
    guard choice != view.choice else { return }
    drop(&view, standing, look)
    view.choice = choice
    for register in 0..<4 where choice[register] != nil {
      view.chosenFrom.formUnion(standing[register])
    }
    reread(&view, path, standing, look)
  }

  private func reread(
    _ view: inout EventView, _ path: Int, _ standing: EventSets, _ look: Look?
  ) {
    for register in 0..<4 where look != nil || register == 0 {
      let applied = look?[register] ?? 0
      view.reread(path, register, applied: applied, in: log)
      if log.wanted(standing[register], register, view.choice) == applied {
        view.shown[register] = standing[register]
      }
    }
  }

  private func drop(_ view: inout EventView, _ standing: EventSets, _ look: Look?) {
    for register in 0..<4 {
      guard let old = view.choice[register] else { continue }
      var own = EventSet()
      for event in view.shown[register].intersection(standing[register]).events {
        let value = log.value(event, register)
        if value == old || value == look?[register] ?? 0 { own.insert(event) }
      }
      view.shown[register] = own
    }
    view.choice = [nil, nil, nil, nil]
    view.chosenFrom = EventSet()
  }

  /// Whether the policy has to choose: values differ, and they mean something.
  private func isOpen(_ standing: EventSets, _ register: Int) -> Bool {
    func differs(_ register: Int) -> Bool {
      !standing[register].isEmpty && log.settled(standing[register], register) == nil
    }
    if register == 0 || differs(0) { return differs(register) }
    return !standing[0].isEmpty && log.settled(standing[0], 0) != 0 && differs(register)
  }

  /// What the policy chooses for each register, by the words of the specification.
  func choice(_ path: Int, _ view: EventView) -> [Int?] {
    guard isDeciding else { return [nil, nil, nil, nil] }
    let standing = EventSets { view.survivors(path, $0, in: log) }
    var winner: Int?
    if isOpen(standing, 0) {
      winner = standing[0].events.min { weight($0, 0).precedes(weight($1, 0)) }
    }
    return (0..<4).map { register in
      guard isOpen(standing, register) else { return nil }
      if register == 0 { return winner.map { log.value($0, 0) } }
      let equal = standing[0].events.filter { event in
        winner.map { log.value(event, 0) == log.value($0, 0) } ?? false
      }
      let writers = equal.filter { standing[register].contains($0) }
        .sorted { weight($0, 0).precedes(weight($1, 0)) }
      if let writer = writers.first { return log.value(writer, register) }
      let first = standing[register].events.min {
        weight($0, register).precedes(weight($1, register))
      }
      return first.map { log.value($0, register) }
    }
  }

  /// Where an event stands in the order of a method: the least wins.
  private func weight(_ event: Int, _ register: Int) -> Weight {
    let dot = log.events[event].dot
    let value = log.value(event, register)
    let home = homes[dot.replica] ?? Int.max
    switch setup.method {
    case .left: return Weight(rank: 0, measure: home, dot: dot)
    case .right: return Weight(rank: 0, measure: -home, dot: dot)
    default: break
    }
    guard register == 0 else { return Weight(rank: 0, measure: 0, dot: dot) }
    let death = value == 0 ? 1 : 0
    let moment = value == 0 ? 0 : Int(Look.moment(value))
    let measure =
      switch setup.method {
      case .younger: -moment
      case .older: moment
      case .bigger: -value
      case .smaller: value
      default: 0
      }
    return Weight(rank: death, measure: measure, dot: dot, isFirst: setup.method == .first)
  }

  // MARK: What else must hold

  /// An edit of what the policy had decided leaves one sibling.
  mutating func checkEdit(
    _ host: Int, _ path: Int, of before: HistoryDatabase.Row, now: HistoryDatabase.Row
  ) {
    guard let chosen = before.view.choice[0], let look = before.look, look.content == chosen,
      let record = now.record, now.look?.content != look.content
    else { return }
    editsOfDecided += 1
    if record.content.siblings.count != 1 {
      remark("host \(host) path \(path): an edit leaves \(record.numbered(0))")
    }
  }
}

/// A place in a total order.
private struct Weight {
  var rank: Int
  var measure: Int
  var dot: Dot
  /// The lesser dot wins, and not the greater one.
  var isFirst = false

  func precedes(_ other: Weight) -> Bool {
    if rank != other.rank { return rank < other.rank }
    if measure != other.measure { return measure < other.measure }
    return isFirst ? dot < other.dot : dot > other.dot
  }
}

extension Rules {
  /// What a host does when a record has become another one.
  func decide(_ entry: inout Entry, by policy: Policy, own: ReplicaID) {
    entry.decide(by: policy)
    if let other = mistaken(entry, own), entry.decided != nil {
      entry.decided?.values.content = other
      entry.refresh()
    }
    narrow(&entry)
  }

  /// What a flawed host chooses in place of the winner.
  private func mistaken(_ entry: Entry, _ own: ReplicaID) -> Content? {
    guard let chosen = entry.decided?.values.content else { return nil }
    let siblings = entry.record.content.siblings
    switch flaw {
    case .tieBrokenByOwnReplica:
      return siblings.last { $0.dot.replica == own && $0.value.second == chosen.second }?.value
    case .deletionNeverLoses:
      return siblings.contains { $0.value.isAbsent && $0.dot.replica == own } ? .absent : nil
    default: return nil
    }
  }

  /// The flaw: the winner is shown with its own events alone.
  func narrow(_ entry: inout Entry) {
    guard flaw == .winnerShownAlone, let chosen = entry.decided?.values.content else { return }
    entry.shown.content.dots = entry.record.content.siblings
      .filter { entry.shown.content.dots.contains($0.dot) && $0.value.agrees(with: chosen) }
      .map(\.dot)
  }
}

extension Content {
  fileprivate var second: Int64? {
    if case .file(let file) = self { file.modified.seconds } else { nil }
  }
}
