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
      let found = try node.real.with { store throws(Failure) in
        (try store.entry(target.group, target.path), try node.hosts(target.group, store))
      }
      guard let entry = found.0 else { continue }
      shownPath = node.localPath(entry.path)
      let described = Description(entry: entry, hosts: found.1, node: node, group: target.group)
      if !format.isJSON { context.console.out(described.text) }
      rows.append(described.document)
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

  /// One record in words.
  private struct Description {
    let entry: Entry
    let hosts: [ReplicaID: String]
    let node: Node
    let group: String

    private func name(_ dot: Dot) -> String {
      "\(hosts[dot.replica].map { escaped($0) } ?? dot.replica.description).\(dot.sequence)"
    }

    private var vector: [(String, JSON)] {
      entry.record.vector.entries.map {
        (
          "\(hosts[$0.replica].map { escaped($0) } ?? "")@\($0.replica)", .int($0.sequence)
        )
      }
    }

    private var registers:
      [(field: String, siblings: [(Dot, String)], applied: String, dots: [Dot])]
    {
      let record = entry.record
      let shown = entry.shown
      return [
        (
          "content", record.content.siblings.map { ($0.dot, $0.value.text) },
          shown.content.value.text, shown.content.dots
        ),
        (
          "mode", record.mode.siblings.map { ($0.dot, $0.value.text) },
          shown.attributes?.mode.value.text ?? "-", shown.attributes?.mode.dots ?? []
        ),
        (
          "owner", record.owner.siblings.map { ($0.dot, "\($0.value.user):\($0.value.group)") },
          shown.attributes.map { "\($0.owner.value.user):\($0.owner.value.group)" } ?? "-",
          shown.attributes?.owner.dots ?? []
        ),
        (
          "acl", record.acl.siblings.map { ($0.dot, $0.value.text) },
          shown.attributes?.acl.value.text ?? "-", shown.attributes?.acl.dots ?? []
        ),
      ]
    }

    private var state: String {
      var words: [String] = []
      if entry.state.contains(.conflict) { words.append("conflict") }
      if entry.state.contains(.decided) { words.append("decided by policy") }
      if entry.state.contains(.pending) { words.append("pending") }
      if entry.state.contains(.held) { words.append("held") }
      if entry.state.contains(.keptForChildren) { words.append("kept for what is in it") }
      if entry.state.contains(.tombstone) { words.append("deleted") }
      return words.isEmpty ? "settled" : words.joined(separator: ", ")
    }

    var text: String {
      var out = "\(node.shownPath(entry.path))   group \(escaped(group))   \(state)\n"
      out += "  vector   "
      out += vector.map { member in
        if case .int(let number) = member.1 { "\(member.0):\(number)" } else { member.0 }
      }.joined(separator: "  ")
      out += "\n"
      for register in registers {
        out += "  " + padded(register.field, 9)
        out += register.siblings.map { "\(name($0.0)) \($0.1)" }.joined(separator: "  |  ")
        out += "\n           on this disk: \(register.applied)"
        out +=
          register.dots.isEmpty ? "\n" : "  (\(register.dots.map(name).joined(separator: " ")))\n"
      }
      for held in entry.held { out += "  held     \(held.attribute.rawValue): \(held.reason)\n" }
      return out
    }

    var document: JSON {
      .object(
        [("group", .string(group))] + pathMembers(node.localPath(entry.path)) + [
          ("state", .string(state)), ("vector", .object(vector)),
          (
            "registers",
            .object(
              registers.map { register in
                (
                  register.field,
                  .object([
                    (
                      "siblings",
                      .array(
                        register.siblings.map {
                          .object([("dot", .string(name($0.0))), ("value", .string($0.1))])
                        })
                    ),
                    ("applied", .string(register.applied)),
                    ("shown", .array(register.dots.map { .string(name($0)) })),
                  ])
                )
              })
          ),
          (
            "held",
            .array(
              entry.held.map {
                .object([("what", .string($0.attribute.rawValue)), ("why", .string($0.reason))])
              })
          ),
        ])
    }
  }
}
