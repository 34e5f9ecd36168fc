import Model
import Transport

/// `resolve PATH --theirs` for what a host that only receives has changed.
extension ResolveCommand {
  /// Gives up those of the names that are local only.
  ///
  /// - Returns: The names that are left.
  func resolveLocal(
    _ names: [String], _ verb: Verb, _ node: Node, _ context: Context
  ) throws(Failure) -> (left: [String], done: [Node.LocalPath]) {
    var left: [String] = []
    var done: [Node.LocalPath] = []
    for name in names {
      let paths = try node.localPaths(named: name, context.settings)
      guard let first = paths.first else {
        left.append(name)
        continue
      }
      guard case .choose(.theirs) = verb else {
        throw Failure(
          .permission, node.shownPath(first.local.path), "not resolved",
          "this host only receives in group \(escaped(first.group.name)): what it changes stays "
            + "here",
          remedy: "give it up with --theirs, make the change on another host, or take "
            + "\(escaped(node.name)) out of the parentheses")
      }
      try node.giveUp(paths)
      done += paths
    }
    for item in done {
      let entry = try node.real.with { store throws(Failure) in
        try store.entry(item.group.name, item.local.path)
      }
      let isWaiting = entry?.state.contains(.pending) == true
      context.note(
        "\(node.shownPath(item.local.path)): the group's version "
          + (isWaiting ? "comes with the next sync" : "took its place"))
    }
    return (left, done)
  }
}
