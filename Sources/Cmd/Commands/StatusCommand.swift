import ArgumentParser
import Model
import Transport

/// `status`
struct StatusCommand: ConcordCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "One screen: groups, hosts, conflicts, held metadata, problems.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var report: ReportOptions

  func execute(_ context: Context) throws -> Int32 {
    let node = try context.here()
    for warning in try node.skewWarnings() { context.console.say(warning) }
    let found = try StatusReport.make(node)
    report.put(
      StatusAnswer(node: node, report: found, isWhole: context.settings.isVerbose), context)
    return report.status(found.statuses)
  }
}

/// The state of everything, as this host knows it.
struct StatusReport {
  struct Host {
    var name: String
    /// `in-sync`, `behind`, `unreachable`, `refused`, `never-met` or `retired`.
    var state: String
    var behind: Int
    var lastMet: Int64?
    var problem: String
  }

  struct GroupStatus {
    var name: String
    var counts: GroupCounts
    var hosts: [Host]
    /// Whom the deletions that are kept wait for.
    var waiting: [CollectionBlocker]
  }

  struct HeldPath {
    var group: String
    var path: TreePath
    var what: String
    var why: String
  }

  var groups: [GroupStatus] = []
  var conflicts: [OpenConflict] = []
  var held: [HeldPath] = []
  /// What this host has changed and spreads nowhere.
  var local: [Node.LocalPath] = []
  /// Those that are not done.
  var actions: [ActionRun] = []
  var problems: [Problem] = []
  var broken: [Failure] = []
  var now: Int64 = 0

  static func make(_ node: Node) throws(Failure) -> StatusReport {
    var report = StatusReport()
    report.now = node.surroundings.now().seconds
    report.conflicts = try node.conflicts()
    report.local = try node.localPaths()
    report.broken = node.brokenGroups.values.sorted { $0.place < $1.place }
    report.actions = try node.real.with { store throws(Failure) in
      try store.actionRuns().filter { $0.state != .done }
    }
    for group in node.sessionGroups {
      try node.real.with { store throws(Failure) in
        report.groups.append(try status(of: group, node, store))
        report.held += try heldPaths(group.name, store)
        report.problems += try store.problems(group.name)
      }
    }
    return report
  }

  private static func status(
    of group: SessionGroup, _ node: Node, _ store: any Store
  ) throws(Failure) -> GroupStatus {
    var hosts: [Host] = []
    let retired = try Retirement.hosts(group.name, store: store)
    let others = node.others(in: [group])
    for name in others {
      let peer = try store.peer(name)
      if retired.contains(name) {
        hosts.append(
          Host(name: name, state: "retired", behind: 0, lastMet: peer?.lastMet, problem: ""))
        continue
      }
      let member = try store.member(name, group.name)
      let behind = try member?.knowledge.map { knowledge throws(Failure) in
        try store.countNotCovered(group.name, by: knowledge)
      }
      hosts.append(host(name, peer, behind))
    }
    let counts = try store.counts(group.name)
    let waiting =
      counts.tombstones == 0
      ? [] : try TombstoneCollection.blockers(group.name, others: others, store: store)
    return GroupStatus(name: group.name, counts: counts, hosts: hosts, waiting: waiting)
  }

  private static func host(_ name: String, _ peer: PeerState?, _ behind: Int?) -> Host {
    let trouble = peer?.trouble ?? ""
    let state: String
    if !trouble.isEmpty {
      state = peer?.troubleKind == "refused" ? "refused" : "unreachable"
    } else if let behind {
      state = behind == 0 ? "in-sync" : "behind"
    } else {
      state = "never-met"
    }
    return Host(
      name: name, state: state, behind: behind ?? 0, lastMet: peer?.lastMet, problem: trouble)
  }

  private static func heldPaths(
    _ group: String, _ store: any Store
  ) throws(Failure) -> [HeldPath] {
    var out: [HeldPath] = []
    var last: TreePath?
    while true {
      let batch = try store.entries(
        group, in: [.held, .keptForChildren], after: last, limit: 1_000)
      guard let end = batch.last else { return out }
      last = end.path
      for entry in batch {
        for held in entry.held {
          out.append(
            HeldPath(
              group: group, path: entry.path, what: held.attribute.rawValue, why: held.reason))
        }
        if entry.isKeptForChildren, !entry.isKeptDeleted {
          out.append(
            HeldPath(
              group: group, path: entry.path, what: "directory",
              why: "deleted elsewhere, kept for what is still in it"))
        }
      }
    }
  }

  /// All that apply.
  var statuses: Set<Int32> {
    var out: Set<Int32> = []
    if !conflicts.isEmpty { out.insert(ExitStatus.conflicts) }
    if groups.contains(where: {
      $0.counts.pending > 0 || $0.hosts.contains { $0.state != "in-sync" && $0.state != "retired" }
    }) {
      out.insert(ExitStatus.notInSync)
    }
    if actions.contains(where: \.isTrouble) { out.insert(ExitStatus.validationFailed) }
    if problems.contains(where: \.isRefusal) { out.insert(ExitStatus.validationFailed) }
    if problems.contains(where: { !$0.isRefusal }) { out.insert(ExitStatus.pathsFailed) }
    if !broken.isEmpty { out.insert(ExitStatus.of(.configuration)) }
    return out
  }
}
