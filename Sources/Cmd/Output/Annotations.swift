import Model

extension FindingReport {
  /// Workflow commands of GitHub Actions, one line a finding, shown at the file and the line.
  var annotations: String {
    findings.map { annotation($0) + "\n" }.joined()
  }

  private func annotation(_ finding: Finding) -> String {
    let word =
      switch finding.rule.level {
      case .error: "error"
      case .warning: "warning"
      case .note: "notice"
      }
    var properties: [(String, String)] = []
    if let path = finding.path {
      properties.append(("file", Self.file(root.directory.isEmpty ? path : relative(path))))
      if let lines = finding.lines.first {
        properties += [("line", "\(lines.lowerBound)"), ("endLine", "\(lines.upperBound)")]
      }
    }
    properties.append(("title", finding.rule.title))
    let text = properties.map { $0.0 + "=" + Self.escape($0.1, isProperty: true) }
    let subject = finding.path == nil ? finding.subject + ": " : ""
    let message = ([subject + finding.message] + finding.details).joined(separator: "\n")
    return "::\(word) \(text.joined(separator: ","))::" + Self.escape(message, isProperty: false)
  }

  private func relative(_ path: [UInt8]) -> [UInt8] { root.below(path).map(Array.init) ?? path }

  /// The name itself where the format can carry it. It knows no way to write a control character or
  /// a byte that is not UTF-8: such a name stands escaped.
  private static func file(_ path: [UInt8]) -> String {
    guard let text = String(validating: path, as: UTF8.self) else { return escaped(path) }
    // Line ends are escaped by the format itself, backslashes need not be.
    let rest = path.filter { ![0x0A, 0x0D, 0x5C].contains($0) }
    return escaped(rest).utf8.elementsEqual(rest) ? text : escaped(path)
  }

  private static func escape(_ text: String, isProperty: Bool) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": out += "%25"
      case "\r": out += "%0D"
      case "\n": out += "%0A"
      case ":" where isProperty: out += "%3A"
      case "," where isProperty: out += "%2C"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
}
