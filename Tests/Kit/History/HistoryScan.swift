import Model

/// What a host does for itself: scanning, showing, resolving, forgetting.
extension History {
  /// Compares one path of the disk with what was shown and absorbs what changed.
  mutating func scan(_ host: Int, _ path: Int) {
    var row = hosts[host].database.rows[path]
    let now = hosts[host].disk[path]
    let known = hosts[host].database.known
    let expected = log.expected(
      path, row.view, hasRecord: row.record != nil, known: known, before: row.look, now: now)
    let change: LocalChange?
    do {
      change = try rules.absorbing(
        row.record, shown: row.shown, observed: now?.observation,
        decided: row.decided?.values ?? ResolvedValues(), knowledge: hosts[host].database.knowledge,
        mint: &hosts[host].database.mint)
    } catch { return violate("\(error)") }
    hosts[host].touched[path] = false
    guard let change else {
      if expected != nil { remark("host \(host) path \(path): a change was passed over") }
      return
    }
    if (change.dot != nil) != (expected != nil) {
      remark("host \(host) path \(path): event \(String(describing: change.dot)) for \(now as Any)")
    }
    if let dot = change.dot {
      let (writes, superseded) = expected ?? ([nil, nil, nil, nil], row.view.shown)
      let birth = row.record == nil
      let event = mint(host, path, dot, writes, superseded)
      if birth { row.view.seen = hosts[host].database.known }
      author(&row.view, host, event)
      for register in 0..<4 where writes[register] != nil {
        row.view.shown[register] = EventSet(event)
      }
      say("host \(host) scans \(path): \(dot) is \(event), writes \(writes)")
    }
    row.record = change.record
    row.shown = change.shown
    row.look = now
    for register in 0..<4 {
      let standing = row.view.survivors(path, register, in: log)
      if let now, log.wanted(standing, register, row.view.choice) == now[register] {
        row.view.shown[register] = standing
      }
      if now != nil || register == 0 {
        row.view.reread(path, register, applied: now?[register] ?? 0, in: log)
      } else {
        row.view.shown[register] = EventSet()
      }
    }
    let hasEvent = change.dot != nil
    if hasEvent { checkEdit(host, path, of: hosts[host].database.rows[path], now: row) }
    redecide(&row, host, path)
    hosts[host].database.rows[path] = row
    watch(host, path)
    // The edit may have let another version win.
    if isDeciding { show(host, path, isDelayed: !isHealing && dice.chance(50)) }
  }

  mutating func scan(_ host: Int) {
    for path in 0..<setup.paths where hosts[host].touched[path] { scan(host, path) }
  }

  private mutating func mint(
    _ host: Int, _ path: Int, _ dot: Dot, _ writes: [Int?], _ superseded: EventSets
  ) -> Int {
    let event = log.add(.init(path: path, writes: writes, superseded: superseded, dot: dot))
    hosts[host].database.knowledge.insert(dot)
    hosts[host].database.known.insert(event)
    hosts[host].doubt?.events.append(event)
    return event
  }

  /// Adds an event to what the record's authors have seen. Its number stands for all former ones of
  /// this host: those that an old database's record came without are out of the way with it.
  private func author(_ view: inout EventView, _ host: Int, _ event: Int) {
    let replica = hosts[host].replica
    view.seen.insert(event)
    var rest = hosts[host].database.known.intersection(log.events(of: log.events[event].path))
    rest.subtract(view.seen)
    while let former = rest.popFirst() {
      guard log.events[former].dot.replica == replica else { continue }
      view.buried.insert(former)
    }
  }

