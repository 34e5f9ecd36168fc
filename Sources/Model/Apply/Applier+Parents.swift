/// Directories on the way to what a batch installs.
extension Applier {
  /// Directories that are not on this disk and have to be, for something below them: from the top.
  /// Nil where it has to wait: whether there is a directory on the way at all is in conflict.
  mutating func parents(
    of path: TreePath, coming: inout Set<TreePath>
  ) throws(Failure) -> [Step]? {
    var steps: [Step] = []
    var next = path.parent
    if next == standing { return [] }
    while let directory = next, !isRoot(directory), !coming.contains(directory),
      anchors.contains(where: { directory.isBelow($0) })
    {
      if isDirectory(directory) {
        if steps.isEmpty { standing = directory }
        break
      }
      if steps.isEmpty, try store.isContested(above: path, group) { return nil }
      // It has to pass a gate of its own.
      if let own = configured.gate(of: directory), own != gate { return nil }
      guard isMissing(directory), let step = try parentStep(directory) else { break }
      coming.insert(directory)
      steps.insert(step, at: 0)
      next = directory.parent
    }
    return steps
  }

  private func isDirectory(_ path: TreePath) -> Bool {
    (try? disk.stat(path))?.kind == .directory
  }

  private func isMissing(_ path: TreePath) -> Bool {
    do {
      return try disk.stat(path) == nil
    } catch {
      return error == .vanished
    }
  }

  /// A parent that is deleted, or not known: made with its last attributes. Nil where something
  /// else than a directory lives there.
  private func parentStep(_ directory: TreePath) throws(Failure) -> Step? {
    let known = try store.entry(group, directory)
    if let content = known?.wantedContent, !content.isAbsent, !content.isDirectory {
      return nil
    }
    var entry = known ?? Entry(path: directory, record: Record(vector: VersionVector()))
    entry.ignore(configured.ignored)
    let wanted = entry.record.lastAttributes
    return Step(
      entry: entry,
      installation: Installation(
        path: directory, body: .directory, expected: nil, mode: wanted.mode, owner: wanted.owner,
        acl: wanted.acl, modified: nil, taking: Taking(configured)),
      isForChildren: entry.isGone)
  }

  func isBelow(_ path: TreePath, _ directories: Set<TreePath>) -> Bool {
    var next = path.parent
    while let directory = next {
      if directories.contains(directory) { return true }
      next = directory.parent
    }
    return false
  }
}

extension Record {
  /// The attributes that were last heard of; of a new directory if there are none.
  var lastAttributes: Attributes {
    Attributes(
      mode: mode.siblings.last?.value ?? Mode(bits: 0o755),
      owner: owner.siblings.last?.value ?? Owner(user: .number(0), group: .number(0)),
      acl: acl.siblings.last?.value ?? .none)
  }
}
