/// Finishes or undoes what a run that died had begun, before anything else is done.
package enum Recovery {
  /// - Parameters:
  ///   - groups: Those of this host: what follows from an installation is queued with it.
  ///   - seconds: Now, since 1970.
  /// - Returns: How many installations were found in the journal.
  package static func run(
    groups: [Group] = [], seconds: Int64 = 0, store: any Store, disk: any Disk
  ) throws(Failure) -> Int {
    var (count, isComplete) = (0, true)
    for (batch, rows) in try store.journal() {
      count += rows.count
      let outcomes = rows.map { disk.recover($0.path, token: $0.token) }
      // A root that is not there now: asked again when it is, and nothing of it is forgotten.
      let left = zip(rows, outcomes).filter { $0.1.isUnavailable }.map(\.0)
      if !left.isEmpty { isComplete = false }
      try store.transaction { () throws(Failure) in
        for (row, outcome) in zip(rows, outcomes) {
          guard case .installed(let stat) = outcome else { continue }
          var entry = row.entry
          entry.seen = stat?.kept
          try store.put(entry, row.group)
          if !entry.isKeptForChildren, let group = groups.first(where: { $0.name == row.group }) {
            var actions = ActionBatch(group, made: .elsewhere)
            actions.note(row.path)
            try actions.queue(in: store, seconds: seconds)
          }
        }
        // Undone, or changed by somebody: the entry still says what was there before, and the next
        // scan compares the disk with that.
        if left.count < rows.count { try store.removeFromJournal(batch, keeping: left) }
      }
    }
    if isComplete { disk.clearStaging() }
    return count
  }
}

extension RecoveryOutcome {
  fileprivate var isUnavailable: Bool {
    if case .unavailable = self { true } else { false }
  }
}
