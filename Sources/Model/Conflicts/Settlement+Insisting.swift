extension Settlement {
  /// Says what this disk shows of a path once more, by an event of its own, and makes it win
  /// against each of `others` until it has been met: for a path that others know otherwise, by
  /// events that this host has not heard of.
  ///
  /// Nothing here is a version, too: the path is deleted there.
  ///
  /// - Returns: Whether there was anything to insist on.
  package static func insist(
    _ path: TreePath, group: Group, others: [String], store: any Store,
    recording: Recording = Recording()
  ) throws(Failure) -> Bool {
    try store.transaction { () throws(Failure) -> Bool in
      var absorber = try Absorber(store: store, group: group, recording: recording)
      let known = try store.entry(group.name, path)
      guard known?.state.contains(.leftOut) != true else { return false }
      if let known, !known.shown.content.value.isAbsent {
        _ = try absorber.retell(known)
      } else {
        try deny(path, known, group.name, store, &absorber)
      }
      try absorber.finish()
      _ = try force(path, group: group, others: others, store: store, recording: recording)
      return true
    }
  }

  /// A deletion of whatever others have at the path.
  private static func deny(
    _ path: TreePath, _ known: Entry?, _ group: String, _ store: any Store,
    _ absorber: inout Absorber
  ) throws(Failure) {
    var entry = known ?? Entry(path: path, record: Record(vector: absorber.knowledge))
    let before = known?.record
    let dot = try absorber.event()
    entry.record.vector.insert(dot)
    entry.record.content.replaceAll(with: dot, .absent)
    entry.shown = Shown(content: ShownValue(dots: [dot], value: .absent), attributes: nil)
    entry.seen = nil
    entry.decide(by: absorber.policy)
    try absorber.record(
      HistoryStep(of: dot, .delete, before: before, after: entry.record), at: path)
    try store.put(entry, changedFrom: known, group)
  }
}
