import Model

extension StatusReport {
  /// One screen for people.
  func text(_ node: Node) -> String {
    var out = ""
    for group in groups { out += text(group) }
    for failure in broken { out += "  key         \(failure)\n" }
    for open in conflicts { out += text(open, node) }
    for item in held {
      out += "  held        \(node.shownPath(item.path)): \(item.what): \(item.why)\n"
    }
    for problem in problems {
      out += "  problem     \(node.shownPath(problem.path)): \(problem.action): \(problem.reason)\n"
    }
    return out
  }

  private func text(_ group: GroupStatus) -> String {
    let counts = group.counts
    var out = "group \(escaped(group.name))   \(group.hosts.count + 1) hosts   \(counts.live) paths"
    if counts.conflicts > 0 { out += "   \(counts.conflicts) in conflict" }
    if counts.pending > 0 { out += "   \(counts.pending) waiting" }
    out += "\n"
    for host in group.hosts {
      out += "  \(padded(escaped(host.name), 12))\(padded(host.state, 12))"
      if host.behind > 0 { out += "\(host.behind) paths behind   " }
      if let met = host.lastMet { out += "last met \(ageText(now - met)) ago" }
      if !host.problem.isEmpty { out += "\n    \(host.problem)" }
      out += "\n"
    }
    if !group.waiting.isEmpty {
      let names = group.waiting.map { "\(escaped($0.host)) (\($0.tombstones))" }
      out += "  deletions   \(counts.tombstones) kept until all know them: "
      out += names.joined(separator: ", ") + "\n"
    }
    return out
  }

  private func text(_ open: OpenConflict, _ node: Node) -> String {
    let conflict = open.conflict
    let sides = conflict.versions.map { $0.authors.joined(separator: "+") }
    return "  conflict    \(conflict.id)  \(node.shownPath(conflict.path))  "
      + "\(conflict.kind.rawValue)  \(sides.joined(separator: " ≠ "))  "
      + "\(ageText(now - open.since))\n"
  }

  /// The document `concord.status/1`.
  func document(_ node: Node) -> JSON {
    .object([
      ("schema", .string("concord.status/1")), ("host", .string(node.name)),
      ("groups", .array(groups.map(json))),
      (
        "held",
        .array(
          held.map { item in
            .object(
              pathMembers(node.localPath(item.path)) + [
                ("what", .string(item.what)), ("why", .string(item.why)),
              ])
          })
      ),
      ("actions", .array([])),
      (
        "problems",
        .array(
          problems.map { problem in
            .object(
              [("group", .string(problem.group))] + pathMembers(node.localPath(problem.path)) + [
                ("what", .string(problem.action)), ("why", .string(problem.reason)),
                ("next", .string(problem.remedy)),
              ])
          })
      ),
    ])
  }

  private func json(_ group: GroupStatus) -> JSON {
    .object([
      ("name", .string(group.name)), ("files", .int(group.counts.live)),
      ("conflicts", .int(group.counts.conflicts)), ("pending", .int(group.counts.pending)),
      ("tombstones", .int(group.counts.tombstones)),
      (
        "waiting_for",
        .array(
          group.waiting.map {
            .object([("name", .string($0.host)), ("tombstones", .int($0.tombstones))])
          })
      ),
      (
        "hosts",
        .array(
          group.hosts.map { host in
            .object([
              ("name", .string(host.name)), ("state", .string(host.state)),
              ("behind", .int(host.behind)),
              ("last_met", host.lastMet.map { .string(timeText($0)) } ?? .null),
              ("problem", host.problem.isEmpty ? .null : .string(host.problem)),
            ])
          })
      ),
    ])
  }
}

/// Text with blanks behind it, to a width in characters.
func padded(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(1, width - text.count))
}
