import Model

extension FindingReport {
  /// A headline and a table, for a comment in a pull request.
  var markdown: String {
    let what = findings.isEmpty ? allClear : headline
    var out = "### concord \(command) on \(Self.cell(host)): \(Self.cell(what))\n"
    guard !findings.isEmpty else { return out }
    out += "\n| | Finding | Group | Path | What |\n|---|---|---|---|---|\n"
    for finding in findings { out += row(finding) }
    return out
  }

  private func row(_ finding: Finding) -> String {
    let mark =
      switch finding.rule.level {
      case .error: "❌"
      case .warning: "⚠️"
      case .note: "ℹ️"
      }
    // Names in code: nobody is notified because a file is called like somebody.
    let name = "<code>" + Self.cell(finding.name) + "</code>"
    let what = ([finding.message] + finding.details).map(Self.cell).joined(separator: "<br>")
    return "| \(mark) | \(Self.cell(finding.rule.title)) | \(Self.cell(escaped(finding.group))) "
      + "| \(name) | \(what) |\n"
  }

  /// Text that means itself in a cell of a table.
  private static func cell(_ text: String) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "@": out += "&#64;"
      // Backslashes before the bar would be counted by some readers and not by others.
      case "|": out += "&#124;"
      case "\\", "`", "*", "_", "{", "}", "[", "]", "#", "~", "!", "$":
        out += "\\"
        out.unicodeScalars.append(scalar)
      case "\n": out += "<br>"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
}
