package import Model
import Transport

/// Some hosts with one group, people who edit, and connections that break: all from one seed.
package final class SessionWorld {
  package let seed: UInt64
  package let hosts: [MemoryHost]
  package var dice: SessionDice
  private var contents = 0
  /// Every event that wrote a content, by path, and those that a later event had seen.
  private var written: [TreePath: Set<Dot>] = [:]
  private var superseded: [TreePath: Set<Dot>] = [:]
  private(set) var deletions: [TreePath: Set<Dot>] = [:]
  private var lastMinted: [ReplicaID: UInt64] = [:]
  /// What went wrong, in words; the first is enough.
  package private(set) var complaints: [String] = []
  package private(set) var sessions = 0

  private let paths = ["/w/a", "/w/b", "/w/d", "/w/d/x", "/w/d/y", "/w/d/e", "/w/d/e/z"].map {
    memoryPath($0)
  }

  /// The last host, if it only receives.
  package private(set) var receiver: MemoryHost?
  /// Texts that people wrote there, and whether one of their files was given up; and where the
  /// others stood when somebody last wrote there.
  var receiverTexts: [String: Bool] = [:]
  var receiverFiles: [TreePath: String] = [:]

  /// - Parameter receives: Whether the last host only receives; a flaw makes that go wrong.
  package init(
    seed: UInt64, hosts count: Int, _ statements: String = "include /w;",
    receives: Bool = false, flaw: ReceiverFlaw? = nil
  ) {
    self.seed = seed
    dice = SessionDice(seed)
    let names = Array(["a", "b", "c", "d"].prefix(count))
    let told = receives ? names.dropLast() + ["(\(names[count - 1]))"] : names
    hosts = names.enumerated().map {
      MemoryHost($1, number: UInt64($0 + 1), hosts: told, seed: seed, statements: statements)
    }
    if receives { receiver = hosts.last }
    // So little at a time that much is under way: installed, on its way, not asked for yet.
    if seed % 2 == 1 {
      for host in hosts {
        host.pace = Pace(
          windowFiles: 1 + dice.below(5), windowBytes: 1 << 20, batchFiles: 1 + dice.below(3),
          batchBytes: 1 << 20)
      }
    }
    for host in hosts { flaw?.spoil(host, isReceiver: host === receiver, names) }
    for host in hosts {
      host.store.onPut = { [unowned self, unowned host] _, old, new in note(host, old, new) }
    }
  }

  package func complain(_ text: String) { complaints.append("seed \(seed): \(text)") }

  // MARK: Events

  private func note(_ host: MemoryHost, _ old: Entry?, _ new: Entry) {
    guard let replica = try? host.store.replicaState().replica else { return }
    let before = Set(old?.record.content.dots ?? [])
    let after = Set(new.record.content.dots)
    let minted = after.subtracting(before).filter {
      $0.replica == replica && $0.sequence > lastMinted[replica, default: 0]
    }
    guard let dot = minted.first else { return }
    if host === receiver { complain("\(host.name) only receives, and minted \(dot)") }
    lastMinted[replica] = dot.sequence
    written[new.path, default: []].insert(dot)
    if new.record.content.siblings.contains(where: { $0.dot == dot && $0.value.isAbsent }) {
      deletions[new.path, default: []].insert(dot)
    }
    var gone = before.subtracting(after)
    if old == nil {
      gone = written[new.path, default: []].filter {
        new.record.vector.covers($0) && !after.contains($0)
      }
    }
    superseded[new.path, default: []].formUnion(gone)
  }

  /// Events of a path that no later event had seen.
  func survivors(_ path: TreePath) -> Set<Dot> {
    written[path, default: []].subtracting(superseded[path, default: []])
  }

  // MARK: People

  /// One edit by chance on one host.
  package func edit(_ host: MemoryHost) {
    let (tree, path) = (host.tree, dice.pick(paths))
    guard let parent = path.parent, tree.nodes[parent]?.content == .directory else { return }
    if host === receiver { checkReceiverFiles() }
    defer { if host === receiver { noteReceiverFiles() } }
    switch dice.below(12) {
    case 0...3:
      // Now and then the same bytes on several hosts.
      contents += 1
      let text = dice.oneIn(5) ? "same" : "text \(contents)"
      if host === receiver, text != "same" { receiverTexts[text] = false }
      if dice.oneIn(6) || tree.nodes[path]?.content != .directory { tree.write(path, text) }
    case 4, 5: tree.write(path, .directory)
    case 6, 7: tree.remove(path)
    case 8: tree.change(path, mode: dice.pick([0o600, 0o640, 0o755]))
    case 9:
      tree.change(
        path,
        owner: Owner(
          user: dice.pick([.number(0), .name(Array("shop".utf8))]),
          group: .number(0)))
    case 10: tree.write(path, .symlink(dice.pick([[0x78], [0x79]])))
    default:
      let target = dice.pick(paths)
      guard let above = target.parent, tree.nodes[above]?.content == .directory else { return }
      tree.move(path, to: target)
    }
  }

  /// Everything on all hosts, for a complaint.
  func describe() -> String {
    hosts.map { host in
      "\n\(host.name)"
        + host.store.all(host.group.name).map { entry in
          let node = host.tree.nodes[entry.path].map { "\($0.content.kind) \($0.mode.bits)" }
          return "\n  \(entry.path) on disk: \(node ?? "nothing"), state \(entry.state.rawValue), "
            + "\(entry.verdict), shown \(entry.shown.content.dots) "
            + "of \(entry.record.content.siblings.map { "\($0.dot) \($0.value.kindName)" }) "
            + "mode \(entry.record.mode.dots) vector \(entry.record.vector)"
        }.joined()
    }.joined()
  }

  // MARK: Sessions

  @discardableResult
  package func meet(
    _ caller: Int, _ answerer: Int, cutAfter: Int? = nil, editing: Bool = false
  ) -> SessionPump.Result {
    var pump = SessionPump(seed: dice.next())
    pump.cutAfter = cutAfter
    sessions += 1
    if editing {
      pump.beforeFrame = { [unowned self] _ in
        if dice.oneIn(4) { edit(hosts[dice.pick([caller, answerer])]) }
      }
    }
    let result = pump.run(hosts[caller], hosts[answerer])
    switch result.end {
    case .complete, .cut: break
    case .refused: complain("a session was refused")
    case .renewed: complain("a host took a new identity for nothing")
    case .failed(let failure): complain("a session failed: \(failure)")
    case .stuck: complain("a session is stuck: \(result.trace)")
    }
    if let host = hosts.first(where: { $0.ledger.claimCount > 0 }) {
      complain("\(host.name) keeps a claim")
    }
    return result
  }

  /// Some edits, sessions that break, tombstones that go.
  package func live(steps: Int) throws(Failure) {
    for _ in 0..<steps where complaints.isEmpty {
      switch dice.below(10) {
      case 0...4: edit(dice.pick(hosts))
      case 5: try dice.pick(hosts).scan()
      case 6:
        try dice.pick(hosts).collect()
        if dice.oneIn(3) { try giveUpSomething() }
      default:
        let caller = dice.below(hosts.count)
        let answerer = (caller + 1 + dice.below(hosts.count - 1)) % hosts.count
        meet(
          caller, answerer, cutAfter: dice.oneIn(2) ? dice.below(14) : nil,
          editing: dice.oneIn(3))
      }
    }
  }

  /// Complete sessions of all pairs until nothing moves any more.
  package func heal() throws(Failure) {
    var what: [String] = []
    for round in 0..<12 where complaints.isEmpty {
      var moved = 0
      what = []
      for caller in hosts.indices {
        for answerer in hosts.indices where answerer > caller {
          let result = meet(caller, answerer)
          // Content for a path whose place is taken comes again each time, and is dropped.
          moved += result.records
          if result.records > 0 { what.append("\(result.records) records") }
          for side in [result.caller, result.answerer] {
            guard let report = side?.report else { continue }
            moved += report.installed.count + report.removed.count
            if !report.installed.isEmpty { what.append("installed \(report.installed)") }
            if !report.removed.isEmpty { what.append("removed \(report.removed)") }
          }
        }
      }
      if round > 0, moved == 0 { return }
    }
    complain("never comes to rest: \(what)\(describe())")
  }
}
