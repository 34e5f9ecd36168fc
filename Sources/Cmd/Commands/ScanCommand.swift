import ArgumentParser
import Model
import Transport

/// `scan [PATH...]`
struct ScanCommand: ConcordCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan", abstract: "Find local changes and record them; meet nobody.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var format: FormatOptions
  @Flag(help: "Deletions that a guard asks about are meant.") var yes = false
  @Flag(help: "Read every byte again.") var deep = false
  @OptionGroup var reverts: RevertOptions
  @Argument(help: "Look only here.") var paths: [String] = []

  var runsActions: Bool { true }

  func execute(_ context: Context) throws -> Int32 {
    let node = try context.here()
    let targets = try paths.flatMap { try node.targets($0, context.settings) }
    var status = ExitStatus.done
    var rows: [JSON] = []
    for group in node.sessionGroups {
      let mine = targets.filter { $0.group == group.name }.map(\.path)
      if !paths.isEmpty, mine.isEmpty { continue }
      let request = ScanRequest(
        paths: mine, acceptsDeletions: yes, isDeep: deep, reverts: reverts.answer,
        actor: context.settings.user)
      guard let report = try node.scan(group, node.real, request) else { continue }
      status = max(status, tell(report, group.name, node, context))
      rows.append(document(report, group.name, node))
    }
    if format.isJSON {
      context.put(
        .object([
          ("schema", .string("concord.scan/1")), ("host", .string(node.name)),
          ("groups", .array(rows)),
        ]))
    }
    return status
  }

  private func tell(
    _ report: ScanReport, _ group: String, _ node: Node, _ context: Context
  ) -> Int32 {
    for change in report.changes {
      context.note("  \(change.isDeletion ? "-" : "*") \(node.shownPath(change.path))")
    }
    for path in report.localOnly {
      context.note("  = \(node.shownPath(path)): on this host alone")
    }
    for path in report.discarded { context.note("  < \(node.shownPath(path))") }
    for problem in report.problems { context.console.say(node.line(problem)) }
    if let question = report.question {
      context.console.say("\(escaped(group)): not recorded: \(node.words(question))")
      return ExitStatus.notInSync
    }
    if report.problems.isEmpty { return ExitStatus.done }
    return report.problems.allSatisfy(\.isRefusal)
      ? ExitStatus.validationFailed : ExitStatus.pathsFailed
  }

  private func document(_ report: ScanReport, _ group: String, _ node: Node) -> JSON {
    .object([
      ("name", .string(group)), ("objects", .int(report.objects)), ("events", .int(report.events)),
      (
        "changes",
        .array(
          report.changes.map { change in
            .object(
              pathMembers(node.localPath(change.path)) + [("deleted", .bool(change.isDeletion))])
          })
      ),
      ("question", report.question.map { .string(node.words($0)) } ?? .null),
    ])
  }
}
