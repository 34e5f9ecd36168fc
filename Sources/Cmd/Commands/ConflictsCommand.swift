import ArgumentParser
import Model
import Transport

/// `conflicts [list]`, `conflicts show ID`
struct ConflictsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conflicts", abstract: "List and show what two hosts changed at once.",
    subcommands: [List.self, Show.self], defaultSubcommand: List.self)

  struct List: ConcordCommand {
    static let configuration = CommandConfiguration(
      abstract: "All open conflicts, or those at or below a path.")
    @OptionGroup var globals: GlobalOptions
    @OptionGroup var report: ReportOptions
    @Flag(help: "List those too that were decided.") var resolved = false
    @Option(
      help: ArgumentHelp("Only of this group; may be given several times.", valueName: "group"))
    var group: [String] = []
    @Option(
      help: ArgumentHelp("Only of this kind; may be given several times.", valueName: "kind"))
    var kind: [String] = []
    @Argument(help: "Only at or below these.") var paths: [String] = []

    func execute(_ context: Context) throws -> Int32 {
      let node = try context.here()
      let filter = try ConflictFilter(
        node, groups: group, kinds: kind, paths: paths, context.settings)
      let open = try node.conflicts().filter {
        filter.admits($0.conflict.group, $0.conflict.kind, $0.conflict.path)
      }
      let settled = try resolved ? node.settledConflicts() : []
      let answer = ConflictsAnswer(
        node: node, open: open,
        settled: settled.filter { filter.admits($0.group, $0.kind, $0.path) },
        generated: node.surroundings.now().seconds)
      report.put(answer, context)
      if open.isEmpty, report.isText { context.note(ConflictsAnswer.allClear) }
      return report.status(open.isEmpty ? [] : [ExitStatus.conflicts])
    }
  }

  struct Show: ConcordCommand {
    static let configuration = CommandConfiguration(abstract: "One conflict with its versions.")
    @OptionGroup var globals: GlobalOptions
    @OptionGroup var report: ReportOptions
    @Argument(help: "The conflict's identifier, or the path.") var conflict: String

    func execute(_ context: Context) throws -> Int32 {
      let node = try context.here()
      let answer = ConflictsAnswer(
        node: node, open: try node.conflicts(named: [conflict], context.settings),
        generated: node.surroundings.now().seconds, isDetailed: true)
      report.put(answer, context)
      return report.status([ExitStatus.conflicts])
    }
  }
}
