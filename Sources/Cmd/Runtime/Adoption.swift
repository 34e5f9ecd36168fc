import Model
import Transport
import TransportEdge

/// Hosts that get to know each other by what they have, and touch none of it.
struct Adoption {
  let node: Node
  private var meetings: [Round.Meeting] = []
  private var counts: [(group: String, counts: GroupCounts)] = []
  private var problems: [String] = []

  init(node: Node) { self.node = node }

  mutating func run(_ context: Context) throws {
    var refusals: [String: String] = [:]
    let broken = node.brokenGroups
    for group in node.sessionGroups {
      if let failure = broken[group.name] {
        problems.append("\(failure)")
        continue
      }
      let request = ScanRequest(actor: context.settings.user)
      guard let report = try node.scan(group.asked(for: .adopt), node.real, request) else {
        continue
      }
      problems += report.problems.map { node.line($0) }
      if let question = report.question {
        refusals[group.name] = node.words(question)
        problems.append("\(escaped(group.name)): not looked at: \(node.words(question))")
      }
    }
    let groups = node.sessionGroups.filter { broken[$0.name] == nil }
    let round = Round(
      node: node, ledger: node.real, purpose: .adopt, refusals: refusals)
    meetings = round.meet(try node.active(in: groups))
    for group in groups {
      counts.append(
        (
          group.name,
          try node.real.with { store throws(Failure) in
            try store.counts(group.name)
          }
        ))
    }
  }

  private var conflicts: Int { counts.reduce(0) { $0 + $1.counts.conflicts } }

  /// Why a peer was not met in full; nil if it was.
  private func trouble(_ meeting: Round.Meeting) -> String? {
    if let failure = meeting.failure { return "\(failure)" }
    guard let refusal = meeting.result?.refusals.first else { return nil }
    return "\(escaped(refusal.group)): not joined: \(refusal.reason)"
  }

  var status: Int32 {
    if !problems.isEmpty { return ExitStatus.pathsFailed }
    if meetings.contains(where: { trouble($0) != nil }) { return ExitStatus.notInSync }
    return conflicts > 0 ? ExitStatus.conflicts : ExitStatus.done
  }

  /// Lines for a person.
  var text: String {
    var lines: [String] = []
    for (group, counts) in counts {
      lines.append(
        "\(escaped(group)): \(counts.live) paths known; \(counts.conflicts) differ, "
          + "\(counts.pending) to be brought here by the next sync")
    }
    for meeting in meetings {
      let name = escaped(meeting.peer)
      if let trouble = trouble(meeting) {
        lines.append("\(name): not joined yet: \(trouble)")
      } else if let summary = meeting.result?.peerSummary {
        lines.append("\(name): joined; the next sync brings it \(summary.pending)")
      }
    }
    lines += problems
    lines.append(next)
    return lines.map { $0 + "\n" }.joined()
  }

  private var next: String {
    if meetings.contains(where: { trouble($0) != nil }) {
      return "Run concord adopt on the hosts that are missing, and here again."
    }
    if conflicts > 0 { return "See concord conflicts for what differs; then run concord sync." }
    return "Run concord sync to bring every host what it lacks."
  }

  func document(notes: [Fault]) -> JSON {
    .object([
      ("schema", .string("concord.adopt/1")), ("host", .string(node.name)),
      (
        "notes",
        .array(
          notes.map { note in
            .object([
              ("file", .string(note.position.file)), ("line", .int(note.position.line)),
              ("column", .int(note.position.column)), ("message", .string(note.message)),
              ("remedy", .string(note.remedy)),
            ])
          })
      ),
      (
        "groups",
        .array(
          counts.map { item in
            .object([
              ("name", .string(item.group)), ("paths", .int(item.counts.live)),
              ("conflicts", .int(item.counts.conflicts)), ("to_fetch", .int(item.counts.pending)),
            ])
          })
      ),
      (
        "peers",
        .array(
          meetings.map { meeting in
            .object([
              ("name", .string(meeting.peer)), ("joined", .bool(trouble(meeting) == nil)),
              ("to_fetch", .int(Int(clamping: meeting.result?.peerSummary.pending ?? 0))),
              ("problem", trouble(meeting).map { .string($0) } ?? .null),
            ])
          })
      ), ("problems", .array(problems.map { .string($0) })),
    ])
  }
}
