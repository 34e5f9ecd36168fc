/// What stands on this disk, beside what this host last saw there.
extension Applier {
  /// Whether something else stands on the disk than this host last saw there.
  func isUnknown(_ present: FileStat?, to entry: Entry) -> Bool {
    switch (present, entry.shown.content.value.isAbsent) {
    case (nil, true): false
    case (nil, false), (.some, true): true
    case (let present?, false):
      !(entry.seen.map { present.matches($0) } ?? false) && !isSame(present, entry)
    }
  }

  /// A directory's stamps move with its children; only what a record holds counts.
  private func isSame(_ present: FileStat, _ entry: Entry) -> Bool {
    guard present.kind == .directory, entry.shown.content.value.isDirectory,
      let seen = entry.seen
    else { return false }
    return present.mode == seen.mode && present.uid == seen.uid && present.gid == seen.gid
  }

  func body(keeping content: Content) -> Installation.Body {
    switch content {
    case .absent: .nothing
    case .file(let file): .unchangedFile(file.digest)
    case .directory: .directory
    case .symlink(let target): .symlink(target: target)
    case .fifo: .fifo
    case .device(let node): .device(node)
    }
  }

  func look(_ path: TreePath) throws(DiskTrouble) -> Observation? {
    do {
      return try disk.stat(path) == nil ? nil : try disk.observe(path, known: nil)
    } catch .vanished {
      return nil
    }
  }

  func recordNow(
    _ path: TreePath, _ entry: Entry, _ observed: Observation?
  ) throws(Failure) -> (entry: Entry, stat: FileStat?, isEvent: Bool) {
    var absorber = try Absorber(
      store: store, group: configured,
      recording: Recording(seconds: surroundings.now().seconds))
    let current = try store.entry(group, path) ?? entry
    let new = try absorber.absorb(path, entry: current, observed: observed, isFresh: true)
    try absorber.finish()
    return (new ?? current, observed?.stat, absorber.events > 0)
  }
}
