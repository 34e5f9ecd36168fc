/// Forgets tombstones that every member of a group knows.
package enum TombstoneCollection {
  /// - Parameters:
  ///   - others: The other hosts of the group, as configured now. One that was never met blocks;
  ///     one that was retired does not.
  /// - Returns: How many rows went.
  package static func run(
    _ group: String, others: [String], store: any Store
  ) throws(Failure) -> Int {
    let members = try knowledge(group, others, store)
    guard !members.contains(where: { $0.knowledge == nil }) else { return 0 }
    let knowledge: [VersionVector?] = [try store.knowledge(group)] + members.map(\.knowledge)
    return try store.transaction { () throws(Failure) in
      var count = 0
      try each(group, store) { entry throws(Failure) in
        guard entry.shown.content.value.isAbsent, entry.record.vector.isStable(among: knowledge)
        else { return }
        try store.removeEntry(group, entry.path)
        count += 1
      }
      return count
    }
  }

  /// Who has to know of how many tombstones before they can go; hosts that block none are left out.
  package static func blockers(
    _ group: String, others: [String], store: any Store
  ) throws(Failure) -> [CollectionBlocker] {
    let members = try knowledge(group, others, store)
    var counts = members.map { CollectionBlocker(host: $0.host, tombstones: 0) }
    try each(group, store) { entry throws(Failure) in
      for (place, member) in members.enumerated()
      where !(member.knowledge?.covers(entry.record.vector) ?? false) {
        counts[place].tombstones += 1
      }
    }
    return counts.filter { $0.tombstones > 0 }
  }

  /// What each host that counts is known to know; nil: it was never met.
  private static func knowledge(
    _ group: String, _ others: [String], _ store: any Store
  ) throws(Failure) -> [(host: String, knowledge: VersionVector?)] {
    let retired = try Retirement.hosts(group, store: store)
    let members = try store.members(group)
    return others.filter { !retired.contains($0) }.map { host in
      (host, members.first { $0.host == host }?.knowledge)
    }
  }

  private static func each(
    _ group: String, _ store: any Store, _ body: (Entry) throws(Failure) -> Void
  ) throws(Failure) {
    var last: TreePath?
    while true {
      let batch = try store.entries(group, in: .tombstone, after: last, limit: 1_000)
      guard let end = batch.last else { return }
      last = end.path
      for entry in batch { try body(entry) }
    }
  }
}

/// A host that does not know some tombstones, as far as it has told.
package struct CollectionBlocker: Hashable, Sendable {
  package var host: String
  package var tombstones: Int

  package init(host: String, tombstones: Int) {
    self.host = host
    self.tombstones = tombstones
  }
}
