/// A look that claims nothing, as at a host that has just lost its state: what is equal joins, what
/// differs stands beside what is recorded, and what is missing here comes from the others.
extension Scanner {
  /// Whether the look differs from what is recorded, and now stands beside it.
  mutating func setsBeside(_ old: Entry, _ observed: Observation) throws(Failure) -> Bool {
    let said = (old.wantedContent, old.wantedMode, old.wantedOwner, old.wantedAccessList)
    let isShown =
      old.shown.content.value.agrees(with: observed.content)
      && old.shown.attributes?.applied
        == Attributes(mode: observed.mode, owner: observed.owner, acl: observed.acl)
    let isSaid =
      said.0?.agrees(with: observed.content) == true && said.1 == observed.mode
      && said.2 == observed.owner && said.3 == observed.acl
    guard !isShown, !isSaid else { return false }
    var entry = old
    let dot = try absorber.event()
    let shown = Shown(
      content: ShownValue(dots: [dot], value: observed.content),
      attributes: ShownAttributes(
        mode: ShownValue(dots: [dot], value: observed.mode),
        owner: ShownValue(dots: [dot], value: observed.owner),
        acl: ShownValue(dots: [dot], value: observed.acl)))
    // What agrees with the record is said by its events, and shows them.
    var known = shown.reread(in: old.record)
    entry.record = old.record.contested(by: known, dot: dot)
    known.content.dots.append(dot)
    known.attributes?.mode.dots.append(dot)
    known.attributes?.owner.dots.append(dot)
    known.attributes?.acl.dots.append(dot)
    entry.shown = known.reread(in: entry.record)
    entry.seen = freshness.isFresh(observed.stat) ? nil : observed.stat.kept
    try absorber.record(
      HistoryStep(of: dot, before: old.record, after: entry.record), at: old.path)
    entry.decide(by: absorber.policy)
    try store.put(entry, changedFrom: old, group)
    report.changes.append(ScanChange(path: old.path, isDeletion: false))
    return true
  }

  /// What another host has, too, comes back from there; what nobody else has stays a question for
  /// a look that counts.
  mutating func missing(_ gone: [Entry]) throws(Failure) {
    let members = try store.members(group).compactMap(\.knowledge)
    for var entry in gone {
      let dots = entry.shown.content.dots
      guard members.contains(where: { known in dots.allSatisfy { known.covers($0) } }) else {
        continue
      }
      entry.shown = .nothing
      entry.seen = nil
      entry.decide(by: absorber.policy)
      try store.put(entry, group)
      report.discarded.append(entry.path)
    }
  }
}
