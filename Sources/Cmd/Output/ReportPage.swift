import Model

/// The report as one page that needs nothing else: no script, no font, no other file.
struct ReportPage {
  let data: ReportData

  private var status: StatusReport { data.status }

  var text: String {
    let page: PageMarkup = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
      style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="referrer" content="no-referrer">
      <title>concord on \(data.host): \(verdict.title)</title>
      <style>\(PageMarkup(trusted: reportStyle))</style>
      </head>
      <body>
      \(header)
      <main>
      \(hostSection)
      \(ReportConflicts(data: data).section)
      \(heldSection)
      \(problemSection)
      \(actionSection)
      \(ReportTrends(runs: data.runs).section)
      </main>
      <footer>Written by <code>concord report</code> on \(data.host). It tells what this host \
      knows; others may know more.</footer>
      </body>
      </html>

      """
    return page.text
  }

  // MARK: The state in one sentence

  private enum Rank: String { case good, open, bad }

  private struct Verdict {
    var rank: Rank
    var title: String
  }

  private var verdict: Verdict {
    var parts: [String] = []
    var rank = Rank.open
    let hosts = status.groups.flatMap(\.hosts)
    func names(_ state: String) -> [String] {
      Set(hosts.filter { $0.state == state }.map { escaped($0.name) }).sorted()
    }
    func tell(_ names: [String], _ what: String, _ whatOfMany: String) {
      guard let first = names.first else { return }
      parts.append(names.count == 1 ? "\(first) \(what)" : "\(names.count) hosts \(whatOfMany)")
    }
    let failures = status.problems.count + status.broken.count
    if failures > 0 { parts.append("\(counted(failures, "problem")) to look at") }
    if !status.conflicts.isEmpty {
      let count = status.conflicts.count
      parts.append("\(counted(count, "conflict")) \(count == 1 ? "is" : "are") open")
    }
    let actions = status.actions.count(where: \.isTrouble)
    if actions > 0 { parts.append("\(counted(actions, "action")) failed") }
    tell(names("refused"), "was refused", "were refused")
    if failures + actions > 0 || !names("refused").isEmpty { rank = .bad }
    tell(names("unreachable"), "could not be reached", "could not be reached")
    tell(names("never-met"), "was never met", "were never met")
    tell(names("behind"), "is behind", "are behind")
    let pending = status.groups.map(\.counts.pending).reduce(0, +)
    if pending > 0 {
      parts.append("\(counted(pending, "path")) \(pending == 1 ? "waits" : "wait") here")
    }
    guard parts.isEmpty else { return Verdict(rank: rank, title: parts.joined(separator: ", ")) }
    return Verdict(rank: .good, title: "all hosts are in sync")
  }

  private var header: PageMarkup {
    let sign: PageMarkup = verdict.rank == .good ? "✓" : verdict.rank == .open ? "!" : "✕"
    let first = verdict.title.prefix(1).uppercased() + verdict.title.dropFirst()
    let hosts = Set(status.groups.flatMap { $0.hosts.map(\.name) }).count + 1
    let paths = status.groups.map(\.counts.live).reduce(0, +)
    let facts: [(Int, String)] = [
      (hosts, "hosts"), (paths, "paths"), (status.conflicts.count, "conflicts"),
      (status.held.count, "held"), (status.problems.count + status.broken.count, "problems"),
    ]
    return """
      <header>
      <p class="where"><b>\(data.host)</b> \(moment(status.now))</p>
      <h1 class="\(PageMarkup(trusted: verdict.rank.rawValue))"><span aria-hidden="true">\(sign)\
      </span> \(first).</h1>
      <ul class="facts">\
      \(facts.map { "<li><b>\($0.0)</b> \($0.1)</li>" as PageMarkup }.joined())</ul>
      </header>
      """
  }

  // MARK: Hosts

  private var hostSection: PageMarkup {
    let groups = zip(status.groups, data.matrices).map { group, matrix -> PageMarkup in
      let table = ReportTable.scrolling("Who is behind whom in \(group.name)", rows(of: matrix))
      let hosts = group.hosts.map { item(of: $0) }.joined()
      return """
        <h3>Group <span class="name">\(name: group.name.utf8)</span> \
        <small>\(counted(group.counts.live, "path"))</small></h3>
        \(table)
        <ul class="hosts">\(hosts)</ul>
        """
    }
    return """
      <section id="hosts"><h2>Hosts</h2>
      <p class="note">A row knows this many records that a column lacks, as far as this host was \
      told. ? is unknown: the two have not met it yet.</p>
      \(groups.joined())</section>
      """
  }

  private func rows(of matrix: ReportMatrix) -> PageMarkup {
    let heads = matrix.hosts.map { "<th scope=\"col\">\(name: $0.utf8)</th>" as PageMarkup }
    let rows = matrix.hosts.indices.map { row -> PageMarkup in
      let cells = matrix.hosts.indices.map { column -> PageMarkup in
        if row == column { return "<td class=\"self\">–</td>" }
        guard let count = matrix.lacking[row][column] else {
          return "<td class=\"unknown\">?</td>"
        }
        return count == 0
          ? "<td class=\"none\">0</td>" : "<td class=\"some\">\(count)</td>"
      }
      let host: PageMarkup = "<th scope=\"row\">\(name: matrix.hosts[row].utf8)</th>"
      return "<tr>\(host)\(cells.joined())</tr>"
    }
    return """
      <table class="matrix"><thead><tr><th scope="col"><span>knows ↓ lacks →</span></th>\
      \(heads.joined())</tr></thead><tbody>\(rows.joined())</tbody></table>
      """
  }

  private func item(of host: StatusReport.Host) -> PageMarkup {
    let isGood = host.state == "in-sync"
    let words = ["in-sync": "in sync", "never-met": "never met"][host.state] ?? host.state
    var out: PageMarkup = """
      <li><span class="name">\(name: host.name.utf8)</span> \
      <span class="\(isGood ? "good" : "open")">\(words)</span>
      """
    if host.behind > 0 { out += ", \(counted(host.behind, "path")) behind" }
    if let met = host.lastMet { out += ", last met \(ageText(status.now - met)) ago" }
    if !host.problem.isEmpty { out += "<br><span class=\"why\">\(host.problem)</span>" }
    return out + "</li>"
  }

  // MARK: What else is open

  private static let rowLimit = 1_000

  private var heldSection: PageMarkup {
    let rows = status.held.prefix(Self.rowLimit).map { item -> PageMarkup in
      """
      <tr><td class="name">\(name: item.path.text)</td><td>\(item.what)</td>\
      <td>\(item.why)</td></tr>
      """
    }
    return section(
      "held", "Held metadata", ["Path", "What", "Why"], rows, status.held.count,
      "Nothing is held: every owner, mode and access list could be applied.")
  }

  private var problemSection: PageMarkup {
    let broken = status.broken.map { failure -> PageMarkup in
      """
      <tr><td class="name">\(failure.place)</td><td>\(failure.action): \(failure.reason)</td>\
      <td>\(failure.remedy)</td></tr>
      """
    }
    let rows = status.problems.prefix(Self.rowLimit).map { problem -> PageMarkup in
      """
      <tr><td class="name">\(name: problem.path.text)</td>\
      <td>\(problem.action): \(problem.reason)</td><td>\(problem.remedy)</td></tr>
      """
    }
    return section(
      "problems", "Problems", ["Where", "What and why", "What to do"], broken + rows,
      broken.count + status.problems.count, "No problems.")
  }

  private var actionSection: PageMarkup {
    let rows = data.actions.prefix(Self.rowLimit).map { run -> PageMarkup in
      """
      <tr><td>\(run.id)</td><td class="name">\(name: run.order.command.utf8)</td>\
      <td>\(run.standing(status.now))</td><td>\(counted(run.names, "name"))</td>\
      <td>\(moment(run.ended ?? run.queued))</td></tr>
      """
    }
    return section(
      "actions", "Actions", ["Number", "Command", "State", "About", "When"], rows,
      data.actions.count, "None has run.")
  }

  private func section(
    _ id: PageMarkup, _ title: PageMarkup, _ heads: [PageMarkup], _ rows: [PageMarkup],
    _ count: Int, _ empty: PageMarkup
  ) -> PageMarkup {
    guard !rows.isEmpty else {
      return "<section id=\"\(id)\"><h2>\(title)</h2><p class=\"empty\">\(empty)</p></section>"
    }
    let cells = heads.map { "<th scope=\"col\">\($0)</th>" as PageMarkup }.joined()
    let table: PageMarkup = """
      <table><thead><tr>\(cells)</tr></thead><tbody>\(rows.joined())</tbody></table>
      """
    let rest: PageMarkup =
      count > rows.count ? "<p class=\"note\">And \(count - rows.count) more.</p>" : ""
    return """
      <section id="\(id)"><h2>\(title) <small>\(count)</small></h2>\
      \(ReportTable.scrolling(title.text, table))\(rest)</section>
      """
  }
}

/// Tables that are wider than a phone scroll in a box of their own.
enum ReportTable {
  static func scrolling(_ label: String, _ table: PageMarkup) -> PageMarkup {
    "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"\(label)\">\(table)</div>"
  }
}

/// `<time>` of a moment: `2026-11-22 07:41 UTC`.
func moment(_ seconds: Int64) -> PageMarkup {
  let text = timeText(seconds)
  let shown = text.prefix(16).split(separator: "T").joined(separator: " ") + " UTC"
  return "<time datetime=\"\(text)\">\(shown)</time>"
}
