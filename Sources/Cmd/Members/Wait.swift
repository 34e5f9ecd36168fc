import Model
import Transport
import TransportEdge

/// What is waited for, and how far it is. The goal is knowledge, not a moment: a host has what this
/// one knew when its knowledge covers it, by its own word or by another's.
struct Wait {
  struct Host {
    var name: String
    /// When it was known to have all, counted from the start; nil: not yet.
    var seconds: Double?
    /// Why it could not be met the last time.
    var problem = ""
    /// Whether it was met since the goal was set.
    var isMet = false
  }

  struct Goal {
    var group: SessionGroup
    var knowledge = VersionVector()
    /// Records of this host hold events that its knowledge does not cover: it has just rejoined, or
    /// an exchange broke off. Then knowledge does not say it all, and each host has to be met.
    var isPartial = false
    var hosts: [Host]
  }

  let node: Node
  let start: Double
  private(set) var goals: [Goal] = []
  /// Why a group is not synced now, by its name.
  private(set) var refusals: [String: String] = [:]
  private var notAskedFor: [String: String] = [:]

  init(node: Node, start: Double) {
    self.node = node
    self.start = start
  }

  mutating func add(_ group: SessionGroup, _ hosts: [String]) {
    goals.append(Goal(group: group, hosts: hosts.map { Host(name: $0) }))
  }

  /// Scans, and takes what this host knows then as the goal.
  mutating func look(_ context: Context, unselected: [SessionGroup]) throws(Failure) {
    for group in unselected { notAskedFor[group.name] = "not asked for" }
    for place in goals.indices {
      let group = goals[place].group
      if let broken = node.brokenGroups[group.name] { throw broken }
      if let question = try node.scan(group, node.real, ScanRequest())?.question {
        refusals[group.name] = node.words(question)
        context.console.say("\(escaped(group.name)): not synced: \(node.words(question))")
      }
      let (knowledge, uncovered) = try node.real.with { store throws(Failure) in
        let knowledge = try store.knowledge(group.name)
        return (knowledge, try store.countNotCovered(group.name, by: knowledge))
      }
      goals[place].knowledge = knowledge
      goals[place].isPartial = uncovered > 0
    }
  }

  var isDone: Bool { goals.allSatisfy { $0.hosts.allSatisfy { $0.seconds != nil } } }

  /// Whether a host of a group that is synced is still to come.
  var mayStillEnd: Bool {
    goals.contains { goal in
      refusals[goal.group.name] == nil && goal.hosts.contains { $0.seconds == nil }
    }
  }

  /// Looks at what has been told so far; true if nobody lacks anything.
  mutating func check() throws(Failure) -> Bool {
    for (place, goal) in goals.enumerated() {
      for (number, host) in goal.hosts.enumerated()
      where host.seconds == nil && (host.isMet || !goal.isPartial) {
        let member = try node.real.with { store throws(Failure) in
          try store.member(host.name, goal.group.name)
        }
        guard let known = member?.knowledge, known.covers(goal.knowledge) else { continue }
        goals[place].hosts[number].seconds = monotonicSeconds() - start
      }
    }
    return isDone
  }

  func round() -> Round {
    Round(
      node: node, ledger: node.real, purpose: .synchronise,
      refusals: refusals.merging(notAskedFor) { first, _ in first })
  }

  /// Those that lack something. If one of them cannot be met, the others as well: they may hand it
  /// on, and tell of it.
  func worthMeeting() throws(Failure) -> [String] {
    let lacking = goals.flatMap(\.hosts).filter { $0.seconds == nil }
    var names = Set(lacking.map(\.name))
    if lacking.contains(where: { !$0.problem.isEmpty }) {
      names.formUnion(try node.active(in: goals.map(\.group)))
    }
    return names.sorted()
  }

  mutating func note(_ meetings: [Round.Meeting]) {
    for place in goals.indices {
      for number in goals[place].hosts.indices {
        let name = goals[place].hosts[number].name
        guard let meeting = meetings.first(where: { $0.peer == name }) else { continue }
        let refusal = meeting.result?.refusals.first { $0.group == goals[place].group.name }
        goals[place].hosts[number].problem =
          meeting.failure.map { "\($0)" } ?? refusal?.reason ?? ""
        if goals[place].hosts[number].problem.isEmpty { goals[place].hosts[number].isMet = true }
      }
    }
  }

  /// The document `concord.wait/1`.
  var document: JSON {
    .object([
      ("schema", .string("concord.wait/1")), ("host", .string(node.name)),
      ("groups", .array(goals.map(json))),
    ])
  }

  private func json(_ goal: Goal) -> JSON {
    .object([
      ("name", .string(goal.group.name)),
      (
        "hosts",
        .array(
          goal.hosts.map { host in
            .object([
              ("name", .string(host.name)), ("has", .bool(host.seconds != nil)),
              ("seconds", host.seconds.map { .double($0) } ?? .null),
              (
                "problem",
                host.seconds != nil || host.problem.isEmpty ? .null : .string(host.problem)
              ),
            ])
          })
      ),
    ])
  }
}
