import Model
import ModelEdge

/// What a command answers, before anybody says in which form.
///
/// Everything is computed on demand: a form asks only for what it needs.
protocol Answer {
  /// The command, which names the schema too.
  static var command: String { get }
  static var rules: [FindingRule] { get }
  static var allClear: String { get }
  var node: Node { get }
  /// Seconds since 1970.
  var generated: Int64 { get }
  /// What was found, counted.
  var headline: String { get }
  /// One screen for people.
  func text(_ paint: Paint) -> String
  /// The document behind `schema`, `host` and `generated`.
  var members: [(String, JSON)] { get }
  /// The same, one by one.
  var records: [AnswerRecord] { get }
  var findings: [Finding] { get }
}

/// One line of NDJSON.
struct AnswerRecord {
  var type: String
  var members: [(String, JSON)]

  init(_ type: String, _ members: [(String, JSON)]) {
    self.type = type
    self.members = members
  }
}

extension Answer {
  private var head: [(String, JSON)] {
    [
      ("schema", .string("concord.\(Self.command)/1")), ("host", .string(node.name)),
      ("generated", .string(timeText(generated))),
    ]
  }

  /// The answer as one document.
  var document: JSON { .object(head + members) }

  /// One object a line; the first one says what and from whom.
  var lines: String {
    var out = JSON.object(head).text + "\n"
    for record in records {
      out += JSON.object([("type", .string(record.type))] + record.members).text + "\n"
    }
    return out
  }

  func report(_ root: FindingRoot) -> FindingReport {
    FindingReport(
      command: Self.command, version: Concord.version, host: node.name, generated: generated,
      headline: headline, allClear: Self.allClear, rules: Self.rules, findings: findings,
      root: root)
  }
}

/// A fingerprint of what a finding is about: 16 hexadecimal digits.
func fingerprint(_ rule: FindingRule, _ parts: [UInt8]...) -> String {
  var bytes = Array(rule.id.utf8)
  for part in parts {
    bytes.append(0)
    bytes += hexadecimal(part).utf8
  }
  return hexadecimal(ModelEdge.sha256(bytes).bytes.prefix(8))
}

/// `1 path`, `2 paths`.
func counted(_ count: some BinaryInteger, _ one: String, _ many: String? = nil) -> String {
  "\(count) \(count == 1 ? one : many ?? one + "s")"
}
