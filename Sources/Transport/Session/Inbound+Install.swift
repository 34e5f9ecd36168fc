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
    guard let others = claim(claimName(key), anchor) else {
      fetch.claimedGates.insert(key)
      return true
    }
    fetch.leave(entry, group, releases: others)
    return false
  }

  /// Takes something upon this session. If another one has it: how often anything had been released
  /// when it still had it.
  func claim(_ name: String, _ path: TreePath) -> Int? {
    if ledger.claim(name, path) { return nil }
    let releases = ledger.releases
    return ledger.claim(name, path) ? nil : releases
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

  /// Hands over what is ready to be installed; waits for what was handed over before.
  func installBatch() throws(Failure) {
    guard fetch.batchCount > 0 else { return }
    let isBackwards = fetch.phase == .removals
    try begin(
      fetch.takeBatch().mapValues { work in
        work.sorted { isBackwards ? $1.path < $0.path : $0.path < $1.path }
      })
  }

  /// Nothing more can come to what gates have to let through: they are asked now.
  func installSets() throws(Failure) {
    try begin(fetch.takeSets().mapValues { work in work.sorted { $0.path < $1.path } })
    try awaitInstalled()
    releaseGates()
  }

  /// Waits until everything that was handed over is installed, and takes down what came of it.
  func awaitInstalled() throws(Failure) {
    sideline.wait()
    guard let installing else { return }
    self.installing = nil
    // Directories have come and gone.
    disk.settle()
    let outcome = try installing.result.get()
    textBudget = outcome.textBudget
    for (_, done) in outcome.reports { report.add(done) }
    for (group, paths) in installing.paths {
      for path in paths { release(path, group) }
    }
  }

  private func begin(_ work: [Int: [Work]]) throws(Failure) {
    // What was staged goes to the disk while the batch before this one is installed. Trouble is
    // told when it is made durable with its attributes.
    if sideline.isBusy { try? disk.flush() }
    try awaitInstalled()
    guard !work.isEmpty else { return }
    let given = work.sorted { $0.key < $1.key }.map { group, work in
      (group: group, work: work.map { give($0) })
    }
    let job = InstallJob(work: given, chunks: disk.takeChunkLists(), textBudget: textBudget)
    let running = Installing(paths: work.mapValues { $0.map(\.path) })
    installing = running
    let (groups, ledger, disk) = (groups, ledger, installerDisk)
    let (surroundings, limits) = (surroundings, limits)
    sideline.begin {
      do throws(Failure) {
        running.result = .success(
          try job.run(
            groups, ledger: ledger, disk: disk, surroundings: surroundings, limits: limits))
      } catch {
        running.result = .failure(error)
      }
    }
  }

  private func give(_ work: Work) -> Work {
    guard var stage = work.stage else { return work }
    stage.handle = disk.give(stage.handle, to: installerDisk)
    return Work(path: work.path, stage: stage)
  }
}

/// What was handed over. The result is written beside the session and read after waiting.
final class Installing {
  /// By group, as an index of the session's.
  let paths: [Int: [TreePath]]
  var result = Result<InstallJob.Outcome, Failure>.success(InstallJob.Outcome(textBudget: 0))

  init(paths: [Int: [TreePath]]) { self.paths = paths }
}
