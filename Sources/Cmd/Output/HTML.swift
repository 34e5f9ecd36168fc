import Model

extension FindingReport {
  /// One small page that needs nothing else.
  var html: String {
    let title = "concord \(markup(command)) on \(markup(escaped(host)))"
    let what = findings.isEmpty ? allClear : headline
    var out = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" \
      content="default-src 'none'; style-src 'unsafe-inline'">
      <title>\(title)</title>
      <style>
      body { font: 15px/1.5 sans-serif; margin: 2em; color: #222; background: #fff }
      table { border-collapse: collapse }
      th, td { text-align: left; vertical-align: top; padding: .3em .8em }
      td { border-top: 1px solid #ddd }
      code { overflow-wrap: anywhere }
      .error { color: #a00 } .warning { color: #850 } .note { color: #060 }
      </style>
      </head>
      <body>
      <h1>\(title)</h1>
      <p>\(markup(what)), \(timeText(generated))</p>

      """
    if !findings.isEmpty {
      out += "<table>\n<thead><tr><th>Finding</th><th>Group</th><th>Path</th><th>What</th></tr>"
      out += "</thead>\n<tbody>\n"
      for finding in findings { out += row(finding) }
      out += "</tbody>\n</table>\n"
    }
    return out + "</body>\n</html>\n"
  }

  private func row(_ finding: Finding) -> String {
    let what = ([finding.message] + finding.details).map(markup).joined(separator: "<br>")
    return "<tr><td class=\"\(finding.rule.level.rawValue)\">\(markup(finding.rule.title))</td>"
      + "<td>\(markup(escaped(finding.group)))</td>"
      + "<td><code>\(markup(finding.name))</code></td><td>\(what)</td></tr>\n"
  }
}
