/// What somebody did meanwhile on a host that only receives: noted, and no event.
extension Applier {
  func noteNow(
    _ path: TreePath, _ entry: Entry, _ observed: Observation?
  ) throws(Failure) -> (entry: Entry, stat: FileStat?, isEvent: Bool) {
    let look = try LocalLook(
      store: store, group: configured, seconds: surroundings.now().seconds)
    let current = try store.entry(group, path) ?? entry
    let new =
      try look.take(path, entry: current, observed: observed, isFresh: true) ?? current
    return (new, observed?.stat, new.state.contains(.localOnly))
  }

  /// Whether a directory cannot be replaced because of what lives in it on this host alone.
  func isKeptLocally(_ directory: TreePath) throws(Failure) -> Bool {
    guard configured.isReceiveOnlyHere else { return false }
    return try store.hasLocalOnly(below: directory, group)
  }
}

extension LocalOnlyStore {
  /// Whether something below the path is local only.
  package func hasLocalOnly(below path: TreePath, _ group: String) throws(Failure) -> Bool {
    // All that is below a path follows it.
    try localOnly(group, after: path, limit: 1).first?.path.isBelow(path) ?? false
  }
}
