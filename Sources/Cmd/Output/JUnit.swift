import Model

extension FindingReport {
  /// One suite, one test case a finding; one that passes if there is none, because some readers
  /// refuse an empty suite.
  var junit: String {
    let failures = findings.filter { $0.rule.level != .note }.count
    let tests = max(1, findings.count)
    let counts = "tests=\"\(tests)\" failures=\"\(failures)\" errors=\"0\" skipped=\"0\""
    let time = timeText(generated).dropLast()
    var out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    out += "<testsuites name=\"concord\" \(counts) time=\"0\">\n"
    out += "  <testsuite name=\"concord \(markup(command))\" \(counts) time=\"0\""
    out += " timestamp=\"\(time)\" hostname=\"\(markup(escaped(host)))\">\n"
    if findings.isEmpty { out += testCase("concord", allClear, "") }
    for finding in findings {
      out += testCase(finding.group, finding.name, failure(finding))
    }
    return out + "  </testsuite>\n</testsuites>\n"
  }

  private func testCase(_ group: String, _ name: String, _ failure: String) -> String {
    let head = "    <testcase classname=\"\(markup(escaped(group)))\" name=\"\(markup(name))\" "
    return head + (failure.isEmpty ? "time=\"0\"/>\n" : "time=\"0\">\n\(failure)    </testcase>\n")
  }

  private func failure(_ finding: Finding) -> String {
    guard finding.rule.level != .note else { return "" }
    let text = ([finding.message] + finding.details).map(markup).joined(separator: "\n")
    return "      <failure type=\"\(markup(finding.rule.name))\" "
      + "message=\"\(markup(finding.message))\">\(text)</failure>\n"
  }
}

/// Text for XML and HTML, between tags and in attributes. Two characters that XML cannot hold, and
/// that are safe elsewhere, stand as their bytes.
func markup(_ text: String) -> String {
  var out = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\u{FFFE}": out += "\\xef\\xbf\\xbe"
    case "\u{FFFF}": out += "\\xef\\xbf\\xbf"
    default: out += markupReference(scalar) ?? String(scalar)
    }
  }
  return out
}
