import Glibc
import Model
import ModelEdge
import Synchronization
import Transport
import TransportEdge
import Threads

/// This host at work: its configuration, its state, its disk and its identity, joined.
final class Node: SessionHost, Sendable {
  let settings: Settings
  let config: Config
  let real: StateLedger
  let surroundings: any Surroundings
  let identity: Identity
  let sessionGroups: [SessionGroup]
  let secrets: [GroupSecret]
  /// Groups whose key cannot be used, and why.
  let brokenGroups: [String: Failure]
  /// What opening the state has brought to light, for the first command.
  let openingNotes: [String]
  let roots: [Root]
  /// With those that are compared and never synced.
  private let comparedRoots: [Root]
  /// Who changes things here, and who runs what follows.
  let gate = ActionGate()
  let names: Names
  private let sharedReads = SharedReads()
  let later = Signal(true)
  private let scans = Mutex<[String: Double]>([:])
  private let directory: DirectoryHold

  var name: String { settings.hostName }

  /// Keeps the state directory's ownership for the life of the node.
  private struct DirectoryHold: @unchecked Sendable {
    // Never used after `init`: only its end matters.
    let directory: StateDirectory
  }

  /// Reads the configuration, takes the state over and finishes what a dead run had begun.
  ///
  /// - Parameter rejoins: The state may be another machine's: it gets a new identity right after.
  init(_ settings: Settings, ownerWait: Int, rejoins: Bool = false) throws {
    self.settings = settings
    config = try ConfigFile.load(settings)
    surroundings = LinuxSurroundings()
    names = Names()
    let groups = config.groups(of: settings.hostName)
    let steps = config.settings.keeping.steps
    sessionGroups = groups.map {
      var group = SessionGroup(
        group: $0, selection: Selection(group: $0),
        configuration: ModelEdge.sha256(Array($0.canonicalText.utf8)))
      group.steps = steps
      return group
    }
    (secrets, brokenGroups) = Self.readKeys(groups, settings)
    roots = try Self.roots(sessionGroups, config, settings.hostName)
    comparedRoots = try Self.roots(
      sessionGroups.map { $0.asked(for: .verify) }, config, settings.hostName)
    // With `-C` the state lies in the directory of the identity, which may have to be made.
    if settings.identityDirectory != settings.stateDirectory {
      _ = try Identity.load(directory: settings.identityDirectory)
    }
    let held = try StateDirectory.open(settings.stateDirectory, ownerWait: ownerWait)
    directory = DirectoryHold(directory: held)
    let (store, opening) = try SQLiteStore.open(held, randomBytes: ModelEdge.randomBytes)
    real = StateLedger(store)
    if !rejoins { try Machine.check(real, settings) }
    identity = try Identity.load(directory: settings.identityDirectory)
    openingNotes =
      try Self.notes(opening, settings)
      + Self.checkRoots(real, roots, sessionGroups.map(\.name), settings)
    try recover()
  }

  /// Marks the roots with how far the numbers have gone. Before any of them leaves this host.
  func markRoots(_ store: any Store) throws(Failure) {
    let state = try store.replicaState()
    for root in roots {
      RootWitness.write(state.replica, last: state.last, at: root.localPath)
    }
  }

  private func recover() throws(Failure) {
    let disk = try disk()
    try real.with { store throws(Failure) in
      let now = surroundings.now().seconds
      _ = try Recovery.run(
        groups: sessionGroups.map(\.group), seconds: now, store: store, disk: disk)
      try ActionTurn.resume(in: store, now: now)
      let state = try store.replicaState()
      for group in sessionGroups {
        let known = try store.replicas(group.name)
        if !known.contains(where: { $0.replica == state.replica }) {
          try store.transaction { () throws(Failure) in
            try store.learnReplica(state.replica, host: name, group: group.name)
          }
        }
      }
    }
  }

  // MARK: SessionHost

  var keeping: Keeping { config.settings.keeping }

  func ledger(for purpose: Purpose) throws(Failure) -> any Ledger {
    purpose.isLasting ? real : try real.copy(in: settings.stateDirectory)
  }

  func disk() throws(Failure) -> any Disk { try linuxDisk() }

  private func linuxDisk() throws(Failure) -> LinuxDisk {
    try LinuxDisk(
      roots: roots + comparedRoots.filter { !roots.contains($0) },
      stateDirectory: Array(settings.stateDirectory.utf8), names: names,
      backupDirectories: backupDirectories, sharedReads: sharedReads)
  }

  func sessionBegins() { sharedReads.begin() }
  func sessionEnds() { sharedReads.end() }

  /// Where this host's groups keep copies, each once, in the order of the file.
  var backupDirectories: [[UInt8]] {
    var out: [[UInt8]] = []
    for group in sessionGroups {
      guard let directory = group.group.backupDirectory?.value else { continue }
      if !out.contains(Array(directory.utf8)) { out.append(Array(directory.utf8)) }
    }
    return out
  }

  func groups(_ names: [String]) throws(Failure) -> [SessionGroup] {
    var out: [SessionGroup] = []
    for name in names {
      guard let group = sessionGroups.first(where: { $0.name == name }) else {
        throw Failure(
          .configuration, escaped(name), "group not synced", "this host is not in it any more")
      }
      out.append(group)
    }
    return out
  }

  func renew(reason: String) throws(Failure) {
    try real.with { store throws(Failure) in
      try Renewal.run(
        groups: sessionGroups.map(\.name), host: name,
        replica: ReplicaID(surroundings.randomBytes(ReplicaID.byteCount))
          ?? ReplicaID(high: 0, low: 1), store: store)
      try store.setNote("renewed", Array(reason.utf8))
    }
  }

  // MARK: Looking at the disk

