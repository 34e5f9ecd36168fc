import Model
import Transport

// What waits in the groups, and for whom.
extension Doctor {
  /// A host that blocks for longer is worth a thought about retiring it.
  private static let longAgo: Int64 = 7 * 86_400

  func collection() throws(Failure) -> [Diagnosis] {
    var out: [Diagnosis] = []
    for group in node.sessionGroups {
      let what = "deletions of \(escaped(group.name))"
      let others = node.others(in: [group])
      let (kept, blockers) = try node.real.with { store throws(Failure) in
        let kept = try store.counts(group.name).tombstones
        let blockers = try TombstoneCollection.blockers(group.name, others: others, store: store)
        return (kept, blockers)
      }
      if blockers.isEmpty {
        out.append(.ok(what, kept == 0 ? "none kept" : "\(kept) kept, and none waits for a host"))
      }
      for blocker in blockers { out.append(try finding(blocker, what)) }
    }
    return out
  }

  private func finding(_ blocker: CollectionBlocker, _ what: String) throws(Failure) -> Diagnosis {
    let peer = try node.real.with { store throws(Failure) in try store.peer(blocker.host) }
    let host = escaped(blocker.host)
    let met = peer?.lastMet.map { "last met \(ageText(now - $0)) ago" } ?? "never met"
    let detail = "\(blocker.tombstones) are kept until \(host) knows them (\(met))"
    let isGone = peer?.lastMet.map { now - $0 > Self.longAgo } ?? true
    return .warn(
      what, detail,
      isGone
        ? "sync with it, or strike it for good: concord host retire \(host)"
        : "sync with it; if it will not come back: concord host retire \(host)")
  }

  func actions() throws(Failure) -> [Diagnosis] {
    let runs = try node.real.with { store throws(Failure) in try store.actionRuns() }
    let open = runs.filter { $0.state != .done }
    guard let first = open.first(where: \.isTrouble) else {
      return [.ok("actions", open.isEmpty ? "none waits" : "\(counted(open.count, "run")) to come")]
    }
    let count = open.count(where: \.isTrouble)
    return [
      .warn(
        "actions", "\(counted(count, "run")) in trouble: \(node.line(first, now: now))",
        "mend it, then concord actions retry \(first.id); or concord actions drop \(first.id)")
    ]
  }

  func openWork() throws(Failure) -> [Diagnosis] {
    var out: [Diagnosis] = []
    for group in node.sessionGroups {
      let name = escaped(group.name)
      let (counts, problems) = try node.real.with { store throws(Failure) in
        (try store.counts(group.name), try store.problems(group.name))
      }
      if counts.conflicts > 0 {
        out.append(
          .warn("group \(name)", "\(counts.conflicts) conflicts are open", "see concord conflicts"))
      }
      if counts.pending > 0 {
        out.append(
          .warn("group \(name)", "\(counts.pending) paths wait to be applied", "run concord sync"))
      }
      if counts.held > 0 {
        out.append(
          .warn(
            "group \(name)", "attributes of \(counts.held) paths are held", "see concord status"))
      }
      let local = try node.localPaths().count { $0.group.name == group.name }
      if local > 0 {
        out.append(
          .warn(
            "group \(name)", "\(local) paths were changed on this host alone, which only receives",
            "see concord status"))
      }
      if let first = problems.first {
        out.append(
          .warn("group \(name)", "\(problems.count) problems: \(first)", "see concord status"))
      }
      if counts.conflicts + counts.pending + counts.held + local == 0, problems.isEmpty {
        out.append(.ok("group \(name)", "\(counts.live) paths, nothing open"))
      }
    }
    return out + (try node.skewWarnings().map { .warn("clock", $0, "") })
  }
}
