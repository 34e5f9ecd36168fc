import Model
import Transport

/// What this host has changed and spreads nowhere, because it only receives.
extension Node {
  /// One such path.
  struct LocalPath {
    var group: SessionGroup
    var local: LocalOnly
  }

  /// All of them, by group in the order of the file, then in path order.
  func localPaths() throws(Failure) -> [LocalPath] {
    var out: [LocalPath] = []
    for group in sessionGroups {
      out += try real.with { store throws(Failure) in try store.localOnly(group.name) }
        .map { LocalPath(group: group, local: $0) }
    }
    return out
  }

  /// The path that somebody named, with all that is below it, if it is one of them; looked at anew.
  func localPaths(named given: String, _ settings: Settings) throws(Failure) -> [LocalPath] {
    // An identifier of a conflict is no path.
    guard let targets = try? targets(given, settings) else { return [] }
    var out: [LocalPath] = []
    for target in targets {
      guard let group = sessionGroups.first(where: { $0.name == target.group }),
        group.group.isReceiveOnlyHere
      else { continue }
      _ = try scan(group, real, ScanRequest(paths: [target.path], actor: settings.user))
      out += try real.with { store throws(Failure) in
        guard try store.localOnly(group.name, target.path) != nil else { return [] }
        return try store.localOnly(group.name)
          .filter { $0.path == target.path || $0.path.isBelow(target.path) }
          .map { LocalPath(group: group, local: $0) }
      }
    }
    return out
  }

  /// Gives local changes up: the group's version takes their place, now if its content is on this
  /// host, else with the next sync. Whatever changes meanwhile stays.
  func giveUp(_ paths: [LocalPath]) throws(Failure) {
    try real.with { store throws(Failure) in
      try store.transaction { () throws(Failure) in
        for item in paths { try giveUp(item, store) }
      }
    }
    try follow(paths.map { ($0.group.name, $0.local.path) })
  }

  private func giveUp(_ item: LocalPath, _ store: any Store) throws(Failure) {
    let (group, path) = (item.group.name, item.local.path)
    guard try item.local.giveUp(group, store: store) else {
      throw Failure(
        .permission, shownPath(path), "not resolved",
        "the path is in conflict, and this host only receives in group \(escaped(group))",
        remedy: "settle the conflict on another host first")
    }
  }

  /// What ends a local change.
  func cure(_ item: LocalPath) -> String {
    "concord resolve \(shownPath(item.local.path)) --theirs takes the group's version"
  }

  /// Throws if this host has no say about the path.
  func requireVoice(_ group: String, _ path: TreePath, _ action: String) throws(Failure) {
    guard self.group(group)?.isReceiveOnlyHere == true else { return }
    throw Failure(
      .permission, shownPath(path), action,
      "this host only receives in group \(escaped(group))",
      remedy: "do it on another host, or take \(escaped(name)) out of the parentheses")
  }
}

extension LocalOnly.Kind {
  /// In words, for people.
  var words: String {
    switch self {
    case .changed: "changed on this host alone"
    case .new: "made on this host alone"
    case .deleted: "deleted on this host alone"
    }
  }
}
