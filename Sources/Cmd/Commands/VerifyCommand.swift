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
  @OptionGroup var format: FormatOptions
  @Flag(help: "Read every byte again, on both sides.") var deep = false
  @Option(help: ArgumentHelp("Compare only with this host.", valueName: "host")) var peer:
    [String] = []
  @Flag(help: .hidden) var unreachableIsTrouble = false
  @Argument(help: "Compare only this.") var paths: [String] = []

  func execute(_ context: Context) throws -> Int32 {
    let node = try context.here()
    let targets = try paths.flatMap { try node.targets($0, context.settings) }
    let ledger = try node.ledger(for: .verify)
    var refusals: [String: String] = [:]
    for group in node.sessionGroups where node.brokenGroups[group.name] == nil {
      let report = try node.scan(group, ledger, ScanRequest(isDeep: deep))
      if let question = report?.question { refusals[group.name] = node.words(question) }
    }
    let others =
      peer.isEmpty
      ? try node.active(in: node.sessionGroups)
      : node.others(in: node.sessionGroups).filter { peer.contains($0) }
    let meetings = Round(
      node: node, ledger: ledger, purpose: .verify, isDeep: deep, refusals: refusals
    ).meet(others)
    return report(meetings, targets, refusals, node, context)
  }

  private func report(
    _ meetings: [Round.Meeting], _ targets: [Target], _ refusals: [String: String], _ node: Node,
    _ context: Context
  ) -> Int32 {
    var status = ExitStatus.done
    var rows: [JSON] = []
    for (group, reason) in refusals.sorted(by: { $0.key < $1.key }) {
      context.console.say("\(escaped(group)): not compared: \(reason)")
      status = ExitStatus.notInSync
    }
    for meeting in meetings {
      if let failure = meeting.failure {
        context.console.say("\(failure)")
        let worth =
          unreachableIsTrouble
          ? ExitStatus.of(failure.kind) : ExitStatus.ofSession(failure)
        status = max(status, worth)
      }
      for refusal in meeting.result?.refusals ?? [] {
        context.console.say("\(escaped(meeting.peer)): \(refusal.group): \(refusal.reason)")
        status = max(status, ExitStatus.notInSync)
      }
      for item in meeting.result?.differences ?? [] where isAsked(item, targets) {
        status = max(status, ExitStatus.notInSync)
        if !format.isJSON {
          let sides = "\(node.name)\t\(escaped(meeting.peer))"
          context.console.out("\(item.kind.rawValue)\t\(sides)\t\(node.shownPath(item.path))\n")
        }
        rows.append(
          .object(
            [
              ("kind", .string(item.kind.rawValue)), ("peer", .string(meeting.peer)),
              ("group", .string(item.group)),
            ] + pathMembers(node.localPath(item.path))))
      }
    }
    if format.isJSON {
      context.put(
        .object([
          ("schema", .string("concord.verify/1")), ("host", .string(node.name)),
          ("differences", .array(rows)),
          (
            "peers",
            .array(
              meetings.map {
                .object([
                  ("name", .string($0.peer)), ("ok", .bool($0.failure == nil)),
                  ("problem", $0.failure.map { .string("\($0)") } ?? .null),
                ])
              })
          ),
        ]))
    }
    return status
  }

  private func isAsked(_ item: Difference, _ targets: [Target]) -> Bool {
    targets.isEmpty
      || targets.contains {
        $0.group == item.group && ($0.path == item.path || item.path.isBelow($0.path))
      }
  }
}
