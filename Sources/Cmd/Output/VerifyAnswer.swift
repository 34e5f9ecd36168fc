import Model
import Transport

/// What `verify` answers.
struct VerifyAnswer: Answer {
  static let command = "verify"
  static let rules = FindingRule.verify
  static let allClear = "no differences"

  /// A difference to a peer.
  struct Row {
    var peer: String
    var item: Difference
  }

  /// A group that was not compared; the peer is empty if with no host at all.
  struct Gap {
    var peer: String
    var group: String
    var reason: String
  }

  let node: Node
  let generated: Int64
  var rows: [Row] = []
  /// By peer: what it has where it has something else, if that was asked for.
  var texts: [String: [PeerText]] = [:]
  var gaps: [Gap] = []
  var peers: [(name: String, failure: Failure?)] = []

  var headline: String {
    let missed = gaps.count + peers.filter { $0.failure != nil }.count
    return counted(rows.count, "difference") + (missed > 0 ? ", \(missed) not compared" : "")
  }

  func text(_ paint: Paint) -> String {
    rows.map { row in
      "\(row.item.kind.rawValue)\t\(escaped(node.name))\t\(escaped(row.peer))\t"
        + "\(node.shownPath(row.item.path))\n"
    }.joined()
  }

  var members: [(String, JSON)] {
    [
      ("differences", .array(rows.map { .object(members($0)) })),
      ("peers", .array(peers.map { .object(members($0.name, $0.failure)) })),
      ("not_compared", .array(gaps.map { .object(members($0)) })),
    ]
  }

  var records: [AnswerRecord] {
    rows.map { AnswerRecord("difference", members($0)) }
      + peers.map { AnswerRecord("peer", members($0.name, $0.failure)) }
      + gaps.map { AnswerRecord("not_compared", members($0)) }
  }

  private func members(_ row: Row) -> [(String, JSON)] {
    [
      ("kind", .string(row.item.kind.rawValue)), ("peer", .string(row.peer)),
      ("group", .string(row.item.group)),
    ] + pathMembers(node.localPath(row.item.path))
  }

  private func members(_ name: String, _ failure: Failure?) -> [(String, JSON)] {
    [
      ("name", .string(name)), ("ok", .bool(failure == nil)),
      ("problem", failure.map { .string("\($0)") } ?? .null),
    ]
  }

  private func members(_ gap: Gap) -> [(String, JSON)] {
    [
      ("peer", gap.peer.isEmpty ? .null : .string(gap.peer)), ("group", .string(gap.group)),
      ("why", .string(gap.reason)),
    ]
  }

  var findings: [Finding] {
    rows.map(finding)
      + peers.compactMap { name, failure in failure.map { finding(name, "\($0)") } }
      + gaps.map { gap in
        let subject = gap.peer.isEmpty ? "group \(escaped(gap.group))" : "host \(escaped(gap.peer))"
        return Finding(
          rule: .notCompared, group: gap.group, subject: subject,
          message: "not compared: \(gap.reason)",
          fingerprint: fingerprint(
            .notCompared, Array(gap.group.utf8), Array(gap.peer.utf8)))
      }
  }

  private func finding(_ row: Row) -> Finding {
    let peer = escaped(row.peer)
    let (rule, message): (FindingRule, String) =
      switch row.item.kind {
      case .differs: (.differs, "differs between \(escaped(node.name)) and \(peer)")
      case .onlyHere: (.onlyHere, "only on \(escaped(node.name)), not on \(peer)")
      case .onlyThere: (.onlyThere, "only on \(peer), not on \(escaped(node.name))")
      }
    return Finding(
      rule: rule, group: row.item.group, path: node.localPath(row.item.path), message: message,
      fingerprint: fingerprint(
        rule, Array(row.item.group.utf8), row.item.path.key, Array(row.peer.utf8)))
  }

  private func finding(_ peer: String, _ failure: String) -> Finding {
    Finding(
      rule: .notCompared, group: "concord", subject: "host \(escaped(peer))", message: failure,
      fingerprint: fingerprint(.notCompared, Array(peer.utf8)))
  }
}
