extension Group {
  /// The gate that changes of a path have to pass, as an index of `gates`: the last that matches.
  package func gate(of path: TreePath) -> Int? {
    gates.isEmpty ? nil : gates.lastIndex { $0.matches(path) }
  }
}

extension Gate {
  /// How long one run may take if the configuration does not say.
  package static let usualTimeoutSeconds = 60
}

/// Works as they are carried out: those of each gate together, after those that pass none.
struct GateDivision {
  var free: [Work] = []
  var sets: [(gate: Int, work: [Work])] = []

  init(_ work: [Work], _ group: Group) {
    guard !group.gates.isEmpty else {
      free = work
      return
    }
    var byGate: [Int: [Work]] = [:]
    for item in work {
      if let gate = group.gate(of: item.path) {
        byGate[gate, default: []].append(item)
      } else {
        free.append(item)
      }
    }
    sets = byGate.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

extension Problem {
  private static let refused = "refused by validation"

  /// Changes that a gate has not let through: none of them was made.
  init(refused path: TreePath, _ group: String, _ reason: String) {
    self.init(
      group: group, path: path, Self.refused, reason,
      remedy: "correct it where it was changed, or see to the command here, and sync; "
        + "it is tried again with every session")
  }

  /// The same on another host.
  package init(refused path: TreePath, _ group: String, on host: String, _ reason: String) {
    self.init(
      group: group, path: path, "\(Self.refused) on \(escaped(host))", reason,
      remedy: "correct it, or see to the command on \(escaped(host)), and sync")
  }

  /// Whether it tells of a gate that let nothing through, here or on another host.
  package var isRefusal: Bool { action.hasPrefix(Self.refused) }

  /// The same, only on this host.
  package var isOwnRefusal: Bool { action == Self.refused }
}

extension Store {
  /// What the gates of a group hold up now: of what was told before and what is told now, the
  /// latest about each path that still waits.
  package func standing(
    _ refusals: [Problem], _ group: String
  ) throws(Failure) -> [Problem] {
    var latest: [TreePath: Problem] = [:]
    for problem in try problems(group) + refusals where problem.isOwnRefusal {
      latest[problem.path] = problem
    }
    var out: [Problem] = []
    for (path, problem) in latest.sorted(by: { $0.key < $1.key })
    where try entry(group, path)?.state.contains(.pending) == true {
      out.append(problem)
    }
    return out
  }

  /// Keeps the problems of an apply for `status`: what a gate refused under its own name, until
  /// it is in; the others under `source`, until there are new ones from there.
  package func keepProblems(
    _ problems: [Problem], _ group: String, source: String
  ) throws(Failure) {
    let others = problems.filter { $0.group == group && !$0.isRefusal }
    let refusals = try standing(problems.filter { $0.group == group }, group)
    let isQuiet = others.isEmpty && refusals.isEmpty
    if isQuiet, try self.problems(group).isEmpty { return }
    try transaction { () throws(Failure) in
      try setProblems(others, group, source: source)
      try setProblems(refusals, group, source: "validate")
    }
  }
}
