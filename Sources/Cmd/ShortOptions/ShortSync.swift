import ArgumentParser
import Model
import Transport
import TransportEdge

/// `-c`, `-u`, `-x`.
extension ShortRun {
  func synchronise() throws -> Int32 {
    var errors = 0
    let checksApart = line.mode != .sync || (line.isForced && !line.isDry)
    if checksApart, line.mode != .update { errors += try check() }
    if line.mode == .check {
      summarise("checked", errors)
      return errors == 0 ? 0 : 1
    }
    let outcome = try SyncCommand.parse(try words(looks: !checksApart)).perform(context)
    errors += try tell(outcome)
    return errors == 0 ? 0 : 1
  }

  /// The options of the meeting.
  private func words(looks: Bool) throws -> [String] {
    var words: [String] = []
    for peer in line.peers { words += ["--peer", peer] }
    for group in line.groups { words += ["--group", group] }
    if line.isDry { words.append("--dry-run") }
    guard looks else { return words + ["--no-look"] }
    if line.isInitial { words.append("--initial") }
    guard !line.files.isEmpty, !isWhole(line.files) else { return words }
    if !line.isRecursive { words.append("--shallow") }
    let targets = try targets(line.files)
    return words + ["--"] + targets.map { String(decoding: $0.path.text, as: UTF8.self) }
  }

  func summarise(_ deed: String, _ errors: Int, _ more: [String] = []) {
    note(
      "\(escaped(node.name)): \(deed): "
        + (more + [counted(errors, "error")]).joined(separator: ", "))
  }

  // MARK: What came of a meeting

  /// Says what was done with `-v`, and what could not be done always.
  ///
  /// - Returns: How many errors there are.
  private func tell(_ outcome: SyncOutcome) throws -> Int {
    for (_, report) in outcome.scans { tell(report.changes, report.discarded) }
    for meeting in outcome.meetings { tell(meeting) }
    for line in outcome.complaints { say(line) }
    var errors = outcome.complaints.count
    if outcome.isForecast {
      for row in outcome.forecastRows { out(row.host, row.deed.word, name(row.path)) }
    } else {
      errors += try tellConflicts(outcome)
    }
    if errors == 0, !outcome.isForecast, outcome.status != ExitStatus.done {
      say("\(escaped(node.name)): changes wait to be applied; see concord status")
      errors = 1
    }
    for warning in try node.skewWarnings() { say(warning) }
    let results = outcome.meetings.compactMap(\.result)
    let sent = results.reduce(0) { $0 + Int(clamping: $1.peerSummary.installed) }
    let removed = results.reduce(0) { $0 + Int(clamping: $1.peerSummary.removed) }
    let received = results.reduce(0) { $0 + $1.report.installed.count }
    let deleted = results.reduce(0) { $0 + $1.report.removed.count }
    summarise(
      outcome.isForecast ? "looked ahead, nothing was changed" : "synced", errors,
      outcome.isForecast
        ? []
        : ["\(sent) sent", "\(received) received", "\(removed) deleted there", "\(deleted) here"])
    return errors
  }

  private func tell(_ meeting: Round.Meeting) {
    if !meeting.note.isEmpty { say(meeting.note) }
    guard line.verbosity > 0, let result = meeting.result else { return }
    let (me, peer) = (escaped(node.name), escaped(meeting.peer))
    for path in result.report.installed.sorted() {
      note("\(me): updated: \(name(path)) (newer on \(peer))")
    }
    for path in result.report.removed.sorted() {
      note("\(me): deleted: \(name(path)) (deleted, as \(peer) knows)")
    }
    for change in result.peerSummary.changes.sorted(by: { $0.path < $1.path }) {
      note(
        change.isRemoval
          ? "\(peer): deleted: \(name(change.path)) (deleted, as \(me) knows)"
          : "\(peer): updated: \(name(change.path)) (newer on \(me))")
    }
    let all = Int(clamping: result.peerSummary.installed &+ result.peerSummary.removed)
    let unnamed = all - result.peerSummary.changes.count
    if unnamed > 0 { note("\(peer): and \(counted(unnamed, "more path"))") }
    guard line.verbosity > 1 else { return }
    note(
      "\(peer): met: \(byteText(result.bytesOut)) out, \(byteText(result.bytesIn)) in, "
        + secondsText(meeting.seconds))
  }

