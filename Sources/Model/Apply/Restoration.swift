/// Puts a copy of what was replaced back into its place.
///
/// On the way in it is treated like everything else: complete in staging, exchanged, and what it
/// replaces is copied first. What comes of it is a change of this host like any edit; the caller
/// scans for it.
package struct Restoration {
  private let path: TreePath
  private let group: Group
  private let place: BackupPlace
  private let store: any Store
  private let disk: any Disk

  /// How it ended.
  package enum Outcome: Hashable, Sendable {
    /// It is in its place, and all that is new is this path or below it.
    case restored(TreePath)
    /// There is no copy of that generation.
    case missing
    /// What is there stays as it is.
    case refused(Problem)
  }

  package static func run(
    _ path: TreePath, generation: Int, group: Group, anchors: [TreePath], place: BackupPlace,
    store: any Store, disk: any Disk
  ) throws(Failure) -> Outcome {
    let restoration = Restoration(
      path: path, group: group, place: place, store: store, disk: disk)
    defer { disk.settle() }
    let copy: StagedBackup?
    do { copy = try disk.stageBackup(of: path, generation: generation, in: place) } catch {
      return restoration.refused(error)
    }
    guard let copy else { return .missing }
    do { return try restoration.put(copy, anchors) } catch {
      _ = restoration.drop(copy, .missing)
      throw error
    }
  }

  private func refused(_ trouble: DiskTrouble) -> Outcome {
    .refused(
      Problem(
        group: group.name, path: path, "not restored", trouble.reason, remedy: trouble.remedy))
  }

  private func put(_ copy: StagedBackup, _ anchors: [TreePath]) throws(Failure) -> Outcome {
    var top = path
    var missing: [TreePath] = []
    while let parent = top.parent, !anchors.contains(top), isMissing(parent) {
      missing.insert(parent, at: 0)
      top = parent
    }
    for directory in missing {
      let record = try store.entry(group.name, directory)?.record
      let wanted = (record ?? Record(vector: VersionVector())).lastAttributes
      let outcome = install(directory, .directory, nil, wanted, modified: nil)
      guard case .restored = outcome else { return drop(copy, outcome) }
    }
    let present: FileStat?
    do { present = try disk.stat(path) } catch { return drop(copy, refused(error)) }
    let seen = copy.observation
    let body: Installation.Body
    switch (seen.content, copy.stage) {
    case (.symlink(let target), _): body = .symlink(target: target)
    case (_, let stage?): body = .staged(stage)
    default: return .missing
    }
    let outcome = install(
      path, body, present, Attributes(mode: seen.mode, owner: seen.owner, acl: seen.acl),
      modified: seen.stat.modified)
    guard case .restored = outcome else { return drop(copy, outcome) }
    return .restored(top)
  }

  private func drop(_ copy: StagedBackup, _ outcome: Outcome) -> Outcome {
    if let stage = copy.stage { disk.drop(stage) }
    return outcome
  }

  private func isMissing(_ directory: TreePath) -> Bool {
    do { return try disk.stat(directory) == nil } catch { return error == .vanished }
  }

  private func install(
    _ path: TreePath, _ body: Installation.Body, _ present: FileStat?, _ wanted: Attributes,
    modified: Timestamp?
  ) -> Outcome {
    let installation = Installation(
      path: path, body: body, expected: present, mode: wanted.mode, owner: wanted.owner,
      acl: wanted.acl, modified: modified)
    do throws(DiskTrouble) {
      guard let result = disk.prepare([installation]).first else { return .missing }
      let prepared = try result.get()
      if installation.destroys, let trouble = disk.backUp([prepared], in: place).first ?? nil {
        return .refused(Problem(withoutBackup: path, group.name, trouble, place))
      }
      try disk.flush()
      let outcome = disk.install([prepared]).first ?? .overtaken
      disk.settle()
      return self.outcome(outcome, path)
    } catch {
      return refused(error)
    }
  }

  private func outcome(_ outcome: InstallOutcome, _ path: TreePath) -> Outcome {
    func no(_ reason: String, _ remedy: String) -> Outcome {
      .refused(Problem(group: group.name, path: path, "not restored", reason, remedy: remedy))
    }
    return switch outcome {
    case .installed: .restored(path)
    case .overtaken: no("somebody changed it meanwhile", "look at it and try again")
    case .notEmpty: no("a directory that is not empty stands there", "move it away and try again")
    case .failed(let trouble): refused(trouble)
    }
  }
}
