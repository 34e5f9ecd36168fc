/// Decisions of a person, carried out on the record: they become one event each.
package enum Settlement {
  /// Settles a conflict by a choice among the versions that are open now.
  ///
  /// - Returns: The entry as it is kept now; its disk may still have to follow.
  package static func resolve(
    _ conflict: Conflict, choice: Choice, store: any Store
  ) throws(Failure) -> Entry? {
    let values = try conflict.values(for: choice)
    return try store.transaction { () throws(Failure) -> Entry? in
      guard var entry = try store.entry(conflict.group, conflict.path) else { return nil }
      let seen = Set(entry.record.dots(in: conflict.fields))
      var absorber = try Absorber(store: store, group: conflict.group)
      entry.record = entry.record.resolved(to: values, seen: seen, dot: try absorber.event())
      entry.refresh()
      try store.put(entry, conflict.group)
      let isAboutDirectory = conflict.versions.contains { $0.values.content?.isDirectory == true }
      if isAboutDirectory, let content = values.content, !content.isDirectory {
        try clear(below: conflict.path, conflict.group, store, &absorber)
      }
      try absorber.finish()
      return entry
    }
  }

  /// Makes this host's version win: now, if the path is in conflict, and in the next conflict with
  /// each of `others` until it has been met.
  ///
  /// - Returns: Whether a conflict was settled.
  package static func force(
    _ path: TreePath, group: String, others: [String], store: any Store
  ) throws(Failure) -> Bool {
    try store.transaction { () throws(Failure) -> Bool in
      guard var entry = try store.entry(group, path) else { return false }
      for host in others { try store.addForceMark(ForceMark(path: path, host: host), group) }
      guard entry.record.isConflict, entry.hasVersionHere else { return false }
      var absorber = try Absorber(store: store, group: group)
      let isAboutDirectory = entry.record.content.siblings.contains { $0.value.isDirectory }
      entry.resolveToShown(dot: try absorber.event())
      try store.put(entry, group)
      if isAboutDirectory, !entry.shown.content.value.isDirectory {
        try clear(below: path, group, store, &absorber)
      }
      try absorber.finish()
      return true
    }
  }

  /// Who decides against a directory decides against all that is known to live in it. What another
  /// host makes there meanwhile brings the conflict back.
  private static func clear(
    below directory: TreePath, _ group: String, _ store: any Store, _ absorber: inout Absorber
  ) throws(Failure) {
    var last = directory
    while true {
      let below = try store.entries(group, under: directory, after: last, limit: 500)
      guard let end = below.last else { return }
      last = end.path
      for var entry in below where !entry.record.isTombstone && !entry.state.contains(.leftOut) {
        entry.record = entry.record.resolved(
          to: ResolvedValues(content: .absent), seen: Set(entry.record.content.dots),
          dot: try absorber.event())
        entry.refresh()
        try store.put(entry, group)
      }
    }
  }
}
