import Model

/// How the last runs of `sync` went, as small plots.
struct ReportTrends {
  let runs: [RunFigures]

  private struct Line {
    var name: PageMarkup
    var values: [Double]
    /// Its class: drawn whole or dashed.
    var style: PageMarkup
  }

  var section: PageMarkup {
    guard let first = runs.first, let last = runs.last, runs.count > 1 else {
      return """
        <section id="trends"><h2>Trends</h2><p class="empty">They begin with the second run of \
        <code>concord sync</code> on this host.</p></section>
        """
    }
    let seconds = runs.map { Double($0.milliseconds) / 1_000 }
    return """
      <section id="trends"><h2>Trends</h2>
      <p class="note">The last \(counted(runs.count, "run")) of <code>concord sync</code> on this \
      host, from \(moment(first.time)) to \(moment(last.time)).</p>
      <div class="plots">
      \(plot("Seconds", [Line(name: "", values: seconds, style: "whole")], secondsText))
      \(plot("Files", [
        Line(name: "sent", values: runs.map { Double($0.sent) }, style: "whole"),
        Line(name: "received", values: runs.map { Double($0.received) }, style: "dashed"),
      ], countText))
      \(plot("Open conflicts", [
        Line(name: "", values: runs.map { Double($0.conflicts) }, style: "whole")
      ], countText))
      </div></section>
      """
  }

  private func countText(_ value: Double) -> String { "\(Int(value))" }

  private func plot(
    _ title: PageMarkup, _ lines: [Line], _ text: (Double) -> String
  ) -> PageMarkup {
    let top = max(lines.flatMap(\.values).max() ?? 0, 0.001)
    let figures = lines.map { line -> PageMarkup in
      let last = line.values.last.map(text) ?? ""
      let most = line.values.max().map(text) ?? ""
      let name: PageMarkup = line.name.text.isEmpty ? "" : "\(key(line)) \(line.name) "
      return "<span>\(name)last <b>\(last)</b>, most <b>\(most)</b></span>"
    }
    return """
      <figure><figcaption><b>\(title)</b>\(figures.joined())</figcaption>
      <svg viewBox="0 0 300 60" preserveAspectRatio="none" role="img" aria-label="\(title.text)">\
      <path class="base" d="M0 59.5H300"/>\(lines.map { path($0, top) }.joined())</svg></figure>
      """
  }

  private func key(_ line: Line) -> PageMarkup {
    """
    <svg class="key" viewBox="0 0 20 6" aria-hidden="true"><path class="\(line.style)" \
    d="M0 3H20"/></svg>
    """
  }

  private func path(_ line: Line, _ top: Double) -> PageMarkup {
    let step = 300 / Double(max(1, line.values.count - 1))
    var points = ""
    for (index, value) in line.values.enumerated() {
      let (x, y) = (Double(index) * step, 58 - value / top * 54)
      points += "\(index == 0 ? "M" : "L")\(tenth(x)) \(tenth(y))"
    }
    return "<path class=\"\(line.style)\" d=\"\(points)\"/>"
  }

  private func tenth(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
