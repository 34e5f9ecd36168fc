/// Forgets tombstones that every member of a group knows.
package enum TombstoneCollection {
  /// - Parameters:
  ///   - others: The other hosts of the group, as configured now. One that was never met blocks.
  /// - Returns: How many rows went.
  package static func run(
    _ group: String, others: [String], store: any Store
  ) throws(Failure) -> Int {
    let members = try store.members(group)
    var knowledge: [VersionVector?] = [try store.knowledge(group)]
    for host in others { knowledge.append(members.first { $0.host == host }?.knowledge) }
    guard !knowledge.contains(nil) else { return 0 }
    return try store.transaction { () throws(Failure) in
      var count = 0
      var last: TreePath?
      while true {
        let batch = try store.entries(group, in: .tombstone, after: last, limit: 1_000)
        guard let end = batch.last else { return count }
        last = end.path
        for entry in batch
        where entry.shown.content.value.isAbsent && entry.record.vector.isStable(among: knowledge) {
          try store.removeEntry(group, entry.path)
          count += 1
        }
      }
    }
  }
}
