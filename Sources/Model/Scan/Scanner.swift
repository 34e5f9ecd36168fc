/// One ordered walk of a group's roots beside one ordered read of its index.
///
/// What has the stat that it was seen with is not opened. What differs is looked at and absorbed.
/// What cannot be read is left as it is: unreadable is not deleted.
package struct Scanner {
  let group: String
  let configured: Group
  let selection: Selection
  let store: any Store
  let disk: any Disk
  let request: ScanRequest
  let freshness: Freshness

  var report = ScanReport()
  var mounts: MountMemory
  var absorber: Absorber
  /// On a host that only receives: what takes the place of events.
  let local: LocalLook?
  /// What is noted of local changes and was not met yet.
  var localRows: [TreePath: LocalOnly] = [:]
  private var cursor: IndexCursor
  var gone: [Entry] = []
  var known = 0
  /// Finds what is worth a look; nil: everything is looked at.
  let surveyor: (any Surveyor)?

  private init(
    group: Group, selection: Selection, store: any Store, disk: any Disk, request: ScanRequest,
    surroundings: any Surroundings, surveyor: (any Surveyor)?
  ) throws(Failure) {
    self.group = group.name
    configured = group
    self.selection = selection
    self.store = store
    self.disk = disk
    self.request = try Self.widened(request, group, store)
    mounts = try MountMemory(group, store)
    freshness = Freshness(
      now: surroundings.now(), tickNanoseconds: surroundings.clockTickNanoseconds)
    absorber = try Absorber(
      store: store, group: group,
      recording: Recording(
        seconds: surroundings.now().seconds, user: request.actor, steps: request.steps))
    cursor = IndexCursor(store: store, group: group.name, scope: nil)
    local =
      group.isReceiveOnlyHere
      ? try LocalLook(store: store, group: group, seconds: surroundings.now().seconds) : nil
    let canSurvey =
      self.request.isWhole && !request.isDeep && !request.isInitial && local == nil
      && !group.crossesMounts
    self.surveyor = canSurvey ? surveyor : nil
    if local != nil {
      for row in try store.localOnly(group.name) { localRows[row.path] = row }
    }
  }

  /// Scans a group and records what changed, in one transaction: all of it or, if a question comes
  /// up, nothing.
  package static func scan(
    _ group: Group, selection: Selection, store: any Store, disk: any Disk, request: ScanRequest,
    surroundings: any Surroundings, surveyor: (any Surveyor)? = nil
  ) throws(Failure) -> ScanReport {
    var report = ScanReport()
    do {
      try store.transaction { () throws(Failure) -> Void in
        try ReceiveOnlyTurn.run(group, store: store, seconds: surroundings.now().seconds)
        var scanner = try Scanner(
          group: group, selection: selection, store: store, disk: disk, request: request,
          surroundings: surroundings, surveyor: surveyor)
        try scanner.run()
        try scanner.keepRules(of: group)
        report = scanner.report
        try store.keepChunks(disk.takeChunkLists() + (surveyor?.takeChunkLists() ?? []))
        if report.question != nil { throw undo }
      }
    } catch  where error == undo {
      report.events = 0
    }
    return report
  }

  /// Thrown to roll a scan back that has come upon a question; never seen by anybody.
  private static let undo = Failure(.busy, "scan", "not recorded", "a question is open")

  private mutating func run() throws(Failure) {
    if let surveyor {
      try survey(by: surveyor)
    } else if request.isWhole {
      for anchor in selection.anchors where report.question == nil { try look(atRoot: anchor) }
      try passOver(before: nil)
    } else {
      // A root that is not what it was would make a deletion of every path in it.
      for anchor in selection.anchors where report.question == nil { _ = try root(anchor) }
      for path in request.paths where report.question == nil { try look(atPart: path) }
    }
    if let lost = mounts.lost(selection, request), report.question == nil {
      report.question = .unmounted(lost)
    }
    guard report.question == nil else { return }
    if request.isInitial { try missing(gone) }
    if request.isWhole { try mounts.keep(store) }
    // What spreads nowhere needs no guard.
    if local != nil { return try finishLocally(request.isInitial ? [] : gone) }
    guard
      request.acceptsDeletions || request.isInitial
        || gone.count <= configured.deletionsAllowed(of: known)
    else {
      report.question = .massDeletion(
        gone: gone.count, known: known, limit: configured.deletionLimit)
      return
    }
    guard request.reverts != .ask || absorber.reverts <= max(50, known / 5) else {
      report.question = .reverts(count: absorber.reverts, known: known)
      return
    }
    for entry in gone where !request.isInitial {
      _ = try absorber.absorb(entry.path, entry: entry, observed: nil, isFresh: false)
      report.changes.append(ScanChange(path: entry.path, isDeletion: true))
    }
    try absorber.finish()
    report.events = absorber.events
  }

  // MARK: Where a walk begins

  private mutating func look(atRoot anchor: TreePath) throws(Failure) {
    try passOver(before: anchor)
    if let stat = try root(anchor) { try meet(anchor, stat) }
  }

  private mutating func look(atPart path: TreePath) throws(Failure) {
    cursor = IndexCursor(store: store, group: group, scope: path)
    do {
      let stat = try disk.stat(path)
      if let stat, stat.kind == .directory, request.isShallow {
        if selection.includes(path) { try sight(path, stat) }
        return
      }
      if let stat { try meet(path, stat) }
      try passOver(before: nil)
    } catch let trouble as DiskTrouble {
      note(path, "not scanned", trouble.reason)
    } catch let failure as Failure {
      throw failure
    } catch {
      return
    }
  }

  // MARK: The walk

  /// One object that was met, and all below it.
  ///
  /// - Parameter way: The directories above it, where mounts are crossed: one of them may be
  ///   mounted again below itself.
  private mutating func meet(
    _ path: TreePath, _ stat: FileStat, way: [DirectoryIdentity] = []
  ) throws(Failure) {
    let identity = DirectoryIdentity(stat)
    guard !way.contains(identity) else {
      note(
        path, "not scanned", "a directory above it is mounted there again",
        remedy: "exclude it, or unmount it")
      return try skip(below: path)
    }
    if selection.includes(path) { try sight(path, stat) }
    guard stat.kind == .directory, selection.descends(into: path) else { return }
    let items: [DirectoryItem]
    do {
      items = try disk.list(path)
    } catch {
      if error != .vanished { note(path, "not scanned", error.reason) }
      try skip(below: path)
      return
    }
    for item in items {
      guard let child = path.child(item.name) else {
        note(
          path, "an entry was not scanned", "its path is longer than \(TreePath.byteLimit) bytes")
        continue
      }
      if item.isMountPoint, item.stat.kind == .directory { mounts.meet(child) }
      try meet(child, item.stat, way: configured.crossesMounts ? way + [identity] : [])
    }
  }

  private mutating func sight(_ path: TreePath, _ stat: FileStat) throws(Failure) {
    try passOver(before: path)
    var entry: Entry?
    if let next = try cursor.peek(), next.path == path {
      entry = next
      cursor.advance()
    }
    try sight(path, stat, entry)
  }

  /// One object and its row.
  ///
  /// - Parameter observed: What looking at it gave, if that was done already.
  mutating func sight(
    _ path: TreePath, _ stat: FileStat, _ known: Entry?,
    observed: Result<Observation, DiskTrouble>? = nil
  ) throws(Failure) {
    var entry = known
    if let known, !known.shown.content.value.isAbsent { self.known += 1 }
    report.objects += 1
    let isLeftOut = entry?.state.contains(.leftOut) ?? false
    if let now = entry { entry = try carryOutDeletion(now) }
    let row = localRows.removeValue(forKey: path)
    if let entry, let seen = entry.seen, !request.isDeep, !isLeftOut, row == nil,
      stat.matches(seen), !isIgnoredOtherwise(entry)
    {
      return
    }
    switch stat.kind {
    case .socket: return
    case .device where !configured.takesDevices:
      note(
        path, "not synced", "it is a device", remedy: "exclude it, or say devices yes in the group")
      return
    default: try take(path, entry, row, stat, observed)
    }
  }

  /// - Parameter row: What was noted of the path on a host that only receives; if nothing has
  ///   changed since, nothing is read.
  private mutating func take(
    _ path: TreePath, _ entry: Entry?, _ row: LocalOnly?, _ stat: FileStat,
    _ done: Result<Observation, DiskTrouble>?
  ) throws(Failure) {
    let observed: Observation
    do {
      if let done {
        observed = try done.get()
      } else if let there = row.flatMap({ known($0, stat) }) {
        observed = there
      } else {
        observed = try disk.observe(path, known: entry.flatMap { known($0, stat) })
      }
    } catch {
      if error != .vanished { note(path, "not scanned", error.reason, remedy: error.remedy) }
      return
    }
    if let entry, try discards(entry, observed) { return }
    if local == nil, request.isInitial, let entry, try setsBeside(entry, observed) { return }
    let isFresh = freshness.isFresh(observed.stat)
    if let local { return try take(path, entry, observed, isFresh, local) }
    let before = absorber.events
    var entry = try absorber.absorb(path, entry: entry, observed: observed, isFresh: isFresh)
    if let now = entry, now.state.contains(.leftOut) {
      entry = absorber.events > before ? try takeIn(now) : try absorber.retell(now)
    }
    if absorber.events > before {
      report.changes.append(ScanChange(path: path, isDeletion: false))
    }
  }

  /// Entries before `path` (nil: all that are left) were not met: what they showed is gone.
  private mutating func passOver(before path: TreePath?) throws(Failure) {
    while let entry = try cursor.peek() {
      if let path, !(entry.path < path) { return }
      cursor.advance()
      try miss(entry)
    }
  }

  /// A row whose object was not met.
  mutating func miss(_ entry: Entry) throws(Failure) {
    guard selection.includes(entry.path), !disk.keepsBackups(at: entry.path) else {
      return try leaveOut(entry)
    }
    let entry = try ignoring(try takeIn(entry))
    guard !entry.shown.content.value.isAbsent else { return }
    known += 1
    gone.append(entry)
  }

  /// Entries below a directory that could not be listed: unknown, not gone.
  private mutating func skip(below directory: TreePath) throws(Failure) {
    try passOver(before: directory)
    while let entry = try cursor.peek(), entry.path == directory || entry.path.isBelow(directory) {
      cursor.advance()
      if !selection.includes(entry.path) { try leaveOut(entry) }
    }
    localRows = localRows.filter { !$0.key.isBelow(directory) }
  }

  mutating func note(
    _ path: TreePath, _ action: String, _ reason: String, remedy: String = ""
  ) {
    report.problems.append(
      Problem(group: group, path: path, action, reason, remedy: remedy))
  }
}
