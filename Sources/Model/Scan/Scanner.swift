/// What a scan is asked for.
package struct ScanRequest: Sendable {
  /// Only these paths and what is below them; empty: the whole group.
  package var paths: [TreePath]
  /// The operator has said that the deletions are meant.
  package var acceptsDeletions: Bool
  /// Read every byte again instead of trusting time stamps.
  package var isDeep: Bool

  package init(paths: [TreePath] = [], acceptsDeletions: Bool = false, isDeep: Bool = false) {
    self.paths = paths
    self.acceptsDeletions = acceptsDeletions
    self.isDeep = isDeep
  }
}

/// What a scan has found.
package struct ScanReport: Hashable, Sendable {
  /// Events minted: paths that changed here.
  package var events = 0
  /// Objects looked at.
  package var objects = 0
  package var problems: [Problem] = []
  /// Why the group must not be synchronised before somebody has looked; nothing was recorded.
  package var question: Question?
  /// Changed paths, for `-v` and dry runs; deletions marked.
  package var changes: [ScanChange] = []

  package init() {}
}

/// One path that was found changed.
package struct ScanChange: Hashable, Sendable {
  package var path: TreePath
  package var isDeletion: Bool
}

/// Something too dangerous to do unasked.
package enum Question: Hashable, Sendable {
  /// `gone` of `known` objects of the group are not there any more.
  case massDeletion(gone: Int, known: Int)
  /// The root is an empty directory and was not one before.
  case emptied(TreePath)
  /// The root is not there, or cannot be reached: with the reason. No answer makes it a deletion.
  case rootMissing(TreePath, String)
}

