/// Decisions of a person, carried out on the record: they become one event each.
package enum Settlement {
  /// Settles a conflict by a choice among the versions that are open now.
  ///
  /// - Returns: The entry as it is kept now; its disk may still have to follow.
  package static func resolve(
    _ conflict: Conflict, choice: Choice, store: any Store,
    recording: Recording = Recording(), reason: String = ""
  ) throws(Failure) -> Entry? {
    let values = try conflict.values(for: choice)
    return try store.transaction { () throws(Failure) -> Entry? in
      guard var entry = try store.entry(conflict.group, conflict.path) else { return nil }
      let seen = Set(entry.record.dots(in: conflict.fields))
      var absorber = try Absorber(store: store, group: conflict.group, recording: recording)
      let (dot, before) = (try absorber.event(), entry.record)
      entry.record = before.resolved(to: values, seen: seen, dot: dot)
      try absorber.record(
        HistoryStep(of: dot, .resolve, before: before, after: entry.record, reason: reason),
        at: entry.path)
      entry.refresh()
      try store.put(entry, conflict.group)
      try absorber.finish()
      return entry
    }
  }

  /// Makes this host's version win: now, if the path is in conflict, and in the next conflict with
  /// each of `others` until it has been met.
  ///
  /// - Returns: Whether a conflict was settled.
  package static func force(
    _ path: TreePath, group: String, others: [String], store: any Store,
    recording: Recording = Recording()
  ) throws(Failure) -> Bool {
    try store.transaction { () throws(Failure) -> Bool in
      guard var entry = try store.entry(group, path) else { return false }
      for host in others { try store.addForceMark(ForceMark(path: path, host: host), group) }
      guard entry.record.isConflict, entry.hasVersionHere else { return false }
      var absorber = try Absorber(store: store, group: group, recording: recording)
      let (dot, before) = (try absorber.event(), entry.record)
      entry.resolveToShown(dot: dot)
      try absorber.record(
        HistoryStep(of: dot, .force, before: before, after: entry.record), at: path)
      try store.put(entry, group)
      try absorber.finish()
      return true
    }
  }
}
