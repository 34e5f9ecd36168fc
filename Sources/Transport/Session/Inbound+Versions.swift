import Model

/// The way from conflicts to versions that are kept here, so that they can be shown and settled
/// with every other host down.
extension Inbound {
  /// Asks for those versions of a conflict that are not on this host.
  func needVersions(_ entry: Entry, _ group: Int, _ wants: inout [Want]) throws(Failure) {
    guard !fetch.hasTriedVersions(entry, group), groups[group].selection.includes(entry.path)
    else { return }
    fetch.noteVersions(entry, group)
    let missing = try missingVersions(entry.path, group)
    let ancestor = try missingAncestor(entry, group)
    for file in missing + ancestor {
      let number = fetch.nextNumber
      fetch.nextNumber += 1
      fetch.coming[number] = Fetch.Coming(
        group: group, path: entry.path, file: file, isVersion: true)
      fetch.comingBytes += file.size
      wants.append(
        Want(
          number: number, group: group, path: entry.path, digest: file.digest, size: file.size))
    }
    if missing.isEmpty, ancestor.isEmpty { try merge(entry.path, group) }
  }

  /// What the versions come from, if it may be merged with and is not on this host; asked for once,
  /// and not missed if nobody has it.
  private func missingAncestor(_ entry: Entry, _ group: Int) throws(Failure) -> [FileContent] {
    let name = groups[group].name
    let limit = limits.ancestorBytes
    return try ledger.with { store throws(Failure) in
      guard
        case .file(let digest, let size)? = entry.ancestor(
          try store.steps(name, entry.path))?.content,
        size > 0, size <= limit, !(try store.hasContent(digest)),
        try store.entryShowing(digest, name) == nil
      else { return [] }
      return [
        FileContent(
          digest: digest, size: size, modified: Timestamp(seconds: 0, nanoseconds: 0),
          isBirth: false)
      ]
    }
  }

  /// Merges the versions of a path whose policy is to merge, once all of them are here.
  private func merge(_ path: TreePath, _ group: Int) throws(Failure) {
    let (configured, disk, surroundings, limits) = (groups[group].group, disk, surroundings, limits)
    let isMerged = try ledger.with { store throws(Failure) in
      try AutoMerge.run(
        path, group: configured, store: store, disk: disk, surroundings: surroundings,
        limits: limits)
    }
    if isMerged { fetch.wake() }
  }

  /// The versions that are neither shown nor kept here. If there is none, nothing is lacking.
  @discardableResult
  private func missingVersions(_ path: TreePath, _ group: Int) throws(Failure) -> [FileContent] {
    let name = groups[group].name
    let limit = limits.versionBytes
    return try ledger.with { store throws(Failure) in
      try store.transaction { () throws(Failure) in
        guard var entry = try store.entry(name, path) else { return [] }
        var missing: [FileContent] = []
        for file in entry.versionsElsewhere where file.size <= limit {
          if try store.hasContent(file.digest) {
            try store.tie(file.digest, name, path)
          } else {
            missing.append(file)
          }
        }
        if missing.isEmpty, entry.state.contains(.lacking) {
          entry.state.remove(.lacking)
          try store.put(entry, name)
        }
        return missing
      }
    }
  }

  /// A version has come, or will not. After the last of its path in this session: merges, if all
  /// are here by now; other sessions bring some of them meanwhile.
  ///
  /// Until then the path stays marked as lacking, so that nothing is forgotten if the session is
  /// cut.
  func endVersion(_ coming: Fetch.Coming) throws(Failure) {
    let isOnWay = fetch.coming.values.contains {
      $0.isVersion && $0.group == coming.group && $0.path == coming.path
    }
    guard !isOnWay, try missingVersions(coming.path, coming.group).isEmpty else { return }
    try merge(coming.path, coming.group)
  }

  /// Keeps a version that has arrived whole.
  func keep(_ coming: Fetch.Coming, _ stage: StageHandle) throws(Failure) {
    defer { disk.drop(stage) }
    guard let done = try? disk.finish(stage), done.digest == coming.file.digest,
      done.size == coming.file.size
    else { return }
    let (name, disk, room) = (groups[coming.group].name, disk, limits.totalBytes)
    let result = try ledger.with { store throws(Failure) -> KeepResult in
      var offset: UInt64 = 0
      let result = try store.keepContent(coming.file.digest, room: room) {
        () throws(Failure) in
        let bytes = (try? disk.read(stage, offset: offset, count: contentPartBytes)) ?? []
        offset += UInt64(bytes.count)
        return bytes
      }
      if result == .kept { try store.tie(coming.file.digest, name, coming.path) }
      return result
    }
    switch result {
    case .kept, .differs: return
    case .noRoom:
      report.problems.append(
        Problem(
          group: name, path: coming.path, "a version was not kept",
          "all \(room) bytes for kept contents are taken",
          remedy: "settle conflicts, or give held-total more"))
    }
  }
}
