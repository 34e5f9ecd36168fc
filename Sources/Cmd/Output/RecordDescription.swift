import Model
import Transport

/// One record in words.
struct RecordDescription {
  let entry: Entry
  let names: EventNames
  /// The events that stand in the record, the newest first.
  let events: [PathEvent]
  let ancestor: (dot: Dot, content: ContentMark)?
  let node: Node
  let group: String

  /// Nil if no record is kept of the path.
  static func make(
    _ path: TreePath, _ group: SessionGroup, _ node: Node
  ) throws(Failure) -> RecordDescription? {
    try node.real.with { store throws(Failure) in
      guard let entry = try store.entry(group.name, path) else { return nil }
      let steps = try store.steps(group.name, path)
      let chronicle = try Chronicle(group, node, store)
      let live = Set(entry.record.dots)
      return RecordDescription(
        entry: entry, names: chronicle.names,
        events: chronicle.events(path, entry.record, steps).filter { live.contains($0.dot) },
        ancestor: entry.ancestor(steps), node: node, group: group.name)
    }
  }

  private func name(_ dot: Dot) -> String { names(dot) }

  private var vector: [(String, JSON)] {
    entry.record.vector.entries.map {
      (
        "\(names.hosts[$0.replica].map { escaped($0) } ?? "")@\($0.replica)", .int($0.sequence)
      )
    }
  }

  private var registers: [(field: String, siblings: [(Dot, String)], applied: String, dots: [Dot])]
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
    if entry.isKeptDeleted { words.append("kept here: no-delete") }
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
    for event in events { out += "  event    \(event.line)\n" }
    if let ancestor {
      out += "  ancestor \(name(ancestor.dot))"
      out += ancestor.content.size.map { " \($0) B\n" } ?? " \(ancestor.content.kindName)\n"
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
        ("events", .array(events.map { .object($0.members) })),
        (
          "ancestor",
          ancestor.map {
            .object([
              ("event", .string(name($0.dot))), ("type", .string($0.content.kindName)),
              ("hash", $0.content.hash.map { .string($0) } ?? .null),
              ("size", $0.content.size.map { .int($0) } ?? .null),
            ])
          } ?? .null
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
