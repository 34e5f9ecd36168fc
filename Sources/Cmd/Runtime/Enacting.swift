import Model
import ModelEdge
import Transport

/// Who decides, and why.
struct Author {
  var user: String
  var reason: String
}

extension Node {
  /// Carries rulings out: records them, then brings this disk up to them as far as contents are at
  /// hand.
  ///
  /// - Returns: Conflicts that were not as they had been looked at any more: nothing was decided.
  func enact(_ rulings: [Ruling], _ author: Author) throws(Failure) -> [Conflict] {
    for ruling in rulings {
      try requireVoice(ruling.conflict.group, ruling.conflict.path, "not resolved")
    }
    var moved: [Conflict] = []
    var start = rulings.startIndex
    while start < rulings.endIndex {
      let end = min(start + 500, rulings.endIndex)
      moved += try enact(rulings[start..<end], author)
      start = end
    }
    return moved
  }

  private func enact(
    _ rulings: ArraySlice<Ruling>, _ author: Author
  ) throws(Failure) -> [Conflict] {
    let now = surroundings.now().seconds
    let limits = config.settings.keeping
    let disk = try disk()
    let recording = Recording(seconds: now, user: author.user, steps: limits.steps)
    let (moved, paths) = try real.with {
      store throws(Failure) -> ([Conflict], [(group: String, path: TreePath)]) in
      try store.transaction { () throws(Failure) in
        var moved: [Conflict] = []
        var paths: [(group: String, path: TreePath)] = []
        for ruling in rulings {
          let conflict = ruling.conflict
          guard try Settlement.isCurrent(conflict, store: store) else {
            moved.append(conflict)
            continue
          }
          try keep(ruling, disk, store)
          let decree = Settlement.Decree(
            values: ruling.values, how: ruling.how,
            winner: ruling.version.map { conflict.words($0) } ?? "", user: author.user,
            reason: author.reason, seconds: now)
          guard let group = group(conflict.group) else { continue }
          _ = try Settlement.resolve(
            conflict, decree, group: group, store: store, recording: recording)
          paths.append((conflict.group, conflict.path))
          for copy in ruling.copies {
            _ = try Settlement.plant(
              copy.path, copy.values, group: group, store: store, recording: recording)
            paths.append((conflict.group, copy.path))
          }
        }
        try store.forgetSettled(
          before: now - Int64(limits.loserDays) * 86_400, limit: 100_000)
        return (moved, paths)
      }
    }
    try follow(paths)
    return moved
  }

  /// Before the event: what it comes to, and what loses, are safe beside the tree.
  private func keep(
    _ ruling: Ruling, _ disk: any Disk, _ store: any Store
  ) throws(Failure) {
    let conflict = ruling.conflict
    let limits = config.settings.keeping
    if let bytes = ruling.bytes, !bytes.isEmpty, ruling.version == nil {
      let digest = ModelEdge.sha256(bytes)
      var pieces = [bytes, []][...]
      let result = try store.keepContent(digest, room: limits.totalBytes) {
        () throws(Failure) in pieces.popFirst() ?? []
      }
      guard result == .kept else {
        throw Failure(
          .cannotCreate, shownPath(conflict.path), "not resolved",
          "there is no room to keep the content", remedy: "settle others, or give held-total more")
      }
      try store.tie(digest, conflict.group, conflict.path)
    }
    guard let entry = try store.entry(conflict.group, conflict.path) else { return }
    let keeper = Keeper(group: conflict.group, store: store, disk: disk, limits: limits)
    // A version that cannot be kept can still lose: it is on the disk of who wrote it until then.
    _ = try keeper.keepShown(entry)
    for copy in ruling.copies {
      if case .file(let file) = copy.values.content, try store.hasContent(file.digest) {
        try store.tie(file.digest, conflict.group, copy.path)
      }
    }
  }
}
