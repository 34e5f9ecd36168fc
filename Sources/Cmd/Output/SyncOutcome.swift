import Model
import Transport
import TransportEdge

/// What a `sync` has come to, and how it is told.
struct SyncOutcome {
  let node: Node
  let context: Context
  var scans: [(group: String, report: ScanReport)] = []
  var meetings: [Round.Meeting] = []
  /// Groups that were not synced, and why.
  var refusals: [String: String] = [:]
  var questions: [String] = []
  var broken: [Failure] = []
  /// Nothing was changed: what would happen is told.
  let isForecast: Bool
  private var conflicts = 0
  /// Conflicts that are open here after the meetings.
  var openConflicts: Int { conflicts }
  private var pending = 0
  /// Whether this disk followed its records when the last meetings had ended. What other sessions
  /// have brought since is theirs to tell of.
  var isFollowing = false

  init(node: Node, context: Context, isForecast: Bool) {
    self.isForecast = isForecast
    self.node = node
    self.context = context
  }

  /// Takes down a meeting. Returns whether it was the first with this peer in the run.
  mutating func take(_ meeting: Round.Meeting) -> Bool {
    isFollowing = false
    if meetings.contains(where: { $0.peer == meeting.peer }) {
      add(meeting)
      return false
    }
    meetings.append(meeting)
    return true
  }

  /// Meetings in the order of these peers; others behind them, by name.
  mutating func sort(_ peers: [String]) {
    func place(_ meeting: Round.Meeting) -> Int { peers.firstIndex(of: meeting.peer) ?? .max }
    meetings.sort { (place($0), $0.peer) < (place($1), $1.peer) }
  }

  /// Another meeting with a peer that was met before in the same run.
  private mutating func add(_ meeting: Round.Meeting) {
    guard let place = meetings.firstIndex(where: { $0.peer == meeting.peer }) else { return }
    meetings[place].seconds += meeting.seconds
    meetings[place].failure = meeting.failure
    guard let new = meeting.result, let old = meetings[place].result else { return }
    var sum = new
    sum.report = old.report
    sum.report.add(new.report)
    // Whatever is still open was tried again: what the first meeting had to say of it counts no
    // more.
    sum.report.problems = new.report.problems
    sum.peerSummary.installed &+= old.peerSummary.installed
    sum.peerSummary.removed &+= old.peerSummary.removed
    sum.peerSummary.changes = old.peerSummary.changes + new.peerSummary.changes
    sum.newConflicts += old.newConflicts
    sum.bytesOut += old.bytesOut
    sum.bytesIn += old.bytesIn
    meetings[place].result = sum
  }

  /// After the meetings: counts what is open and lets go what everybody knows.
  mutating func finish(_ groups: [SessionGroup]) throws(Failure) {
    for group in groups {
      let others = node.others(in: [group])
      let counts = try node.real.with { store throws(Failure) in
        _ = try TombstoneCollection.run(group.name, others: others, store: store)
        _ = try KeptCollection.run(
          group.name, others: others, store: store, limits: node.config.settings.keeping)
        try keepProblems(group.name, store)
        return try store.openCounts(group.name)
      }
      conflicts += counts.conflicts
      if !isFollowing { pending += counts.pending }
    }
  }

  private mutating func keepProblems(_ group: String, _ store: any Store) throws(Failure) {
    for meeting in meetings {
      guard let result = meeting.result else { continue }
      try node.keepProblems(result, of: meeting.peer, group, store)
    }
    // One meeting may have brought in what another one was refused.
    let standing = Set(try store.standing([], group))
    for place in meetings.indices {
      meetings[place].result?.report.problems.removeAll {
        $0.group == group && $0.isOwnRefusal && !standing.contains($0)
      }
    }
  }

  /// Whether anything has come to this disk.
  var hasInstalled: Bool {
    meetings.contains { !($0.result?.report.installed.isEmpty ?? true) }
  }

  /// Whether a gate of this host has held something up.
  var isRefused: Bool {
    meetings.contains { $0.result?.report.problems.contains(where: \.isOwnRefusal) ?? false }
  }

  /// Each once, whichever meetings came upon it.
  var problems: [Problem] {
    let all =
      scans.flatMap(\.report.problems) + meetings.flatMap { $0.result?.report.problems ?? [] }
    var told: Set<Problem> = []
    return all.filter { told.insert($0).inserted }
  }

  private var groupRefusals: [String] {
    var lines: [String] = []
    for meeting in meetings {
      for refusal in meeting.result?.refusals ?? [] where refusals[refusal.group] == nil {
        lines.append(
          "\(escaped(meeting.peer)): group \(escaped(refusal.group)) not synced: \(refusal.reason)")
      }
    }
    return lines
  }

  /// The highest that applies.
  var status: Int32 {
    var status = ExitStatus.done
    func raise(_ to: Int32) { status = max(status, to) }
    if conflicts > 0 || meetings.contains(where: { ($0.result?.peerSummary.conflicts ?? 0) > 0 }) {
      raise(ExitStatus.conflicts)
    }
    if isForecast, !forecastRows.isEmpty { raise(ExitStatus.notInSync) }
    if !questions.isEmpty || !groupRefusals.isEmpty || pending > 0 { raise(ExitStatus.notInSync) }
    if meetings.contains(where: { ($0.result?.peerSummary.pending ?? 0) > 0 }) {
      raise(ExitStatus.notInSync)
    }
    if problems.contains(where: \.isRefusal)
      || meetings.contains(where: { !($0.result?.peerRefusals.isEmpty ?? true) })
    {
      raise(ExitStatus.validationFailed)
    }
    if problems.contains(where: { !$0.isRefusal })
      || meetings.contains(where: { !($0.result?.peerSummary.problems.isEmpty ?? true) })
    {
      raise(ExitStatus.pathsFailed)
    }
    if groupRefusals.contains(where: { $0.contains("configurations") }) {
      raise(ExitStatus.of(.configuration))
    }
    if !broken.isEmpty { raise(ExitStatus.of(.configuration)) }
    for meeting in meetings {
      if let failure = meeting.failure { raise(ExitStatus.ofSession(failure)) }
    }
    return status
  }