  /// Every conflict is an error that says what it is and what ends it.
  private func tellConflicts(_ outcome: SyncOutcome) throws -> Int {
    let open =
      outcome.openConflicts == 0
      ? []
      : try node.conflicts().filter { open in
        groups.contains { $0.name == open.conflict.group }
      }
    for item in open.prefix(line.verbosity > 0 ? open.count : 20) {
      let conflict = item.conflict
      let authors = Set(conflict.versions.flatMap(\.authors)).sorted().map { escaped($0) }
      let why =
        authors.count > 1
        ? "changed independently on \(authors.joined(separator: " and "))"
        : "its versions stand beside each other"
      say(
        "\(name(conflict.path)): not synced: \(why); no version was lost; "
          + "concord resolve \(conflict.id) decides, or csync2 -f on the host that is right")
    }
    if line.verbosity == 0, open.count > 20 {
      say("and \(counted(open.count - 20, "more conflict")); see concord conflicts")
    }
    let there = outcome.meetings.filter { ($0.result?.peerSummary.conflicts ?? 0) > 0 }
    if open.isEmpty {
      for meeting in there {
        say("\(escaped(meeting.peer)): conflicts are open there; see concord conflicts there")
      }
      return there.count
    }
    return open.count
  }

  // MARK: Looking

  private func tell(_ changes: [ScanChange], _ discarded: [TreePath]) {
    let me = escaped(node.name)
    for change in changes {
      note("\(me): found: \(name(change.path)) (\(change.isDeletion ? "gone" : "changed here"))")
    }
    for path in discarded { note("\(me): missing: \(name(path)) (comes back from a peer)") }
  }

  /// Looks and records; the number of errors.
  private func check() throws -> Int {
    if line.files.isEmpty, line.mode != .sync { return try workOffHints() }
    let whole = line.files.isEmpty || isWhole(line.files)
    let targets = whole ? [] : try targets(line.files)
    var errors = 0
    for group in groups {
      let mine = targets.filter { $0.group == group.name }.map(\.path)
      if !whole, mine.isEmpty { continue }
      errors += try check(group, mine, isShallow: !whole && !line.isRecursive)
      try tellDirectories(group, mine)
    }
    return errors
  }

  /// Looks at a group, or at some paths of it.
  func check(_ group: SessionGroup, _ paths: [TreePath], isShallow: Bool) throws -> Int {
    let ledger = line.isDry ? try node.ledger(for: .forecast) : node.real
    let request = ScanRequest(
      paths: paths, isShallow: isShallow, isInitial: line.isInitial, isDeep: line.mode == .mark,
      actor: context.settings.user)
    guard let report = try node.scan(group, ledger, request) else { return 0 }
    if line.isDry {
      for change in report.changes {
        out(escaped(node.name), change.isDeletion ? "gone" : "changed", name(change.path))
      }
    } else {
      tell(report.changes, report.discarded)
    }
    for problem in report.problems { say(node.line(problem)) }
    if let question = report.question {
      say("\(escaped(group.name)): not recorded: \(node.words(question))")
      return report.problems.count + 1
    }
    if line.isForced, !line.isDry { try force(report.changes.map(\.path), group) }
    return report.problems.count
  }

  /// `-W`: directories with something of the group in them, for who watches.
  private func tellDirectories(_ group: SessionGroup, _ paths: [TreePath]) throws {
    guard line.directoryDescriptor != nil else { return }
    let slash = UInt8(ascii: "/")
    var told: Set<[UInt8]> = []
    try each(group) { entry, _ throws(Failure) in
      guard !entry.shown.content.value.isAbsent,
        paths.isEmpty || paths.contains(where: { entry.path.isBelow($0) })
      else { return }
      let local = node.localPath(entry.path)
      guard let cut = local.lastIndex(of: slash) else { return }
      let parent = cut == 0 ? [slash] : Array(local[..<cut])
      if told.insert(parent).inserted { context.console.out(ShortConsole.marked(parent)) }
    }
  }
}
