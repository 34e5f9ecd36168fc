import ArgumentParser
import Model
import Transport
import TransportEdge

/// `sync [PATH...]`
struct SyncCommand: ConcordCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync",
    abstract: "Find local changes, then meet every peer at once, in both directions.",
    discussion: """
      Status 0: in sync. 1: conflicts are open. 2: a host could not be met, or changes wait. \
      3: an action failed. 4: some paths failed.
      """)

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var format: FormatOptions
  @Flag(
    name: [.long, .customShort("n")], help: "Say what would happen on which host; change nothing.")
  var dryRun = false
  @Option(help: ArgumentHelp("Meet only this host; may be given several times.", valueName: "host"))
  var peer: [String] = []
  @Option(
    help: ArgumentHelp("Sync only this group; may be given several times.", valueName: "group"))
  var group: [String] = []
  @Flag(help: "Deletions that a guard asks about are meant.")
  var yes = false
  @OptionGroup var reverts: RevertOptions
  // For csync2's short options.
  @Flag(help: .hidden) var noLook = false
  @Flag(help: .hidden) var shallow = false
  @Flag(help: .hidden) var initial = false
  @Argument(help: "Look for changes only here.")
  var paths: [String] = []

  var runsActions: Bool { !dryRun }

  func execute(_ context: Context) throws -> Int32 {
    let outcome = try perform(context)
    outcome.print(asJSON: format.isJSON)
    for warning in try outcome.node.skewWarnings() { context.console.say(warning) }
    return outcome.status
  }

  /// Looks, meets, and says nothing about it.
  func perform(_ context: Context) throws -> SyncOutcome {
    let node = try context.here()
    let start = monotonicSeconds()
    let groups = try selectedGroups(node)
    try checkPeers(node, groups)
    let purpose: Purpose = dryRun ? .forecast : .synchronise
    let ledger = try node.ledger(for: purpose)
    var outcome = SyncOutcome(node: node, context: context, isForecast: dryRun)
    let parts = try parts(of: groups, node, context)
    try scan(node, groups, ledger, parts, context, &outcome)
    let round = Round(
      node: node, ledger: ledger, purpose: purpose,
      look: paths.isEmpty || noLook ? .everything : .parts(parts), refusals: outcome.refusals,
      port: context.settings.port)
    try meet(groups, round, &outcome)
    if !dryRun { try outcome.finish(groups) }
    if !dryRun { try outcome.keepFigures(since: start) }
    return outcome
  }

  /// All peers are met at once, so what one of them brought came too late for another: those that
  /// still lack something are met again, as soon as nobody is left but hosts that do not answer.
  /// Twice is enough, unless somebody goes on editing.
  private func meet(
    _ groups: [SessionGroup], _ round: Round, _ outcome: inout SyncOutcome
  ) throws(Failure) {
    let usable = groups.filter { round.node.brokenGroups[$0.name] == nil }
    var whom = try Whom(round.node, usable)
    let others = round.node.others(in: usable)
    let asked = peer.map { $0.lowercased() }.filter { others.contains($0) }
    let first = peer.isEmpty ? whom.first() : asked
    let turn = MeetingTurn(round)
    turn.begin(try round.node.reachableFirst(first))
    var looks = 0
    while let meeting = turn.next() {
      if outcome.take(meeting) { looks = 0 }
      if meeting.failure != nil, peer.isEmpty { turn.begin(whom.replacing(meeting.peer)) }
      guard !dryRun, turn.isQuiet, looks < 2 else { continue }
      looks += 1
      turn.begin(try lacking(round, groups, &outcome))
    }
    outcome.sort(first)
  }

  /// Who lacks something of what this host knows by now, or did when it was met.
  private func lacking(
    _ round: Round, _ groups: [SessionGroup], _ outcome: inout SyncOutcome
  ) throws(Failure) -> [String] {
    let met = outcome.meetings.filter { $0.failure == nil }
    var lacking = Set(try round.node.behind(met.map(\.peer), groups))
    lacking.formUnion(
      met.filter { $0.isPending && (outcome.hasInstalled || !$0.isExplained) }.map(\.peer))
    outcome.isFollowing = try !round.node.isPending(groups)
    // What a gate has refused would be refused again.
    if !outcome.isRefused, !outcome.isFollowing { lacking.formUnion(met.map(\.peer)) }
    return lacking.sorted()
  }

  private func selectedGroups(_ node: Node) throws(Failure) -> [SessionGroup] {
    if group.isEmpty { return node.sessionGroups }
    return try node.groups(group)
  }

  private func checkPeers(_ node: Node, _ groups: [SessionGroup]) throws(Failure) {
    let others = node.others(in: groups)
    for name in peer where !others.contains(name.lowercased()) {
      throw Failure(
        .usage, escaped(name), "not met", "it is no other host of the group",
        remedy: "the others are: \(others.joined(separator: ", "))")
    }
  }

  private func scan(
    _ node: Node, _ groups: [SessionGroup], _ ledger: any Ledger,
    _ parts: [String: [TreePath]], _ context: Context, _ outcome: inout SyncOutcome
  ) throws(Failure) {
    for unselected in node.sessionGroups
    where !groups.contains(where: { $0.name == unselected.name }) {
      outcome.refusals[unselected.name] = "not asked for"
    }
    for group in groups {
      if let broken = node.brokenGroups[group.name] {
        outcome.broken.append(broken)
        continue
      }
      var request = ScanRequest(
        paths: noLook ? [] : parts[group.name] ?? [], isShallow: shallow || noLook,
        acceptsDeletions: yes, isInitial: initial, reverts: reverts.answer,
        actor: context.settings.user)
      // Nothing of the group is asked for: only whether its roots can be used.
      if !paths.isEmpty, request.paths.isEmpty { request.isShallow = true }
      guard var report = try node.scan(group, ledger, request) else { continue }
      if let question = report.question, question.canBeAnswered,
        context.console.ask("\(group.name): \(node.words(question)). Go on?") == true
      {
        request.acceptsDeletions = true
        report = try node.scan(group, ledger, request) ?? report
      }
      if let question = report.question {
        outcome.refusals[group.name] = node.words(question)
        outcome.questions.append("\(escaped(group.name)): not synced: \(node.words(question))")
      }
      outcome.scans.append((group.name, report))
    }
  }

  /// The paths that were given, by group.
  private func parts(
    of groups: [SessionGroup], _ node: Node, _ context: Context
  ) throws(Failure) -> [String: [TreePath]] {
    var parts: [String: [TreePath]] = [:]
    for path in paths {
      for target in try node.targets(path, context.settings)
      where groups.contains(where: { $0.name == target.group }) {
        parts[target.group, default: []].append(target.path)
      }
    }
    return parts
  }
}

extension Question {
  /// Whether `--yes` answers it.
  var canBeAnswered: Bool {
    switch self {
    case .massDeletion, .emptied, .unmounted: true
    // What is lost by the wrong answer is not told by yes or no.
    case .rootMissing, .reverts: false
    }
  }
}

/// `--accept-reverts`, `--discard-reverts`.
struct RevertOptions: ParsableArguments {
  @Flag(help: "Files that are again what they were before are meant.")
  var acceptReverts = false
  @Flag(help: "Files that are again what they were before get back what is recorded.")
  var discardReverts = false

  func validate() throws {
    if acceptReverts, discardReverts {
      throw ValidationError("Choose one of --accept-reverts and --discard-reverts.")
    }
  }

  var answer: ScanRequest.Reverts {
    acceptReverts ? .accept : discardReverts ? .discard : .ask
  }
}
