import Model

/// What is ready goes onto the disk.
extension Inbound {
  /// Keeps a work until its turn: with a batch, or with all that its gate has to let through.
  func add(_ work: Work, _ group: Int, bytes: UInt64) {
    guard let gate = groups[group].group.gate(of: work.path) else {
      return fetch.add(work, group, bytes: bytes)
    }
    // The path has become something else since.
    if let old = fetch.add(work, to: .init(group: group, gate: gate)), let stage = old.stage {
      disk.drop(stage.handle)
    }
  }

  /// Whether this session may take up a path that has to pass a gate: one session at a time gathers
  /// all that waits for it. True if there is no gate.
  func claimsGate(_ entry: Entry, _ group: Int) -> Bool {
    guard let gate = groups[group].group.gate(of: entry.path),
      let anchor = groups[group].selection.anchors.first
    else { return true }
    let key = Fetch.GateKey(group: group, gate: gate)
    if fetch.claimedGates.contains(key) { return true }
    if ledger.claim(claimName(key), anchor) {
      fetch.claimedGates.insert(key)
      return true
    }
    fetch.note(entry, group)
    fetch.elsewhere[group, default: []].insert(entry.path)
    return false
  }

  func releaseGates() {
    for key in fetch.claimedGates {
      guard let anchor = groups[key.group].selection.anchors.first else { continue }
      ledger.release(claimName(key), anchor)
    }
    fetch.claimedGates = []
  }

  /// No group is called so.
  private func claimName(_ key: Fetch.GateKey) -> String {
    "\(groups[key.group].name)\u{0}validate \(key.gate)"
  }

  func installBatch() throws(Failure) {
    guard fetch.batchCount > 0 else { return }
    let isBackwards = fetch.phase == .removals
    for (group, work) in fetch.takeBatch().sorted(by: { $0.key < $1.key }) {
      try install(work.sorted { isBackwards ? $1.path < $0.path : $0.path < $1.path }, group)
    }
  }

  /// Nothing more can come to what gates have to let through: they are asked now.
  func installSets() throws(Failure) {
    for (group, work) in fetch.takeSets().sorted(by: { $0.key < $1.key }) {
      try install(work.sorted { $0.path < $1.path }, group)
    }
    releaseGates()
  }

  private func install(_ work: [Work], _ group: Int) throws(Failure) {
    let session = groups[group]
    let (disk, surroundings, limits) = (disk, surroundings, limits)
    var budget = textBudget
    defer { textBudget = budget }
    let done = try ledger.with { store throws(Failure) in
      let done = try Applier.apply(
        work, group: session.group, anchors: session.selection.anchors, store: store,
        disk: disk, surroundings: surroundings, limits: limits)
      try store.keepChunks(disk.takeChunkLists())
      try Keeper(group: session.name, store: store, disk: disk, limits: limits)
        .keepTexts(done.installed, session.group, budget: &budget)
      return done
    }
    report.add(done)
    for item in work { release(item.path, group) }
  }
}
