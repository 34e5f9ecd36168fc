/// Finishes or undoes what a run that died had begun, before anything else is done.
package enum Recovery {
  /// - Parameters:
  ///   - groups: Those of this host: what follows from an installation is queued with it.
  ///   - seconds: Now, since 1970.
  /// - Returns: How many installations were found in the journal.
  package static func run(
    groups: [Group] = [], seconds: Int64 = 0, store: any Store, disk: any Disk
  ) throws(Failure) -> Int {
    let rows = try store.journal()
    var isComplete = true
    for row in rows {
      let outcome = disk.recover(row.path, token: row.token)
      // A root that is not there now: asked again when it is, and nothing of it is forgotten.
      if case .unavailable = outcome {
        isComplete = false
        continue
      }
      try store.transaction { () throws(Failure) in
        if case .installed(let stat) = outcome {
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
        try store.removeFromJournal(row.group, row.path)
      }
    }
    if isComplete { disk.clearStaging() }
    return rows.count
  }
}