  /// Scans a group, applies what was held and can be applied now, and keeps the troubles.
  ///
  /// - Parameter unlessSince: A scan that began after this moment will do instead; nil is returned
  ///   then.
  func scan(
    _ group: SessionGroup, _ ledger: any Ledger, _ request: ScanRequest, unlessSince: Double? = nil
  ) throws(Failure) -> ScanReport? {
    let disk = try disk()
    var request = request
    request.steps = group.steps
    // A first look at what is there finds no changes that commands follow.
    let group = request.isInitial ? group.asked(for: .adopt) : group
    names.recheck()
    return try ledger.with { store throws(Failure) in
      if let unlessSince, ledger === real,
        let last = scans.withLock({ $0[group.name] }), last > unlessSince
      {
        return nil
      }
      let start = monotonicSeconds()
      _ = try PolicyReview.run(group.group, store: store)
      var report = try Scanner.scan(
        group.group, selection: group.selection, store: store, disk: disk, request: request,
        surroundings: surroundings, surveyor: try surveyor(store))
      if ledger === real {
        if report.events > 0 { try markRoots(store) }
        try keepTexts(report, group.group, store, disk, isWhole: request.isWhole)
        let applied = try review(group, store, disk)
        report.problems += applied.problems
        try keep(report, group, store, isPartial: !request.isWhole)
        if report.question == nil, request.isWhole {
          scans.withLock { $0[group.name] = start }
        }
      }
      return report
    }
  }

  private func surveyor(_ store: any Store) throws(Failure) -> (any Surveyor)? {
    guard let store = store as? SQLiteStore else { return nil }
    return try DiskSurveyor(store) { () throws(Failure) in try linuxDisk() }
  }

  private func review(
    _ group: SessionGroup, _ store: any Store, _ disk: any Disk
  ) throws(Failure) -> ApplyReport {
    // What has to pass a gate goes with all that waits for it, in the next session.
    let ready = try HeldReview.run(group.group, store: store, disk: disk)
      .filter { group.group.gate(of: $0) == nil }
    guard !ready.isEmpty else { return ApplyReport() }
    return try Applier.apply(
      ready.map { Work(path: $0) }, group: group.group, anchors: group.selection.anchors,
      store: store, disk: disk, surroundings: surroundings, limits: config.settings.keeping)
  }

  private func keep(
    _ report: ScanReport, _ group: SessionGroup, _ store: any Store, isPartial: Bool
  ) throws(Failure) {
    guard !isPartial else { return }
    // What gates refuse is told by the sessions, which try it again.
    var problems = report.problems.filter { !$0.isRefusal }
    if let question = report.question, let anchor = group.selection.anchors.first {
      problems.append(
        Problem(group: group.name, path: anchor, "not synced", words(question)))
    }
    if try store.problems(group.name) == problems { return }
    try store.transaction { () throws(Failure) in
      try store.setProblems(problems, group.name, source: "scan")
    }
  }

  /// A question in words; the answer is `--yes`, where there is one.
  func words(_ question: Question) -> String {
    switch question {
    case .massDeletion(let gone, let known, let limit):
      "\(gone) of \(known) objects are gone from this disk"
        + (limit.isEmpty ? "" : ", more than \(limit) lets go unasked")
        + "; if they were deleted on purpose, run concord sync --yes on \(escaped(name))"
    case .reverts(let count, let known):
      "\(count) of \(known) objects are again what they were before, as after a restored backup; "
        + "to get the current ones back run concord sync --discard-reverts on \(escaped(name)), "
        + "to spread the old ones run concord sync --accept-reverts"
    case .emptied(let anchor):
      "\(shownPath(anchor)) is empty now; mount it or put it back, "
        + "or run concord sync --yes on \(escaped(name)) if all of it was deleted on purpose"
    case .unmounted(let path):
      "nothing is mounted at \(shownPath(path)) any more; mount it, "
        + "or run concord sync --yes on \(escaped(name)) if it is to stay so"
    case .rootMissing(let anchor, let reason):
      "the root \(shownPath(anchor)) cannot be used: \(reason); make it or mount it"
    }
  }

  /// How a command of a person records its events.
  func recording(_ settings: Settings) -> Recording {
    Recording(
      seconds: surroundings.now().seconds, user: settings.user,
      steps: config.settings.keeping.steps)
  }

  // MARK: Names

  /// The path on this host's disk, escaped.
  func shownPath(_ path: TreePath) -> String { escaped(localPath(path)) }

  func localPath(_ path: TreePath) -> [UInt8] {
    config.localPath(of: path, on: name) ?? path.text
  }

  /// The other hosts of the given groups, sorted, each once.
  func others(in groups: [SessionGroup]) -> [String] {
    Array(Set(groups.flatMap { $0.group.members.map(\.name) })).filter { $0 != name }.sorted()
  }

  /// Those of the peers that lack something that this host knows, as far as they have told.
  func behind(_ peers: [String], _ groups: [SessionGroup]) throws(Failure) -> [String] {
    try real.with { store throws(Failure) in
      var out: [String] = []
      for peer in peers {
        for group in groups where group.group.member(peer) != nil && !out.contains(peer) {
          guard let known = try store.member(peer, group.name)?.knowledge else { continue }
          if try store.countNotCovered(group.name, by: known) > 0 { out.append(peer) }
        }
      }
      return out
    }
  }

  /// Whether this disk does not follow its records yet.
  func isPending(_ groups: [SessionGroup]) throws(Failure) -> Bool {
    try real.with { store throws(Failure) in
      for group in groups where try store.openCounts(group.name).pending > 0 { return true }
      return false
    }
  }

  var party: Party {
    Party(ownName: name, identity: identity, secrets: secrets, pins: StorePins(ledger: real))
  }
}
