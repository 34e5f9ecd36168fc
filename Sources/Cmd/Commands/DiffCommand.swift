import ArgumentParser
import Model
import Transport

/// `diff PATH|ID...`
struct DiffCommand: ConcordCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "How the versions of a conflict differ, line by line.",
    discussion: """
      The first version against each of the others, as diff -u shows it. Control characters are \
      shown escaped. Status 1: they differ; 2: the content of a version is not here yet.
      """)

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var format: FormatOptions
  @Flag(help: "Each version against what all of them come from.") var base = false
  @Option(
    name: [.customShort("U"), .long],
    help: ArgumentHelp("Equal lines round each change.", valueName: "lines"))
  var unified = 3
  @Argument(help: "Conflicts, by identifier or path.") var conflicts: [String]

  func validate() throws {
    guard unified >= 0, unified <= 1_000_000 else {
      throw ValidationError("--unified takes a number of lines.")
    }
  }

  func execute(_ context: Context) throws -> Int32 {
    let node = try context.here()
    var status = ExitStatus.conflicts
    var rows: [JSON] = []
    for open in try node.conflicts(named: conflicts, context.settings) {
      for pair in try pairs(open.conflict, node) {
        let comparison = Comparison(pair, open.conflict, node, context: unified)
        if comparison.isIncomplete { status = max(status, ExitStatus.notInSync) }
        if format.isJSON {
          rows.append(comparison.document)
        } else {
          context.console.out(comparison.text(isColored: context.settings.usesColor))
        }
      }
    }
    if format.isJSON {
      context.put(
        .object([
          ("schema", .string("concord.diff/1")), ("host", .string(node.name)),
          ("diffs", .array(rows)),
        ]))
    }
    return status
  }

  private func pairs(
    _ conflict: Conflict, _ node: Node
  ) throws(Failure) -> [(old: Comparison.Side, new: Comparison.Side)] {
    var sides: [Comparison.Side] = []
    for version in conflict.versions {
      sides.append(
        Comparison.Side(
          label: version.label, words: node.words(version, conflict),
          text: try node.bytes(of: version, conflict), values: version.values))
    }
    guard base else { return sides.dropFirst().map { (sides[0], $0) } }
    guard let bytes = try node.base(of: conflict) else {
      throw Failure(
        .noInput, node.shownPath(conflict.path), "not compared",
        "the text that the versions come from is not kept here",
        remedy: "leave --base out: the versions are compared with each other")
    }
    let ancestor = Comparison.Side(
      label: "base", words: "base", text: .text(bytes), values: nil)
    return sides.map { (ancestor, $0) }
  }
}

extension Node {
  /// `a: web1.57, on this disk`
  fileprivate func words(_ version: ConflictVersion, _ conflict: Conflict) -> String {
    let names = eventNames(conflict.group)
    let events = version.dots.map { names($0) }.joined(separator: " ")
    return "\(version.label): \(events)" + (version.isLiveHere ? ", on this disk" : "")
  }
}
