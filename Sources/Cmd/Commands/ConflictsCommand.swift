import ArgumentParser
import Model
import Transport

/// `conflicts [list]`, `conflicts show ID`
struct ConflictsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conflicts", abstract: "List and show what two hosts changed at once.",
    subcommands: [List.self, Show.self], defaultSubcommand: List.self)

  struct List: ConcordCommand {
    static let configuration = CommandConfiguration(abstract: "All open conflicts.")
    @OptionGroup var globals: GlobalOptions
    @OptionGroup var format: FormatOptions
    @Flag(help: "End with status 0 even if there are conflicts.") var exitZero = false

    func execute(_ context: Context) throws -> Int32 {
      let node = try context.here()
      let open = try node.conflicts()
      if format.isJSON {
        context.put(
          .object([
            ("schema", .string("concord.conflicts/1")), ("host", .string(node.name)),
            ("conflicts", .array(open.map { node.json($0) })),
          ]))
      } else {
        let now = node.surroundings.now().seconds
        for item in open { context.console.out(line(item, node, now)) }
        if open.isEmpty { context.note("no conflicts") }
      }
      return open.isEmpty || exitZero ? ExitStatus.done : ExitStatus.conflicts
    }

    private func line(_ open: OpenConflict, _ node: Node, _ now: Int64) -> String {
      let conflict = open.conflict
      let sides = conflict.versions.map { version in
        version.authors.joined(separator: "+")
          + (version.values.content?.isAbsent == true ? " ✗" : "")
      }
      return "\(conflict.id)  \(node.shownPath(conflict.path))  \(conflict.kind.rawValue)  "
        + sides.joined(separator: " ≠ ") + "  \(ageText(now - open.since))\n"
    }
  }

  struct Show: ConcordCommand {
    static let configuration = CommandConfiguration(abstract: "One conflict with its versions.")
    @OptionGroup var globals: GlobalOptions
    @OptionGroup var format: FormatOptions
    @Argument(help: "The conflict's identifier, or the path.") var conflict: String

    func execute(_ context: Context) throws -> Int32 {
      let node = try context.here()
      let found = try node.conflicts(named: conflict, context.settings)
      if format.isJSON {
        context.put(
          .object([
            ("schema", .string("concord.conflicts/1")), ("host", .string(node.name)),
            ("conflicts", .array(found.map { node.json($0) })),
          ]))
      } else {
        for item in found { context.console.out(try text(item, node)) }
      }
      return ExitStatus.conflicts
    }

    private func text(_ open: OpenConflict, _ node: Node) throws(Failure) -> String {
      let conflict = open.conflict
      var out = "\(node.shownPath(conflict.path))\n"
      out += "  conflict  \(conflict.id)  \(conflict.kind.rawValue)"
      out += " (\(conflict.fields.map(\.rawValue).joined(separator: ", ")))"
      out += ", group \(escaped(conflict.group)), since \(timeText(open.since))\n"
      for version in conflict.versions {
        let values = version.values
        out += "  \(version.label)  \(version.authors.joined(separator: ", "))"
        out += "  \(version.dots.map { "\($0)" }.joined(separator: " "))"
        out += version.isLiveHere ? "  live here\n" : "\n"
        out += "     \(values.content?.text ?? "")"
        if values.content?.isAbsent != true {
          if let mode = values.mode { out += "  \(mode.text)" }
          if let owner = values.owner { out += "  \(owner.user):\(owner.group)" }
          if let acl = values.acl, acl != .none { out += "  acl \(acl.text)" }
          if case .file(let file) = values.content {
            out += "  modified \(timeText(file.modified.seconds))"
          }
        }
        out += "\n"
      }
      if let moved = try node.movedWords(conflict) { out += "  hint  \(moved)\n" }
      let authors = Set(conflict.versions.flatMap(\.authors)).sorted()
      out +=
        "  next  "
        + authors.map { "concord resolve \(conflict.id) --host \($0)" }
        .joined(separator: "  or  ") + "\n"
      return out
    }
  }
}
