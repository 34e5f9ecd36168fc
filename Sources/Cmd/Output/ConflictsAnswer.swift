import Model

/// What `conflicts` answers.
struct ConflictsAnswer: Answer {
  static let command = "conflicts"
  static let rules = FindingRule.conflicts
  static let allClear = "no conflicts"

  let node: Node
  let open: [OpenConflict]
  var settled: [ClosedConflict] = []
  let generated: Int64
  /// All that is known of each, instead of one line.
  var isDetailed = false

  var headline: String {
    let decided = settled.isEmpty ? "" : ", \(settled.count) settled"
    return counted(open.count, "open conflict") + decided
  }

  func text(_ paint: Paint) -> String {
    if isDetailed { return open.map { $0.details(node) }.joined() }
    return Columns.text(
      open.map { $0.cells(node, generated) } + settled.map { $0.cells(node, generated) },
      indent: "", paint)
  }

  var members: [(String, JSON)] {
    [
      ("conflicts", .array(open.map { node.json($0) })),
      ("resolved", .array(settled.map { .object($0.members(node)) })),
    ]
  }

  var records: [AnswerRecord] {
    open.map { AnswerRecord("conflict", node.members($0)) }
      + settled.map { AnswerRecord("resolved", $0.members(node)) }
  }

  var findings: [Finding] { open.map { $0.finding(node) } + settled.map { $0.finding(node) } }
}

extension OpenConflict {
  /// Who wrote the versions: `web1 ≠ web2 ✗`, with a cross behind one who deleted.
  var sides: String {
    conflict.versions.map { version in
      escaped(version.authors.joined(separator: "+"))
        + (version.values.content?.isAbsent == true ? " ✗" : "")
    }.joined(separator: " ≠ ")
  }

  func cells(_ node: Node, _ now: Int64) -> [Cell] {
    [
      Cell(conflict.id), Cell(node.shownPath(conflict.path)),
      Cell(conflict.kind.rawValue, .red), Cell(sides), Cell(ageText(now - since)),
    ]
  }

  func finding(_ node: Node) -> Finding {
    let versions = conflict.versions.map { version in
      let verb = version.values.content?.isAbsent == true ? "deleted by" : "by"
      return "\(version.label) \(verb) \(escaped(version.authors.joined(separator: ", ")))"
    }
    let names = node.eventNames(conflict.group)
    return Finding(
      rule: .conflict(conflict.kind.rawValue), group: conflict.group,
      path: node.localPath(conflict.path),
      message: "\(conflict.kind.rawValue) conflict \(conflict.id): "
        + versions.joined(separator: ", ")
        + "; decide with concord resolve \(conflict.id)",
      details: conflict.versions.map { $0.line(names) }, fingerprint: conflict.id,
      fingerprintKey: "conflictId/v1", lines: node.changedLines(self))
  }

  /// Every version, for `conflicts show`.
  func details(_ node: Node) -> String {
    var out = "\(node.shownPath(conflict.path))\n"
    out += "  conflict  \(conflict.id)  \(conflict.kind.rawValue)"
    out += " (\(conflict.fields.map(\.rawValue).joined(separator: ", ")))"
    out += ", group \(escaped(conflict.group)), since \(timeText(since))\n"
    let names = node.eventNames(conflict.group)
    for version in conflict.versions {
      out += "  \(version.head(names))\n     \(version.body)\n"
      if lacks(version, node) { out += "     its content is not here\n" }
    }
    let prospect = node.prospect(of: conflict)
    for line in prospect.lines { out += "  \(line)\n" }
    let authors = Set(conflict.versions.flatMap(\.authors)).sorted()
    var ways = prospect.canMerge ? ["concord resolve \(conflict.id) --merge"] : []
    ways += authors.map { "concord resolve \(conflict.id) --host \(escaped($0))" }
    return out + "  next      " + ways.joined(separator: "  or  ") + "\n"
  }
}

extension OpenConflict {
  /// Whether a version's bytes are neither on this disk nor kept; one that cannot be asked for is
  /// not told.
  private func lacks(_ version: ConflictVersion, _ node: Node) -> Bool {
    guard case .file(let file)? = version.values.content, file.size > 0, !version.isLiveHere
    else { return false }
    let isHere = try? node.real.with { store throws(Failure) in
      if try store.hasContent(file.digest) { return true }
      return try store.entryShowing(file.digest, conflict.group) != nil
    }
    return isHere == false
  }
}

extension ConflictVersion {
  /// Label, authors, events, and whether it is on this disk.
  fileprivate func head(_ names: EventNames) -> String {
    "\(label)  \(escaped(authors.joined(separator: ", ")))"
      + "  \(dots.map { names($0) }.joined(separator: " "))" + (isLiveHere ? "  live here" : "")
  }

  /// Content and metadata.
  fileprivate var body: String {
    var out = values.content?.text ?? ""
    if values.content?.isAbsent != true {
      if let mode = values.mode { out += "  \(mode.text)" }
      if let owner = values.owner { out += "  \(owner.user):\(owner.group)" }
      if let acl = values.acl, acl != .none { out += "  acl \(acl.text)" }
      if case .file(let file) = values.content {
        out += "  modified \(timeText(file.modified.seconds))"
      }
    }
    return out
  }

  fileprivate func line(_ names: EventNames) -> String { head(names) + "  " + body }
}

extension ClosedConflict {
  func cells(_ node: Node, _ now: Int64) -> [Cell] {
    [
      Cell(id), Cell(node.shownPath(path)), Cell(kind.rawValue, .green),
      Cell(winner.isEmpty ? escaped(how) : "\(winner) wins by \(escaped(how))"),
      Cell(escaped(author)), Cell(ageText(now - seconds)),
      Cell(escaped(reason)),
    ]
  }

  func members(_ node: Node) -> [(String, JSON)] {
    [("id", .string(id)), ("group", .string(group))] + pathMembers(node.localPath(path)) + [
      ("kind", .string(kind.rawValue)), ("how", .string(how)), ("winner", .string(winner)),
      ("author", author.isEmpty ? .null : .string(author)),
      ("reason", reason.isEmpty ? .null : .string(reason)), ("at", .string(timeText(seconds))),
    ]
  }

  func finding(_ node: Node) -> Finding {
    var message = "\(kind.rawValue) conflict \(id): \(winner) wins by \(escaped(how))"
    if !author.isEmpty { message += ", \(escaped(author))" }
    if !reason.isEmpty { message += ", \(escaped(reason))" }
    if winner.isEmpty { message = "\(kind.rawValue) conflict \(id): settled by \(escaped(how))" }
    return Finding(
      rule: .settled, group: group, path: node.localPath(path), message: message,
      fingerprint: id, fingerprintKey: "conflictId/v1")
  }
}
