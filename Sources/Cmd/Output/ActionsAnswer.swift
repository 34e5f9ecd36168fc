import Model

/// What `actions` answers.
struct ActionsAnswer {
  let node: Node
  let runs: [ActionRun]

  var document: JSON {
    .object([
      ("schema", .string("concord.actions/1")), ("host", .string(node.name)),
      ("actions", .array(runs.map { .object($0.members) })),
    ])
  }

  func text(_ paint: Paint) -> String {
    let now = node.surroundings.now().seconds
    return Columns.text(runs.map { $0.cells(now) }, indent: "", paint)
  }
}

/// One run as a whole.
struct ActionDetail {
  /// How many names and lines one screen gets.
  private static let screen = 1_000

  let node: Node
  let run: ActionRun
  let names: [TreePath]
  let output: [UInt8]

  var document: JSON {
    .object(
      [("schema", .string("concord.actions/1")), ("host", .string(node.name))] + run.members + [
        ("names", .array(names.map { .object(pathMembers(node.localPath($0))) })),
        ("output", .string(String(decoding: output, as: UTF8.self))),
        ("output_bytes", .int(run.outputBytes)),
      ])
  }

  func text(_ paint: Paint) -> String {
    let now = node.surroundings.now().seconds
    let order = run.order
    var rows: [[Cell]] = [
      ["command", Cell(escaped(order.command))], ["group", Cell(escaped(order.group))],
      ["action", Cell(order.place)], ["state", run.stateCell(now)],
      ["tried", Cell("\(run.attempts) of \(order.retries + 1)")],
      ["queued", Cell(timeText(run.queued))],
    ]
    if let file = order.logFile { rows.append(["log file", Cell(escaped(file))]) }
    if let started = run.started { rows.append(["started", Cell(timeText(started))]) }
    if let ended = run.ended { rows.append(["ended", Cell("\(timeText(ended)), \(run.end)")]) }
    var out = Columns.text(rows, indent: "", paint)
    out += "\(counted(run.names, "name"))\n"
    for name in names.prefix(Self.screen) { out += "  \(node.shownPath(name))\n" }
    let rest = run.names - min(names.count, Self.screen)
    if rest > 0 { out += "  … and \(rest) more\n" }
    out += "\(counted(run.outputBytes, "byte")) of output\n"
    var lines = output.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    for line in lines.prefix(Self.screen) { out += "  \(escapedLine(line))\n" }
    if lines.count > Self.screen { out += "  … and \(lines.count - Self.screen) more lines\n" }
    if run.outputBytes > UInt64(output.count) {
      out += "  … and \(run.outputBytes - UInt64(output.count)) bytes that were not kept\n"
    }
    return out
  }
}

extension ActionRun {
  /// As data.
  var members: [(String, JSON)] {
    func moment(_ seconds: Int64?) -> JSON { seconds.map { .string(timeText($0)) } ?? .null }
    return [
      ("id", .int(id)), ("group", .string(order.group)), ("command", .string(order.command)),
      ("log_file", order.logFile.map { .string($0) } ?? .null), ("place", .string(order.place)),
      ("state", .string(state.rawValue)), ("attempts", .int(attempts)),
      ("retries", .int(order.retries)), ("queued", moment(queued)),
      ("due", state == .waiting ? moment(due) : .null), ("started", moment(started)),
      ("ended", moment(ended)), ("end", end.isEmpty ? .null : .string(end)),
      ("name_count", .int(names)),
    ]
  }

  func stateCell(_ now: Int64) -> Cell {
    let colour: Paint.Colour? = isTrouble ? .red : state == .done ? .green : .yellow
    return Cell(standing(now), colour)
  }

  /// One line of a list.
  func cells(_ now: Int64) -> [Cell] {
    [
      Cell("\(id)"), stateCell(now), Cell("\(ageText(now - (ended ?? queued))) ago"),
      Cell(counted(names, "name")), Cell(escaped(order.group)), Cell(escaped(order.command)),
    ]
  }
}
