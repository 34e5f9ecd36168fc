/// Looks again at attributes that could not be applied: a user may have been added meanwhile.
package enum HeldReview {
  /// Marks what can be applied now, or differently than before, as pending.
  ///
  /// Mints nothing: the events are the same, only this disk can follow them further.
  ///
  /// - Returns: The paths that are pending now, in path order.
  package static func run(
    _ configured: Group, store: any Store, disk: any Disk
  ) throws(Failure) -> [TreePath] {
    let (group, taking) = (configured.name, Taking(configured))
    var ready: [TreePath] = []
    var last: TreePath?
    while true {
      let batch = try store.entries(group, in: .held, after: last, limit: 1_000)
      guard let end = batch.last else { return ready }
      last = end.path
      for var entry in batch {
        guard let shown = entry.shown.attributes else { continue }
        let isSymlink = if case .symlink = entry.shown.content.value { true } else { false }
        let now = entry.shownAs(
          disk.foresee(
            entry.desiredAttributes, at: entry.path, isSymlink: isSymlink, taking: taking
          ).applied)
        guard now != shown.applied else { continue }
        entry.release(now)
        guard entry.state.contains(.pending) else { continue }
        ready.append(entry.path)
        try store.put(entry, group)
      }
    }
  }
}

extension Entry {
  /// Without what is ignored: that stays as it is shown.
  fileprivate func shownAs(_ applied: Attributes) -> Attributes {
    guard let shown = shown.attributes?.applied else { return applied }
    var out = applied
    if ignoresMode {
      out.mode = shown.mode
      out.acl = shown.acl
    }
    out.owner = counted(applied.owner, shown.owner)
    return out
  }

  /// Forgets that the attributes which would come out differently are shown already.
  fileprivate mutating func release(_ now: Attributes) {
    guard var shown = shown.attributes else { return }
    if shown.mode.value != now.mode { shown.mode.dots = [] }
    if shown.owner.value != now.owner { shown.owner.dots = [] }
    if shown.acl.value != now.acl { shown.acl.dots = [] }
    self.shown.attributes = shown
    refresh()
  }
}
