import ArgumentParser
import Model
import Transport

/// `log [PATH]`
struct LogCommand: ConcordCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Who changed what, when, and how it got here; the newest first.",
    discussion: """
      Without a path: the newest events of all groups. Times are those of the host that made the \
      event; they explain and decide nothing.
      """)

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var format: FormatOptions
  @Option(
    name: [.customShort("n"), .long],
    help: ArgumentHelp("How many events at most; without a path 50.", valueName: "number"))
  var limit: Int?
  @Argument(help: "A path on this host's disk, or one with a prefix.") var path: String?

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("Say how many events: 1 or more.") }
  }

  func execute(_ context: Context) throws -> Int32 {
    let node = try context.here()
    let events = try path.map { try ofPath($0, node, context) } ?? newest(node)
    if format.isJSON {
      context.put(
        .object([
          ("schema", .string("concord.log/1")), ("host", .string(node.name)),
          (
            "events",
            .array(
              events.map { event in
                .object(
                  [("group", .string(event.group))] + pathMembers(node.localPath(event.path))
                    + event.members)
              })
          ),
        ]))
    } else {
      for event in events {
        let place = path == nil ? "  \(node.shownPath(event.path))" : ""
        context.console.out(event.line + place + "\n")
      }
    }
    return ExitStatus.done
  }

  private func ofPath(_ path: String, _ node: Node, _ context: Context) throws -> [PathEvent] {
    var found: [PathEvent]?
    for target in try node.targets(path, context.settings) {
      for group in node.sessionGroups where group.name == target.group {
        guard let events = try node.events(group, target.path) else { continue }
        found = (found ?? []) + events
      }
    }
    guard let found else {
      throw Failure(
        .noInput, escaped(path), "no history", "no record is kept of it here",
        remedy: "run concord scan if it is new")
    }
    return Array(found.prefix(limit ?? found.count))
  }

  private func newest(_ node: Node) throws -> [PathEvent] {
    let count = limit ?? 50
    var all: [PathEvent] = []
    for group in node.sessionGroups { all += try node.newestEvents(group, count) }
    return Array(all.sorted { $1.isOlder(than: $0) }.prefix(count))
  }
}
