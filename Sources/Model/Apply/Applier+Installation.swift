/// From a verdict to what is to be installed.
extension Applier {
  /// What is replaced here while it is still a version of a conflict (a policy has chosen another)
  /// is kept first.
  mutating func isSafe(
    _ entry: Entry, _ installation: Installation
  ) throws(Failure) -> Bool {
    guard entry.record.content.isConflict, installation.expected != nil,
      case .file(let file) = entry.shown.content.value, entry.record.digests.contains(file.digest)
    else { return true }
    if case .unchangedFile = installation.body { return true }
    let keeper = Keeper(group: group, store: store, disk: disk, limits: limits)
    guard let reason = try keeper.keepShown(entry) else { return true }
    report.problems.append(
      Problem(
        group: group, path: entry.path, "not updated", reason,
        remedy: "make room, give held-total more, or settle the conflict"))
    return false
  }

  mutating func installation(
    _ entry: Entry, _ work: Work, _ present: FileStat?
  ) -> Installation? {
    func make(_ body: Installation.Body, _ wanted: Attributes, _ modified: Timestamp? = nil)
      -> Installation
    {
      Installation(
        path: entry.path, body: body, expected: present, mode: wanted.mode, owner: wanted.owner,
        acl: wanted.acl, modified: configured.ignored.contains(.mtime) ? nil : modified,
        taking: Taking(configured))
    }
    let none = Attributes(
      mode: Mode(bits: 0), owner: Owner(user: .number(0), group: .number(0)), acl: .none)
    switch entry.verdict {
    case .nothing where !entry.isKeptForChildren: return nil
    case .nothing, .remove: return isRoot(entry.path) ? nil : make(.nothing, none)
    case .adjust(let wanted, _): return make(body(keeping: entry.shown.content.value), wanted)
    case .install(.absent, _): return nil
    case .install(.directory, let wanted):
      guard present != nil || !isRoot(entry.path) else {
        report.problems.append(
          Problem(
            group: group, path: entry.path, "not synced", "the root directory is missing here",
            remedy: "make it, or mount it, and sync again"))
        return nil
      }
      return make(.directory, wanted)
    case .install(.symlink(let target), let wanted): return make(.symlink(target: target), wanted)
    case .install(.fifo, let wanted): return make(.fifo, wanted)
    case .install(.device(let node), let wanted):
      guard configured.takesDevices else {
        report.problems.append(
          Problem(
            group: group, path: entry.path, "not synced", "it is a \(node)",
            remedy: "exclude it, or say devices yes in the group"))
        return nil
      }
      return make(.device(node), wanted)
    case .install(.file(let file), let wanted):
      guard let stage = work.stage, stage.digest == file.digest else { return nil }
      return make(.staged(stage.handle), wanted, file.modified)
    }
  }
}