  /// Brings the disk to what the record says, unless somebody has changed it meanwhile or it has to
  /// wait.
  mutating func show(_ host: Int, _ path: Int, isDelayed: Bool = false) {
    var row = hosts[host].database.rows[path]
    guard let record = row.record else { return }
    let before = row.look
    if isDeciding { return follow(host, path, isDelayed: isDelayed) }
    if isDelayed || hosts[host].disk[path] != before {
      row.shown = rules.reread(row.shown, in: record)
      for register in 0..<4 where register == 0 || before != nil {
        row.view.reread(path, register, applied: before?[register] ?? 0, in: log)
      }
    } else {
      row.shown = rules.displaying(
        row.shown, record, heldOwner: hosts[host].heldOwner.map { Look.owner($0) })
      row.look = Look(row.shown)
      hosts[host].disk[path] = row.look
      showSets(&row, path, before: before)
    }
    hosts[host].database.rows[path] = row
    watch(host, path)
  }

  private func showSets(_ row: inout HistoryDatabase.Row, _ path: Int, before: Look?) {
    for register in 0..<4 {
      let standing = row.view.survivors(path, register, in: log)
      if row.look == nil, register > 0 {
        row.view.shown[register] = EventSet()
      } else if log.settled(standing, register) != nil {
        row.view.shown[register] = standing
      } else if before == nil, register > 0 {
        row.view.shown[register] = EventSet()
        row.view.reread(path, register, applied: row.look?[register], in: log)
      } else {
        row.view.reread(path, register, applied: row.look?[register] ?? 0, in: log)
      }
    }
  }

  /// What the user sees of a conflict, and decides: some of its registers, each to a sibling's
  /// value or (forced) to what is on the disk.
  mutating func decide(_ host: Int) {
    let open = (0..<setup.paths).filter {
      hosts[host].database.rows[$0].record?.isConflict ?? false
    }
    guard !open.isEmpty else { return }
    let path = dice.pick(open)
    let row = hosts[host].database.rows[path]
    guard let record = row.record else { return }
    let fields = record.conflictingFields
    let forced = dice.chance(30)
    var values: [Int?] = [nil, nil, nil, nil]
    var chosen = dice.some(of: fields, percent: 70)
    if chosen.isEmpty { chosen = [fields[0]] }
    for field in chosen {
      let register = Field.allCases.firstIndex(of: field) ?? 0
      if forced, let look = row.look {
        values[register] = look[register]
      } else if forced, register == 0 {
        values[register] = 0
      } else {
        values[register] = dice.pick(record.numbered(register)).value
      }
    }
    hosts[host].decision = .init(
      path: path, dots: Set(record.dots),
      seen: EventSets { row.view.survivors(path, $0, in: log) }, values: values)
  }

  /// Carries out what the user has decided, on what is there by now.
  mutating func resolve(_ host: Int) {
    guard let decision = hosts[host].decision else { return }
    hosts[host].decision = nil
    let path = decision.path
    scan(host)
    guard let record = hosts[host].database.rows[path].record else { return }
    let dot: Dot
    do { dot = try hosts[host].database.mint.next() } catch { return violate("\(error)") }
    let values = decision.values
    hosts[host].database.rows[path].record = record.resolved(
      to: ResolvedValues(
        content: values[0].map { Look.content($0) }, mode: values[1].map { Look.mode($0) },
        owner: values[2].map { Look.owner($0) }, acl: values[3].map { Look.acl($0) }),
      seen: decision.dots, dot: dot)
    let superseded = EventSets { values[$0] == nil ? EventSet() : decision.seen[$0] }
    let event = mint(host, path, dot, values, superseded)
    var view = hosts[host].database.rows[path].view
    author(&view, host, event)
    hosts[host].database.rows[path].view = view
    say("host \(host) resolves \(path): \(dot) is \(event), writes \(values)")
    show(host, path)
  }

  /// Forgets the tombstones that all members know.
  mutating func collect(_ host: Int) {
    let database = hosts[host].database
    let members = database.members.enumerated().map { index, member in
      index == host ? database.knowledge : member?.knowledge
    }
    for path in 0..<setup.paths {
      guard let record = database.rows[path].record, record.isTombstone,
        database.rows[path].look == nil, hosts[host].disk[path] == nil,
        rules.isStable(record.vector, among: members)
      else { continue }
      say("host \(host) collects \(path)")
      hosts[host].database.rows[path] = .init()
    }
  }
}
