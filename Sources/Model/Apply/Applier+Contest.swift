/// A directory here, something else there, and each host has a reason to keep its own.
extension Applier {
  /// Whether something lives below a directory of this disk that its other author had not seen.
  func isInhabited(_ directory: TreePath) throws(Failure) -> Bool {
    var last = directory
    while true {
      let below = try store.entries(group, under: directory, after: last, limit: 500)
      guard let end = below.last else { return false }
      last = end.path
      if below.contains(where: { !$0.shown.content.value.isAbsent && !$0.record.isTombstone }) {
        return true
      }
    }
  }

  /// Stands by the directory: the file that was to take its place did not know of what lives in it.
  /// Said by an event, this is a conflict like any other, with one id on every host.
  func contest(_ entry: Entry) throws(Failure) {
    guard !entry.record.content.isConflict, entry.shown.content.value.isDirectory else { return }
    var entry = entry
    var absorber = try Absorber(
      store: store, group: configured, recording: Recording(seconds: surroundings.now().seconds))
    entry.record = entry.record.contested(by: entry.shown, dot: try absorber.event())
    entry.decide(by: absorber.policy)
    try store.put(entry, changedFrom: nil, group)
    try absorber.finish()
  }
}

extension Store {
  /// Whether hosts disagree on a directory above the path, and this disk does not show one there,
  /// or something else stands there on this host alone: what lives below waits until that is
  /// settled.
  package func isContested(above path: TreePath, _ group: String) throws(Failure) -> Bool {
    var next = path.parent
    while let directory = next {
      if let entry = try entry(group, directory), entry.isContestedDirectory { return true }
      if try localOnly(group, directory)?.found.content.value.takesPlace == true { return true }
      next = directory.parent
    }
    return false
  }
}

extension Entry {
  fileprivate var isContestedDirectory: Bool {
    record.content.isConflict && !shown.content.value.isDirectory
      && record.content.siblings.contains { $0.value.takesPlace }
  }
}

extension Content {
  /// Whether nothing can live below it.
  var takesPlace: Bool { !isAbsent && !isDirectory }
}