  // MARK: Telling

  /// Everything that went wrong, one line each.
  var complaints: [String] {
    var lines = broken.map { "\($0)" } + questions + groupRefusals + problems.map(node.line)
    for meeting in meetings {
      if let failure = meeting.failure { lines.append("\(failure)") }
      lines += (meeting.result?.peerRefusals ?? []).map(node.line)
      for problem in meeting.result?.peerSummary.problems ?? [] {
        lines.append("on \(escaped(meeting.peer)): \(escaped(problem))")
      }
    }
    return lines
  }

  func print(asJSON: Bool) {
    for meeting in meetings where !meeting.note.isEmpty { context.console.say(meeting.note) }
    for line in complaints { context.console.say(line) }
    if asJSON {
      context.put(document)
    } else if isForecast {
      for row in forecastRows { context.console.out(row.text + "\n") }
    } else {
      for meeting in meetings { tell(meeting) }
    }
  }

  private func tell(_ meeting: Round.Meeting) {
    guard let result = meeting.result else { return }
    let report = result.report
    for path in report.installed.sorted() { context.note("  < \(node.shownPath(path))") }
    for path in report.removed.sorted() { context.note("  - \(node.shownPath(path))") }
    let peer = result.peerSummary
    for change in peer.changes.sorted(by: { $0.path < $1.path }) {
      context.note("  \(change.isRemoval ? "x" : ">") \(node.shownPath(change.path))")
    }
    // A peer names only so many.
    let all = Int(clamping: peer.installed &+ peer.removed)
    let unnamed = all - peer.changes.count
    if unnamed > 0 {
      context.note("  … and \(unnamed) more on \(escaped(meeting.peer))")
    }
    context.note(
      "\(escaped(meeting.peer)): received \(report.installed.count), "
        + "deleted \(report.removed.count); "
        + "there \(peer.installed) received, \(peer.removed) deleted; "
        + "\(byteText(result.bytesOut)) out, \(byteText(result.bytesIn)) in, "
        + "\(secondsText(meeting.seconds))")
  }

  // MARK: What would happen

  struct ForecastRow: Hashable, Comparable {
    var host: String
    var path: TreePath
    var deed: Forecast.Deed
    var shown: String

    static func < (left: Self, right: Self) -> Bool {
      (left.host, left.path, left.deed.rawValue) < (right.host, right.path, right.deed.rawValue)
    }
    var text: String { "\(host)\t\(deed.word)\t\(shown)" }
  }

  var forecastRows: [ForecastRow] {
    var rows: Set<ForecastRow> = []
    for meeting in meetings {
      for item in meeting.result?.forecasts ?? [] {
        rows.insert(
          ForecastRow(
            host: escaped(item.host), path: item.2.path, deed: item.2.deed,
            shown: node.shownPath(item.2.path)))
      }
    }
    return rows.sorted()
  }

  // MARK: As a document

  private var document: JSON {
    var members: [(String, JSON)] = [
      ("schema", .string("concord.sync/1")), ("host", .string(node.name)),
      ("peers", .array(meetings.map(json))),
      (
        "problems",
        .array(
          (problems + meetings.flatMap { $0.result?.peerRefusals ?? [] }).map { json($0) }
            + questions.map { .object([("text", .string($0))]) })
      ),
    ]
    if isForecast {
      members.append(
        (
          "would",
          .array(
            forecastRows.map { row in
              .object(
                [("host", .string(row.host)), ("what", .string(row.deed.word))]
                  + pathMembers(node.localPath(row.path)))
            })
        ))
    }
    return .object(members)
  }

  private func json(_ problem: Problem) -> JSON {
    .object(
      [("group", .string(problem.group))] + pathMembers(node.localPath(problem.path)) + [
        ("what", .string(problem.action)), ("why", .string(problem.reason)),
        ("next", .string(problem.remedy)),
      ])
  }

  private func json(_ meeting: Round.Meeting) -> JSON {
    let result = meeting.result ?? SessionResult()
    return .object([
      ("name", .string(meeting.peer)), ("ok", .bool(meeting.failure == nil)),
      ("sent", .int(result.peerSummary.installed)),
      ("received", .int(result.report.installed.count)),
      ("deleted", .int(result.report.removed.count)),
      ("conflicts", .int(result.peerSummary.conflicts)),
      ("bytes_out", .int(result.bytesOut)), ("bytes_in", .int(result.bytesIn)),
      ("seconds", .double(meeting.seconds)),
      ("problem", meeting.failure.map { .string("\($0)") } ?? .null),
    ])
  }
}

extension Forecast.Deed {
  var word: String {
    switch self {
    case .create: "create"
    case .update: "update"
    case .adjust: "adjust"
    case .remove: "delete"
    case .conflict: "conflict"
    }
  }
}
