import ArgumentParser
import Model
import Transport
import TransportEdge

/// `verify [PATH...]`
struct VerifyCommand: ConcordCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Compare with every peer by content; change nothing.",
    discussion: "X: differs, L: only here, R: only there. Status 0: equal, 2: not.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var report: ReportOptions
  @Flag(help: "Read every byte again, on both sides.") var deep = false
  @Option(help: ArgumentHelp("Compare only with this host.", valueName: "host")) var peer:
    [String] = []
  @Flag(help: .hidden) var unreachableIsTrouble = false
  @Flag(help: .hidden) var texts = false
  @Argument(help: "Compare only this.") var paths: [String] = []

  func execute(_ context: Context) throws -> Int32 {
    let (answer, statuses) = try perform(context)
    report.put(answer, context)
    return report.status(statuses)
  }

  /// Compares; says what could not be compared, and nothing else.
  func perform(_ context: Context) throws -> (VerifyAnswer, Set<Int32>) {
    let node = try context.here()
    let targets = try paths.flatMap { try node.targets($0, context.settings, comparing: true) }
    let ledger = try node.ledger(for: .verify)
    var refusals: [String: String] = [:]
    for group in node.sessionGroups where node.brokenGroups[group.name] == nil {
      let report = try node.scan(
        group.asked(for: .verify), ledger, ScanRequest(isDeep: deep))
      if let question = report?.question { refusals[group.name] = node.words(question) }
    }
    let others =
      peer.isEmpty
      ? try node.active(in: node.sessionGroups)
      : node.others(in: node.sessionGroups).filter { peer.contains($0) }
    let meetings = Round(
      node: node, ledger: ledger, purpose: .verify,
      look: deep ? .rereading : .everything, refusals: refusals, port: context.settings.port,
      wantsTexts: texts
    ).meet(others)
    return answer(meetings, targets, refusals, node, context)
  }

  /// What was found; what could not be compared is said at once, too.
  private func answer(
    _ meetings: [Round.Meeting], _ targets: [Target], _ refusals: [String: String], _ node: Node,
    _ context: Context
  ) -> (VerifyAnswer, Set<Int32>) {
    var statuses: Set<Int32> = []
    var answer = VerifyAnswer(node: node, generated: node.surroundings.now().seconds)
    for (group, reason) in refusals.sorted(by: { $0.key < $1.key }) {
      context.console.say("\(escaped(group)): not compared: \(reason)")
      answer.gaps.append(VerifyAnswer.Gap(peer: "", group: group, reason: reason))
      statuses.insert(ExitStatus.notInSync)
    }
    for meeting in meetings {
      answer.peers.append((meeting.peer, meeting.failure))
      if let failure = meeting.failure {
        context.console.say("\(failure)")
        statuses.insert(
          unreachableIsTrouble
            ? ExitStatus.of(failure.kind) : ExitStatus.ofSession(failure))
      }
      for refusal in meeting.result?.refusals ?? [] {
        context.console.say(
          "\(escaped(meeting.peer)): \(escaped(refusal.group)): \(refusal.reason)")
        answer.gaps.append(
          VerifyAnswer.Gap(peer: meeting.peer, group: refusal.group, reason: refusal.reason))
        statuses.insert(ExitStatus.notInSync)
      }
      answer.texts[meeting.peer] = meeting.result?.peerTexts
      for item in meeting.result?.differences ?? [] where isAsked(item, targets) {
        statuses.insert(ExitStatus.notInSync)
        answer.rows.append(VerifyAnswer.Row(peer: meeting.peer, item: item))
      }
    }
    return (answer, statuses)
  }

  private func isAsked(_ item: Difference, _ targets: [Target]) -> Bool {
    targets.isEmpty
      || targets.contains {
        $0.group == item.group && ($0.path == item.path || item.path.isBelow($0.path))
      }
  }
}