/// One ordered walk of a group's roots beside one ordered read of its index.
///
/// What has the stat that it was seen with is not opened. What differs is looked at and absorbed.
/// What cannot be read is left as it is: unreadable is not deleted.
package struct Scanner {
  let group: String
  private let selection: Selection
  let store: any Store
  private let disk: any Disk
  let request: ScanRequest
  private let freshness: Freshness

  private(set) var report = ScanReport()
  private var absorber: Absorber
  private var cursor: IndexCursor
  private var gone: [Entry] = []
  private var known = 0

  private init(
    group: Group, selection: Selection, store: any Store, disk: any Disk, request: ScanRequest,
    surroundings: any Surroundings
  ) throws(Failure) {
    self.group = group.name
    self.selection = selection
    self.store = store
    self.disk = disk
    self.request = try Self.widened(request, group, store)
    freshness = Freshness(
      now: surroundings.now(), tickNanoseconds: surroundings.clockTickNanoseconds)
    absorber = try Absorber(store: store, group: group.name)
    cursor = IndexCursor(store: store, group: group.name, scope: nil)
  }

  /// Scans a group and records what changed, in one transaction: all of it or, if a question comes
  /// up, nothing.
  package static func scan(
    _ group: Group, selection: Selection, store: any Store, disk: any Disk, request: ScanRequest,
    surroundings: any Surroundings
  ) throws(Failure) -> ScanReport {
    var report = ScanReport()
    do {
      try store.transaction { () throws(Failure) -> Void in
        var scanner = try Scanner(
          group: group, selection: selection, store: store, disk: disk, request: request,
          surroundings: surroundings)
        try scanner.run()
        try scanner.keepRules(of: group)
        report = scanner.report
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
    if request.paths.isEmpty {
      for anchor in selection.anchors where report.question == nil { try look(atRoot: anchor) }
      try passOver(before: nil)
    } else {
      for path in request.paths where report.question == nil { try look(atPart: path) }
    }
    guard report.question == nil else { return }
    guard request.acceptsDeletions || gone.count <= max(50, known / 5) else {
      report.question = .massDeletion(gone: gone.count, known: known)
      return
    }
    for entry in gone {
      _ = try absorber.absorb(entry.path, entry: entry, observed: nil, isFresh: false)
      report.changes.append(ScanChange(path: entry.path, isDeletion: true))
    }
    try absorber.finish()
    report.events = absorber.events
  }

  // MARK: Where a walk begins

  private mutating func look(atRoot anchor: TreePath) throws(Failure) {
    try passOver(before: anchor)
    switch disk.rootState(anchor) {
    case .present(let stat):
      if stat.kind == .directory, !request.acceptsDeletions, try isEmptied(anchor) {
        report.question = .emptied(anchor)
        return
      }
      try meet(anchor, stat)
    case .missing:
      if try hadDirectory(anchor) {
        report.question = .rootMissing(anchor, "it is not there")
      }
    case .unavailable(let reason):
      if try hadAnything(anchor) {
        report.question = .rootMissing(anchor, reason)
      } else {
        note(anchor, "not scanned", reason)
      }
    }
  }

  private mutating func look(atPart path: TreePath) throws(Failure) {
    cursor = IndexCursor(store: store, group: group, scope: path)
    do {
      if let stat = try disk.stat(path) { try meet(path, stat) }
      try passOver(before: nil)
    } catch let trouble as DiskTrouble {
      note(path, "not scanned", trouble.reason)
    } catch let failure as Failure {
      throw failure
    } catch {
      return
    }
  }

  private func isEmptied(_ anchor: TreePath) throws(Failure) -> Bool {
    guard let items = try? disk.list(anchor), items.isEmpty else { return false }
    return try store.entries(group, under: anchor, after: anchor, limit: 1_000)
      .contains { !$0.shown.content.value.isAbsent }
  }

  private func hadDirectory(_ anchor: TreePath) throws(Failure) -> Bool {
    if let entry = try store.entry(group, anchor) { return entry.shown.content.value.isDirectory }
    return try hadAnything(anchor)
  }

  private func hadAnything(_ anchor: TreePath) throws(Failure) -> Bool {
    try store.entries(group, under: anchor, after: nil, limit: 1_000)
      .contains { !$0.shown.content.value.isAbsent }
  }

  // MARK: The walk

  /// One object that was met, and all below it.
  private mutating func meet(_ path: TreePath, _ stat: FileStat) throws(Failure) {
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
      try meet(child, item.stat)
    }
  }

  private mutating func sight(_ path: TreePath, _ stat: FileStat) throws(Failure) {
    try passOver(before: path)
    var entry: Entry?
    if let next = try cursor.peek(), next.path == path {
      entry = next
      cursor.advance()
      if !next.shown.content.value.isAbsent { known += 1 }
    }
    report.objects += 1
    let isLeftOut = entry?.state.contains(.leftOut) ?? false
    if let entry, let seen = entry.seen, !request.isDeep, !isLeftOut, stat.matches(seen) { return }
    switch stat.kind {
    case .socket: return
    case .device:
      note(path, "not synced", "it is a device", remedy: "exclude it")
      return
    default: try take(path, entry)
    }
  }

  private mutating func take(_ path: TreePath, _ entry: Entry?) throws(Failure) {
    let observed: Observation
    do {
      observed = try disk.observe(path, known: nil)
    } catch {
      if error != .vanished { note(path, "not scanned", error.reason, remedy: error.remedy) }
      return
    }
    let before = absorber.events
    let isFresh = freshness.isFresh(observed.stat)
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
      guard selection.includes(entry.path) else {
        try leaveOut(entry)
        continue
      }
      let entry = try takeIn(entry)
      guard !entry.shown.content.value.isAbsent else { continue }
      known += 1
      gone.append(entry)
    }
  }

  /// Entries below a directory that could not be listed: unknown, not gone.
  private mutating func skip(below directory: TreePath) throws(Failure) {
    try passOver(before: directory)
    while let entry = try cursor.peek(), entry.path == directory || entry.path.isBelow(directory) {
      cursor.advance()
      if !selection.includes(entry.path) { try leaveOut(entry) }
    }
  }

  private mutating func note(
    _ path: TreePath, _ action: String, _ reason: String, remedy: String = ""
  ) {
    report.problems.append(
      Problem(group: group, path: path, action, reason, remedy: remedy))
  }
}
