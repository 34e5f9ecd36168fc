import Model
import ModelEdge
import Transport

/// An open conflict and when this host first saw it.
struct OpenConflict {
  var conflict: Conflict
  var entry: Entry
  /// Seconds since 1970.
  var since: Int64
}

/// A conflict that the policy of its group has decided.
struct DecidedConflict {
  var conflict: Conflict
  var entry: Entry
  var method: AutoMethod
  /// The label of the version that won; nil: the content was made out of all of them.
  var winner: String?
  /// Seconds since 1970 of when this host first told of it.
  var since: Int64
}

extension Node {
  /// Every open conflict, by group in the order of the file, then in path order.
  func conflicts() throws(Failure) -> [OpenConflict] {
    var out: [OpenConflict] = []
    for group in sessionGroups { out += try conflicts(group, in: .conflict) }
    return out
  }

  /// Every conflict that nobody has to decide about any more, in the same order.
  func decidedConflicts() throws(Failure) -> [DecidedConflict] {
    var out: [DecidedConflict] = []
    for group in sessionGroups {
      for item in try conflicts(group, in: .decided) where !item.entry.isOpenConflict {
        out.append(
          DecidedConflict(
            conflict: item.conflict, entry: item.entry,
            method: group.group.autoMethod(for: item.entry.path),
            winner: item.entry.decided.flatMap { item.conflict.winner(of: $0) },
            since: item.since))
      }
    }
    return out
  }

  /// The group of that name, if this host is in it.
  func group(_ name: String) -> Group? { sessionGroups.first { $0.name == name }?.group }

  private func conflicts(
    _ group: SessionGroup, in states: EntryState
  ) throws(Failure) -> [OpenConflict] {
    let now = surroundings.now().seconds
    return try real.with { store throws(Failure) in
      let hosts = try hosts(group.name, store)
      var seen = try FirstSeen(group.name, now: now, store)
      var out: [OpenConflict] = []
      var last: TreePath?
      while true {
        // All of them, so that what is remembered of one kind is not forgotten for the other.
        let batch = try store.entries(
          group.name, in: [.conflict, .decided], after: last, limit: 1_000)
        guard let end = batch.last else {
          try seen.keep(store)
          return out
        }
        last = end.path
        for entry in batch {
          guard let conflict = try conflict(entry, group.name, hosts, store) else { continue }
          let since = seen.since(conflict.id)
          guard !entry.state.isDisjoint(with: states) else { continue }
          out.append(OpenConflict(conflict: conflict, entry: entry, since: since))
        }
      }
    }
  }

  /// The conflict of an entry; nil if there is none.
  func conflict(
    _ entry: Entry, _ group: String, _ hosts: [ReplicaID: String], _ store: any Store
  ) throws(Failure) -> Conflict? {
    Conflict(
      entry, group: group, hosts: hosts, steps: try store.steps(group, entry.path),
      digest: ModelEdge.sha256)
  }

  /// Which host each replica belongs to.
  func hosts(_ group: String, _ store: any Store) throws(Failure) -> [ReplicaID: String] {
    var hosts: [ReplicaID: String] = [:]
    for known in try store.replicas(group) { hosts[known.replica] = known.host }
    return hosts
  }

  /// Whether a conflict is open, found without looking at any.
  func hasConflicts() throws(Failure) -> Bool {
    try real.with { store throws(Failure) in
      for group in sessionGroups where try store.openCounts(group.name).conflicts > 0 {
        return true
      }
      return false
    }
  }

  /// The conflicts that identifiers (or their beginnings) or paths mean, each once, decided ones
  /// too: a person may know better than a policy.
  func conflicts(named given: [String], _ settings: Settings) throws(Failure) -> [OpenConflict] {
    var all: [OpenConflict] = []
    for group in sessionGroups { all += try conflicts(group, in: [.conflict, .decided]) }
    var out: [OpenConflict] = []
    var told: Set<String> = []
    for name in given {
      out += try conflicts(named: name, among: all, settings)
        .filter { told.insert($0.conflict.id).inserted }
    }
    return out
  }

  private func conflicts(
    named given: String, among all: [OpenConflict], _ settings: Settings
  ) throws(Failure) -> [OpenConflict] {
    let isHex =
      given.utf8.count >= 4 && given.utf8.count <= 8
      && given.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    if isHex {
      let found = all.filter { $0.conflict.id.hasPrefix(given) }
      if found.count > 1 {
        throw Failure(
          .usage, escaped(given), "not clear", "\(found.count) conflicts begin so",
          remedy: "give the path")
      }
      if !found.isEmpty { return found }
      if let refusal = try refusal(ofFormer: given) { throw refusal }
    }
    let targets: [Target]
    do {
      targets = try self.targets(given, settings)
    } catch {
      guard isHex, !given.utf8.contains(UInt8(ascii: "/")) else { throw error }
      throw Failure(
        .noInput, escaped(given), "no such conflict", "none of that name is known here",
        remedy: "see concord conflicts")
    }
    let found = all.filter { open in
      targets.contains { $0.group == open.conflict.group && $0.path == open.conflict.path }
    }
    guard !found.isEmpty else {
      throw Failure(
        .noInput, escaped(given), "no such conflict", "its versions agree, as far as is known here",
        remedy: "see concord conflicts")
    }
    return found
  }
}
