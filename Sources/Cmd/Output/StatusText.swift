import Model
import Transport

extension StatusAnswer {
  /// How many of one sort one screen lists.
  private static let screen = 20

  /// One screen for people.
  func text(_ paint: Paint) -> String {
    let hosts = report.groups.map { $0.hosts.map(cells) }
    // All groups in the same columns: padded together, handed out again.
    var lines = Columns.text(hosts.flatMap { $0 }, indent: "  ", paint)
      .split(separator: "\n", omittingEmptySubsequences: false)[...]
    var out = ""
    for group in report.groups {
      out += head(group)
      for host in group.hosts {
        out += (lines.popFirst() ?? "") + "\n"
        if !host.problem.isEmpty { out += "    \(host.problem)\n" }
      }
      out += waiting(group)
    }
    for failure in report.broken { out += "  \(paint("key", .red))        \(failure)\n" }
    out += listed(
      report.conflicts.map { [Cell("conflict", .red)] + $0.cells(node, report.now) },
      "concord conflicts", paint)
    out += listed(report.held.map(cells), "concord status -v", paint)
    out += listed(report.local.map(cells), "concord status -v", paint)
    out += listed(
      report.actions.map { run in
        [Cell("action", run.isTrouble ? .red : .yellow)] + [Cell(node.line(run, now: report.now))]
      }, "concord actions", paint)
    out += listed(report.problems.map(cells), "concord status -v", paint)
    return out
  }

  private func head(_ group: StatusReport.GroupStatus) -> String {
    let counts = group.counts
    var out = "group \(escaped(group.name))   \(counted(group.hosts.count + 1, "host"))"
    out += "   \(counted(counts.live, "path"))"
    if counts.conflicts > 0 { out += "   \(counts.conflicts) in conflict" }
    if counts.pending > 0 { out += "   \(counts.pending) waiting" }
    if counts.kept > 0 { out += "   \(counts.kept) kept against a deletion" }
    let local = report.local.count { $0.group.name == group.name }
    if local > 0 { out += "   \(local) local-only" }
    return out + "\n"
  }

  private func waiting(_ group: StatusReport.GroupStatus) -> String {
    guard !group.waiting.isEmpty else { return "" }
    let names = group.waiting.map { "\(escaped($0.host)) (\($0.tombstones))" }
    return "  deletions   \(group.counts.tombstones) kept until all know them: "
      + names.joined(separator: ", ") + "\n"
  }

  private func cells(_ host: StatusReport.Host) -> [Cell] {
    let colour: Paint.Colour =
      switch host.state {
      case "in-sync", "retired": .green
      case "behind", "never-met": .yellow
      default: .red
      }
    return [
      Cell(escaped(host.name)), Cell(host.state, colour),
      Cell(host.behind > 0 ? "\(counted(host.behind, "path")) behind" : ""),
      Cell(host.lastMet.map { "last met \(ageText(report.now - $0)) ago" } ?? ""),
    ]
  }

  private func cells(_ item: StatusReport.HeldPath) -> [Cell] {
    [Cell("held", .yellow), Cell("\(node.shownPath(item.path)): \(item.what): \(item.why)")]
  }

  private func cells(_ item: Node.LocalPath) -> [Cell] {
    let age = ageText(max(0, report.now - item.local.since))
    return [
      Cell("local-only", .yellow),
      Cell(
        "\(node.shownPath(item.local.path)): \(item.local.kind.words), found \(age) ago; "
          + node.cure(item)),
    ]
  }

  private func cells(_ problem: Problem) -> [Cell] {
    [
      Cell("problem", .red),
      Cell(node.line(problem)),
    ]
  }

  private func listed(_ rows: [[Cell]], _ more: String, _ paint: Paint) -> String {
    guard let first = rows.first?.first else { return "" }
    // The first column is as wide for all sorts.
    let aligned = rows.map { [Cell(padded($0[0].text, 9), $0[0].colour)] + $0.dropFirst() }
    let shown = isWhole ? aligned : Array(aligned.prefix(Self.screen))
    var out = Columns.text(shown, indent: "  ", paint)
    if shown.count < rows.count {
      out += "  \(padded(first.text, 9))  … and \(rows.count - shown.count) more; see \(more)\n"
    }
    return out
  }
}

/// Text with blanks behind it, to a width in characters.
func padded(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(1, width - text.count))
}
