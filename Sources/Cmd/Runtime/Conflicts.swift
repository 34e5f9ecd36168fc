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

extension Node {
  /// Every open conflict, by group in the order of the file, then in path order.
  func conflicts() throws(Failure) -> [OpenConflict] {
    var out: [OpenConflict] = []
    for group in sessionGroups { out += try conflicts(group) }
    return out
  }

  private func conflicts(_ group: SessionGroup) throws(Failure) -> [OpenConflict] {
    let now = surroundings.now().seconds
    return try real.with { store throws(Failure) in
      let hosts = try hosts(group.name, store)
      var out: [OpenConflict] = []
      var last: TreePath?
      while true {
        let batch = try store.entries(group.name, in: .conflict, after: last, limit: 1_000)
        guard let end = batch.last else { return out }
        last = end.path
        for entry in batch {
          if let open = try conflict(entry, group.name, hosts, now, store) { out.append(open) }
        }
      }
    }
  }

  /// The conflict of an entry; nil if there is none.
  func conflict(
    _ entry: Entry, _ group: String, _ hosts: [ReplicaID: String], _ now: Int64,
    _ store: any Store
  ) throws(Failure) -> OpenConflict? {
    guard
      let conflict = Conflict(
        entry, group: group, hosts: hosts, steps: try store.steps(group, entry.path),
        digest: ModelEdge.sha256)
    else { return nil }
    return OpenConflict(
      conflict: conflict, entry: entry, since: try since(conflict, now, store))
  }

  /// Which host each replica belongs to.
  func hosts(_ group: String, _ store: any Store) throws(Failure) -> [ReplicaID: String] {
    var hosts: [ReplicaID: String] = [:]
    for known in try store.replicas(group) { hosts[known.replica] = known.host }
    return hosts
  }

  /// When the conflict was first listed here: written down the first time.
  private func since(
    _ conflict: Conflict, _ now: Int64, _ store: any Store
  ) throws(Failure) -> Int64 {
    let key = "conflict \(conflict.group) \(conflict.id)"
    if let bytes = try store.note(key), let text = String(validating: bytes, as: UTF8.self),
      let seconds = Int64(text)
    {
      return seconds
    }
    try store.transaction { () throws(Failure) in try store.setNote(key, Array("\(now)".utf8)) }
    return now
  }

  /// The conflicts that an identifier (or its beginning) or a path means.
  func conflicts(named given: String, _ settings: Settings) throws(Failure) -> [OpenConflict] {
    let all = try conflicts()
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
    }
    let targets = try targets(given, settings)
    let found = all.filter { open in
      targets.contains { $0.group == open.conflict.group && $0.path == open.conflict.path }
    }
    guard !found.isEmpty else {
      throw Failure(
        .noInput, escaped(given), "nothing to resolve", "it is not in conflict here",
        remedy: "see concord conflicts")
    }
    return found
  }
}
