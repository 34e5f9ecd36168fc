/// Decisions of a person, carried out on the record: they become one event each.
package enum Settlement {
  /// Settles a conflict by a choice among the versions that are open now.
  ///
  /// - Returns: The entry as it is kept now; its disk may still have to follow.
  package static func resolve(
    _ conflict: Conflict, choice: Choice, group: Group, store: any Store
  ) throws(Failure) -> Entry? {
    let values = try conflict.values(for: choice)
    return try store.transaction { () throws(Failure) -> Entry? in
      guard var entry = try store.entry(conflict.group, conflict.path) else { return nil }
      let seen = Set(entry.record.dots(in: conflict.fields))
      var absorber = try Absorber(store: store, group: group)
      entry.record = entry.record.resolved(to: values, seen: seen, dot: try absorber.event())
      entry.decide(by: absorber.policy)
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
    _ path: TreePath, group: Group, others: [String], store: any Store
  ) throws(Failure) -> Bool {
    try store.transaction { () throws(Failure) -> Bool in
      guard var entry = try store.entry(group.name, path) else { return false }
      for host in others { try store.addForceMark(ForceMark(path: path, host: host), group.name) }
      guard entry.record.isConflict, entry.hasVersionHere else { return false }
      var absorber = try Absorber(store: store, group: group)
      entry.resolveToShown(dot: try absorber.event())
      try store.put(entry, group.name)
      try absorber.finish()
      return true
    }
  }
}
