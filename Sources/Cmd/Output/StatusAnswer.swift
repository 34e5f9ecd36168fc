import Model
import Transport

/// What `status` answers.
struct StatusAnswer: Answer {
  static let command = "status"
  static let rules = FindingRule.status
  static let allClear = "in sync"

  let node: Node
  let report: StatusReport
  /// Everything is listed, however much it is.
  let isWhole: Bool

  var generated: Int64 { report.now }
  var headline: String { counted(findings.count, "finding") }

  // MARK: As data

  var members: [(String, JSON)] {
    [
      ("groups", .array(report.groups.map { .object(members($0)) })),
      ("held", .array(report.held.map { .object(members($0)) })),
      ("actions", .array(report.actions.map { .object($0.members) })),
      ("problems", .array(report.problems.map { .object(members($0)) })),
      ("local_only", .array(report.local.map { .object(members($0)) })),
    ]
  }

  var records: [AnswerRecord] {
    var out: [AnswerRecord] = []
    for group in report.groups {
      let head = members(group).filter { $0.0 != "hosts" }
      out.append(AnswerRecord("group", head))
      out += group.hosts.map {
        AnswerRecord("host", [("group", .string(group.name))] + members($0))
      }
    }
    out += report.broken.map { AnswerRecord("key", [("text", .string("\($0)"))]) }
    out += report.conflicts.map { AnswerRecord("conflict", node.members($0)) }
    out += report.held.map { AnswerRecord("held", members($0)) }
    out += report.actions.map { AnswerRecord("action", $0.members) }
    out += report.problems.map { AnswerRecord("problem", members($0)) }
    out += report.local.map { AnswerRecord("local_only", members($0)) }
    return out
  }

  private func members(_ group: StatusReport.GroupStatus) -> [(String, JSON)] {
    [
      ("name", .string(group.name)), ("files", .int(group.counts.live)),
      ("conflicts", .int(group.counts.conflicts)), ("pending", .int(group.counts.pending)),
      ("tombstones", .int(group.counts.tombstones)), ("kept", .int(group.counts.kept)),
      (
        "waiting_for",
        .array(
          group.waiting.map {
            .object([("name", .string($0.host)), ("tombstones", .int($0.tombstones))])
          })
      ),
      ("hosts", .array(group.hosts.map { .object(members($0)) })),
    ]
  }

  private func members(_ host: StatusReport.Host) -> [(String, JSON)] {
    [
      ("name", .string(host.name)), ("state", .string(host.state)), ("behind", .int(host.behind)),
      ("last_met", host.lastMet.map { .string(timeText($0)) } ?? .null),
      ("problem", host.problem.isEmpty ? .null : .string(host.problem)),
    ]
  }

  private func members(_ item: StatusReport.HeldPath) -> [(String, JSON)] {
    pathMembers(node.localPath(item.path)) + [
      ("what", .string(item.what)), ("why", .string(item.why)),
    ]
  }

  private func members(_ item: Node.LocalPath) -> [(String, JSON)] {
    [("group", .string(item.group.name))] + pathMembers(node.localPath(item.local.path)) + [
      ("what", .string(item.local.kind.rawValue)), ("since", .string(timeText(item.local.since))),
      ("next", .string(node.cure(item))),
    ]
  }

  private func members(_ problem: Problem) -> [(String, JSON)] {
    [("group", .string(problem.group))] + pathMembers(node.localPath(problem.path)) + [
      ("what", .string(problem.action)), ("why", .string(problem.reason)),
      ("next", .string(problem.remedy)),
    ]
  }

  // MARK: As findings

  var findings: [Finding] {
    report.conflicts.map { $0.finding(node) }
      + report.groups.flatMap { group in
        waiting(group) + group.hosts.compactMap { finding($0, group.name) }
      } + report.broken.map(finding) + report.held.map(finding) + actionFindings
      + report.local.map(finding) + report.problems.map(finding)
  }

  private func waiting(_ group: StatusReport.GroupStatus) -> [Finding] {
    guard group.counts.pending > 0 else { return [] }
    return [
      Finding(
        rule: .waiting, group: group.name, subject: "group \(escaped(group.name))",
        message: "\(counted(group.counts.pending, "path")) waiting to be applied on this host",
        fingerprint: fingerprint(.waiting, Array(group.name.utf8)))
    ]
  }

  private func finding(_ host: StatusReport.Host, _ group: String) -> Finding? {
    let rule: FindingRule
    var message = host.state
    switch host.state {
    case "behind":
      rule = .behind
      message = "\(counted(host.behind, "path")) behind"
    case "never-met": rule = .neverMet
    case "unreachable": rule = .unreachable
    case "refused": rule = .refused
    default: return nil
    }
    if !host.problem.isEmpty { message = host.problem }
    return Finding(
      rule: rule, group: group, subject: "host \(escaped(host.name))", message: message,
      fingerprint: fingerprint(rule, Array(group.utf8), Array(host.name.utf8)))
  }

  private func finding(_ broken: Failure) -> Finding {
    Finding(
      rule: .key, group: "concord", subject: "key", message: "\(broken)",
      fingerprint: fingerprint(.key, Array(broken.place.utf8)))
  }

  private func finding(_ item: StatusReport.HeldPath) -> Finding {
    Finding(
      rule: .held, group: item.group, path: node.localPath(item.path),
      message: "\(item.what): \(item.why)",
      fingerprint: fingerprint(
        .held, Array(item.group.utf8), item.path.key, Array(item.what.utf8)))
  }

  private func finding(_ item: Node.LocalPath) -> Finding {
    Finding(
      rule: .localOnly, group: item.group.name, path: node.localPath(item.local.path),
      message: "\(item.local.kind.words); \(node.cure(item))",
      fingerprint: fingerprint(
        .localOnly, Array(item.group.name.utf8), item.local.path.key,
        Array(item.local.kind.rawValue.utf8)))
  }

  private var actionFindings: [Finding] {
    report.actions.filter(\.isTrouble).map { run in
      Finding(
        rule: .action, group: run.order.group, subject: "action \(run.id)",
        message: "\(escaped(run.order.command)): \(run.standing(report.now))",
        fingerprint: fingerprint(
          .action, Array(run.order.group.utf8), Array(run.order.command.utf8)))
    }
  }

  private func finding(_ problem: Problem) -> Finding {
    let next = problem.remedy.isEmpty ? "" : "; \(problem.remedy)"
    return Finding(
      rule: .problem, group: problem.group, path: node.localPath(problem.path),
      message: "\(problem.action): \(problem.reason)\(next)",
      fingerprint: fingerprint(
        .problem, Array(problem.group.utf8), problem.path.key, Array(problem.action.utf8)))
  }
}
