/// Carries out verdicts on this disk, a batch at a time, so that no moment loses anything.
///
/// Look at what is there, make the new objects complete in staging, make them durable, write down
/// what is about to happen, move them in, compare what they displaced, write down what happened.
/// Killed anywhere, `recover` finishes or undoes. The steps on the disk are `Disk`'s.
package struct Applier {
  let group: String
  let configured: Group
  let anchors: [TreePath]
  let store: any Store
  let disk: any Disk
  let surroundings: any Surroundings
  let limits: Keeping
  var report = ApplyReport()
  /// The directory that was last found to stand here: what a batch holds lies close together.
  var standing: TreePath?
  /// The gate whose set is being carried out, as an index of the group's; nil: none.
  var gate: Int?

  private init(
    group: Group, anchors: [TreePath], store: any Store, disk: any Disk,
    surroundings: any Surroundings, limits: Keeping
  ) {
    self.limits = limits
    self.group = group.name
    configured = group
    self.anchors = anchors
    self.store = store
    self.disk = disk
    self.surroundings = surroundings
  }

  /// One step of a batch: the entry as it is, and the installation that its verdict asks for. A
  /// class, as it goes through many hands and is large.
  final class Step {
    let entry: Entry
    let installation: Installation
    /// A directory that is deleted elsewhere and is made for what lives below it.
    let isForChildren: Bool

    init(entry: Entry, installation: Installation, isForChildren: Bool = false) {
      self.entry = entry
      self.installation = installation
      self.isForChildren = isForChildren
    }
  }

  /// Applies a batch.
  ///
  /// - Parameter work: In path order; for removals in reverse path order. Not both in one batch,
  ///   but for works that a gate has to let through: all that wait for it, in any order.
  package static func apply(
    _ work: [Work], group: Group, anchors: [TreePath], store: any Store, disk: any Disk,
    surroundings: any Surroundings, limits: Keeping = Keeping()
  ) throws(Failure) -> ApplyReport {
    var applier = Applier(
      group: group, anchors: anchors, store: store, disk: disk, surroundings: surroundings,
      limits: limits)
    let division = GateDivision(work, group)
    let steps = try applier.steps(division.free)
    if !steps.isEmpty { try applier.carryOut(steps) }
    for (gate, work) in division.sets { try applier.carryOut(work, through: gate) }
    return applier.report
  }

  // MARK: What to do

  mutating func steps(_ work: [Work]) throws(Failure) -> [Step] {
    var steps: [Step] = []
    var coming: Set<TreePath> = []
    for item in work {
      guard let step = try step(item, coming) else {
        if let stage = item.stage { disk.drop(stage.handle) }
        continue
      }
      if step.installation.body != .nothing {
        guard let parents = try parents(of: item.path, coming: &coming) else {
          if let stage = item.stage { disk.drop(stage.handle) }
          continue
        }
        steps += parents
      }
      if step.installation.body == .directory { coming.insert(item.path) }
      steps.append(step)
    }
    return steps
  }

  private mutating func step(_ work: Work, _ coming: Set<TreePath>) throws(Failure) -> Step? {
    guard var entry = try store.entry(group, work.path) else { return nil }
    var present: FileStat?
    do {
      present = try disk.stat(work.path)
    } catch  where error == .vanished || isBelow(work.path, coming) {
      // Missing, or below what becomes a directory earlier in this batch.
      present = nil
    } catch {
      note(work.path, "not updated", error)
      return nil
    }
    if isUnknown(present, to: entry) {
      guard let now = try absorbNow(work.path, entry) else { return nil }
      if now.isEvent { report.overtaken.append(work.path) }
      entry = now.entry
      present = now.stat
    }
    guard !entry.state.contains(.localOnly) else { return nil }
    if entry.verdict == .remove, configured.keepsDeletedHere, !isRoot(entry.path) {
      entry.keepDeleted()
      let kept = entry
      try store.transaction { () throws(Failure) in try store.put(kept, group) }
      return nil
    }
    guard let installation = installation(entry, work, present) else { return nil }
    guard try isSafe(entry, installation) else { return nil }
    return Step(entry: entry, installation: installation)
  }

  func isRoot(_ path: TreePath) -> Bool { anchors.contains(path) }

  // MARK: Doing it

  private mutating func carryOut(_ steps: [Step]) throws(Failure) {
    var ready: [Ready] = []
    for (step, result) in zip(steps, disk.prepare(steps.map(\.installation))) {
      switch result {
      case .success(let prepared): ready.append((step, prepared))
      case .failure(let trouble): note(step.entry.path, "not updated", trouble)
      }
    }
    ready = backedUp(ready)
    if !ready.isEmpty, isDurable(ready) { try install(ready) }
    disk.settle()
  }

  /// Whether everything prepared will last; if not, that is noted.
  mutating func isDurable(_ ready: [Ready]) -> Bool {
    do { try disk.flush() } catch {
      for item in ready { note(item.step.entry.path, "not updated", error) }
      return false
    }
    return true
  }

  /// Moves prepared objects in, with a row of the journal each until it is recorded.
  mutating func install(_ ready: [Ready]) throws(Failure) {
    guard !ready.isEmpty else { return }
    let rows = ready.map {
      JournalRow(
        group: group, path: $0.step.entry.path, token: $0.prepared.token,
        entry: after($0.step, $0.prepared))
    }
    let journal = try store.transaction { () throws(Failure) in try store.addToJournal(rows) }
    let outcomes = disk.install(ready.map(\.prepared))
    var overtaken: [Entry] = []
    var actions = ActionBatch(configured, made: .elsewhere)
    // Should it be lost, the journal is there still, and says what was moved in.
    try store.easyTransaction { () throws(Failure) in
      try store.removeFromJournal(journal, keeping: [])
      for (index, item) in ready.enumerated() {
        let outcome = outcomes[index]
        try record(item.step, after: rows[index].entry, outcome, &overtaken)
        if case .installed = outcome, !item.step.isForChildren {
          actions.note(item.step.entry.path)
        }
      }
      try actions.queue(in: store, seconds: surroundings.now().seconds)
    }
    for entry in overtaken { _ = try absorbNow(entry.path, entry) }
  }

  private mutating func record(
    _ step: Step, after: Entry, _ outcome: InstallOutcome, _ overtaken: inout [Entry]
  ) throws(Failure) {
    let path = step.entry.path
    switch outcome {
    case .installed(let stat):
      if step.installation.body == .nothing {
        report.removed.append(path)
      } else if !step.isForChildren {
        report.installed.append(path)
      }
      let new = noting(stat, step, after)
      try store.noteReplaced(step.entry, new, group)
      if step.entry.state.contains(.localOnly) { try store.removeLocalOnly(group, path) }
      try store.put(new, group)
    case .overtaken:
      report.overtaken.append(path)
      overtaken.append(step.entry)
    case .notEmpty where step.installation.body == .nothing:
      var entry = step.entry
      if let applied = entry.shown.attributes?.applied {
        entry.keptForChildren(applied, seen: step.installation.expected?.kept)
        try store.put(entry, group)
      }
    case .notEmpty where try isKeptLocally(path): overtaken.append(step.entry)
    case .notEmpty where try isInhabited(path):
      // A host that only receives has no say in it: the others contest.
      if !configured.isReceiveOnlyHere { try contest(step.entry) }
    case .notEmpty:
      report.problems.append(
        Problem(
          group: group, path: path, "not replaced", "the directory here is not empty",
          remedy: "move what is in it away, or make it a directory again where it was replaced"))
    case .failed(let trouble): note(path, "not updated", trouble)
    }
  }

  /// The entry as it is once the step is done; with what it was seen is not known yet.
  private func after(_ step: Step, _ prepared: PreparedInstallation) -> Entry {
    var entry = step.entry
    // A directory that was deleted on this host alone is made again for what comes below it.
    entry.state.remove(.localOnly)
    switch step.installation.body {
    case .nothing: entry.removed()
    case .unchangedFile: entry.adjusted(prepared.applied, held: prepared.held)
    default:
      if step.isForChildren {
        entry.keptForChildren(prepared.applied, seen: nil)
      } else if case .adjust = entry.verdict {
        entry.adjusted(prepared.applied, held: prepared.held)
      } else if let content = entry.wantedContent {
        entry.installed(content, applied: prepared.applied, held: prepared.held)
      }
    }
    return entry
  }

  private func noting(_ stat: FileStat?, _ step: Step, _ after: Entry) -> Entry {
    guard let stat, step.installation.body != .nothing else { return after }
    var entry = after
    let freshness = Freshness(
      now: surroundings.now(), tickNanoseconds: surroundings.clockTickNanoseconds)
    entry.seen = freshness.isFresh(stat) ? nil : stat.kept
    return entry
  }

  // MARK: What somebody did meanwhile

  /// Records what is on the disk now: an edit that nobody had looked at yet becomes an event.
  private mutating func absorbNow(
    _ path: TreePath, _ entry: Entry
  ) throws(Failure) -> (entry: Entry, stat: FileStat?, isEvent: Bool)? {
    let observed: Observation?
    do {
      observed = try look(path)
    } catch {
      note(path, "not updated", error)
      return nil
    }
    return try store.transaction { () throws(Failure) in
      configured.isReceiveOnlyHere
        ? try noteNow(path, entry, observed) : try recordNow(path, entry, observed)
    }
  }

  mutating func note(_ path: TreePath, _ action: String, _ trouble: DiskTrouble) {
    report.problems.append(
      Problem(group: group, path: path, action, trouble.reason, remedy: trouble.remedy))
  }
}
