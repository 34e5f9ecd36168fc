import ArgumentParser
import Model
import Transport

/// `show PATH`
struct ShowCommand: ConcordCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "The record of a path: vector, registers, what is applied here and what is desired.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var format: FormatOptions
  @Argument(help: "A path on this host's disk, or one with a prefix.") var path: String

  func execute(_ context: Context) throws -> Int32 {
    let node = try context.here()
    var rows: [JSON] = []
    var shownPath: [UInt8] = []
    for target in try node.targets(path, context.settings) {
      for group in node.sessionGroups where group.name == target.group {
        guard let described = try RecordDescription.make(target.path, group, node) else { continue }
        shownPath = node.localPath(target.path)
        if !format.isJSON { context.console.out(described.text) }
        rows.append(described.document)
      }
    }
    guard !rows.isEmpty else {
      throw Failure(
        .noInput, escaped(path), "nothing to show", "no record is kept of it here",
        remedy: "run concord scan if it is new")
    }
    if format.isJSON {
      context.put(
        .object(
          [("schema", .string("concord.show/1")), ("host", .string(node.name))]
            + pathMembers(shownPath) + [("records", .array(rows))]))
    }
    return ExitStatus.done
  }
}
