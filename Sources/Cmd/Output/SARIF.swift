import Model

extension FindingReport {
  /// A log of the Static Analysis Results Interchange Format, version 2.1.0, with one run.
  var sarif: JSON {
    var all = rules
    for finding in findings where !all.contains(finding.rule) { all.append(finding.rule) }
    var places: [String: Int] = [:]
    for (place, rule) in all.enumerated() { places[rule.id] = place }
    return .object([
      ("$schema", .string("https://json.schemastore.org/sarif-2.1.0.json")),
      ("version", .string("2.1.0")),
      ("runs", .array([run(all, places)])),
    ])
  }

  private func run(_ all: [FindingRule], _ places: [String: Int]) -> JSON {
    .object([
      (
        "tool",
        .object([
          (
            "driver",
            .object([
              ("name", .string("concord")), ("version", .string(version)),
              ("rules", .array(all.map(json))),
            ])
          )
        ])
      ),
      ("automationDetails", .object([("id", .string("concord-\(command)/\(host)/"))])),
      (
        "originalUriBaseIds",
        .object([("ROOT", .object([("uri", .string(Self.uri(root.directory + slash)))]))])
      ),
      ("results", .array(findings.map { json($0, places[$0.rule.id] ?? 0) })),
    ])
  }

  private var slash: [UInt8] { [UInt8(ascii: "/")] }

  private func json(_ rule: FindingRule) -> JSON {
    .object([
      ("id", .string(rule.id)),
      ("shortDescription", .object([("text", .string(rule.summary))])),
      ("fullDescription", .object([("text", .string(rule.explanation))])),
      ("defaultConfiguration", .object([("level", .string(rule.level.rawValue))])),
    ])
  }

  private func json(_ finding: Finding, _ place: Int) -> JSON {
    let subject = finding.path == nil ? finding.subject + ": " : ""
    let text = ([subject + finding.message] + finding.details).joined(separator: "\n")
    return .object([
      ("ruleId", .string(finding.rule.id)), ("ruleIndex", .int(place)),
      ("level", .string(finding.rule.level.rawValue)),
      ("message", .object([("text", .string(Self.literal(text)))])),
      ("locations", .array(locations(finding))),
      (
        "partialFingerprints",
        .object([(finding.fingerprintKey, .string(finding.fingerprint))])
      ),
    ])
  }

  private func locations(_ finding: Finding) -> [JSON] {
    let logical: (String, JSON) = (
      "logicalLocations",
      .array([
        .object([
          ("fullyQualifiedName", .string("\(escaped(finding.group))/\(finding.name)"))
        ])
      ])
    )
    guard let path = finding.path else { return [.object([logical])] }
    let artifact = ("artifactLocation", artifact(path))
    guard !finding.lines.isEmpty else {
      return [.object([("physicalLocation", .object([artifact]))])]
    }
    return finding.lines.map { lines in
      let region: [(String, JSON)] = [
        ("startLine", .int(lines.lowerBound)), ("endLine", .int(lines.upperBound)),
      ]
      return .object([("physicalLocation", .object([artifact, ("region", .object(region))]))])
    }
  }

  /// Relative to the root where it is below it.
  private func artifact(_ path: [UInt8]) -> JSON {
    guard let below = root.below(path) else {
      return .object([("uri", .string(Self.uri(path)))])
    }
    return .object([("uri", .string(Self.encoded(below))), ("uriBaseId", .string("ROOT"))])
  }

  private static func uri(_ path: [UInt8]) -> String { "file://" + encoded(path[...]) }

  /// Every byte that is not surely plain in any part of a URI as `%NN`; slashes stay.
  private static func encoded(_ path: ArraySlice<UInt8>) -> String {
    let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
    var out = ""
    for byte in path {
      if plain.contains(byte) {
        out.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        out += "%" + hexadecimal([byte]).uppercased()
      }
    }
    return out
  }

  /// SARIF messages take `{0}` for an argument; doubled braces stand for themselves.
  private static func literal(_ text: String) -> String {
    var out = ""
    for character in text.unicodeScalars {
      out.unicodeScalars.append(character)
      if character == "{" || character == "}" { out.unicodeScalars.append(character) }
    }
    return out
  }
}
