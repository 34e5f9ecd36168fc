/// Decisions of a person, carried out on the record: they become one event each.
package enum Settlement {
  /// What a person decided, and who it was.
  package struct Decree: Hashable, Sendable {
    package var values: ResolvedValues
    /// The verb: `host`, `merge`, `delete`, ...
    package var how: String
    /// Whose version it comes to, in words; empty if it is nobody's.
    package var winner: String
    package var user: String
    package var reason: String
    /// Seconds since 1970.
    package var seconds: Int64

    package init(
      values: ResolvedValues, how: String, winner: String = "", user: String = "",
      reason: String = "", seconds: Int64
    ) {
      self.values = values
      self.how = how
      self.winner = winner
      self.user = user
      self.reason = reason
      self.seconds = seconds
    }
  }

  /// Settles a conflict by a decree about the versions that its author saw.
  ///
  /// - Returns: The entry as it is kept now; its disk may still have to follow.
  /// - Throws: `busy` if the path is not in just this conflict any more: what arrived meanwhile was
  ///   not on anybody's screen.
  package static func resolve(
    _ conflict: Conflict, _ decree: Decree, group: Group, store: any Store,
    recording: Recording = Recording()
  ) throws(Failure) -> Entry {
    try store.transaction { () throws(Failure) -> Entry in
      guard try isCurrent(conflict, store: store),
        var entry = try store.entry(conflict.group, conflict.path)
      else { throw moved(conflict.path) }
      var absorber = try Absorber(store: store, group: group, recording: recording)
      let former = entry.record
      let dot = try absorber.event()
      entry.record = former.resolved(to: decree.values, seen: Set(conflict.dots), dot: dot)
      try absorber.record(
        HistoryStep(
          of: dot, .resolve, before: former, after: entry.record, reason: decree.reason),
        at: entry.path)
      entry.decide(by: absorber.policy)
      try store.put(entry, conflict.group)
      let isAboutDirectory = conflict.versions.contains { $0.values.content?.isDirectory == true }
      if isAboutDirectory, let content = decree.values.content, !content.isDirectory {
        try clear(below: conflict.path, conflict.group, store, &absorber)
      }
      try absorber.finish()
      try store.add(
        SettledConflict(
          id: conflict.id, group: conflict.group, path: conflict.path,
          kind: conflict.kind.rawValue, how: decree.how, winner: decree.winner, dot: dot,
          fields: conflict.fields, former: former, user: decree.user, reason: decree.reason,
          seconds: decree.seconds))
      return entry
    }
  }

  /// Whether the path is in just this conflict still.
  package static func isCurrent(
    _ conflict: Conflict, store: any Store
  ) throws(Failure) -> Bool {
    guard let entry = try store.entry(conflict.group, conflict.path) else { return false }
    return entry.record.conflictingFields == conflict.fields
      && entry.record.dots(in: conflict.fields) == conflict.dots
  }

  /// Brings a path to life that holds a copy of a version, for `--both`.
  ///
  /// - Parameter values: All four.
  /// - Returns: The entry; its disk has to follow.
  package static func plant(
    _ path: TreePath, _ values: ResolvedValues, group: Group, store: any Store,
    recording: Recording = Recording()
  ) throws(Failure) -> Entry {
    try store.transaction { () throws(Failure) -> Entry in
      var absorber = try Absorber(store: store, group: group, recording: recording)
      var entry =
        try store.entry(group.name, path)
        ?? Entry(path: path, record: Record(vector: absorber.knowledge))
      guard entry.record.isTombstone, entry.shown.content.value.isAbsent,
        var content = values.content, let mode = values.mode, let owner = values.owner,
        let acl = values.acl
      else {
        throw Failure(
          .cannotCreate, "\(path)", "no copy made", "something is there",
          remedy: "move it away, or give another --suffix")
      }
      let dot = try absorber.event()
      if case .file(var file) = content {
        file.isBirth = true
        content = .file(file)
      }
      entry.record.vector.insert(dot)
      entry.record.content.replaceAll(with: dot, content)
      entry.record.mode.replaceAll(with: dot, mode)
      entry.record.owner.replaceAll(with: dot, owner)
      entry.record.acl.replaceAll(with: dot, acl)
      entry.refresh()
      try store.put(entry, group.name)
      try absorber.finish()
      return entry
    }
  }

  private static func moved(_ path: TreePath) -> Failure {
    Failure(
      .busy, "\(path)", "not resolved", "another version has arrived meanwhile",
      remedy: "look at it again: concord conflicts")
  }

  /// Takes a decision back: the conflict is open again, with the versions that it had.
  ///
  /// - Returns: The entry as it is kept now.
  package static func undo(
    _ settled: SettledConflict, group: Group, store: any Store,
    recording: Recording = Recording()
  ) throws(Failure) -> Entry {
    try store.transaction { () throws(Failure) -> Entry in
      var absorber = try Absorber(store: store, group: group, recording: recording)
      guard var entry = try store.entry(settled.group, settled.path),
        let again = try entry.record.reopened(
          settled.fields, former: settled.former, resolution: settled.dot,
          mint: { () throws(Failure) in try absorber.event() })
      else {
        throw Failure(
          .noInput, "\(settled.path)", "not undone", "it has been changed since it was settled",
          remedy: "see concord log \(settled.path)")
      }
      for event in again.events {
        try absorber.record(
          HistoryStep(
            of: event.new, .reopen, before: entry.record, after: again.record,
            origin: event.former),
          at: entry.path)
      }
      entry.record = again.record
      entry.decide(by: absorber.policy)
      try absorber.finish()
      return try store.put(entry, changedFrom: nil, settled.group)
    }
  }

  /// Makes this host's version win: now, if the path is in conflict, and in the next conflict with
  /// each of `others` until it has been met.
  ///
  /// - Returns: Whether a conflict was settled.
  package static func force(
    _ path: TreePath, group: Group, others: [String], store: any Store,
    recording: Recording = Recording()
  ) throws(Failure) -> Bool {
    try store.transaction { () throws(Failure) -> Bool in
      guard var entry = try store.entry(group.name, path) else { return false }
      for host in others { try store.addForceMark(ForceMark(path: path, host: host), group.name) }
      guard entry.record.isConflict, entry.hasVersionHere else { return false }
      var absorber = try Absorber(store: store, group: group, recording: recording)
      let isAboutDirectory = entry.record.content.siblings.contains { $0.value.isDirectory }
      let (dot, before) = (try absorber.event(), entry.record)
      entry.resolveToShown(dot: dot)
      try absorber.record(
        HistoryStep(of: dot, .force, before: before, after: entry.record), at: path)
      try store.put(entry, group.name)
      if isAboutDirectory, !entry.shown.content.value.isDirectory {
        try clear(below: path, group.name, store, &absorber)
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
        entry.decide(by: absorber.policy)
        try store.put(entry, group)
      }
    }
  }
}
