/// Files that are again what they had been, where the operator wants back what is recorded.
extension Scanner {
  /// Whether the look is not taken for a change: the file is again what it had been, and the
  /// operator wants back what is recorded. That is installed when its bytes are at hand.
  mutating func discards(_ old: Entry, _ observed: Observation) throws(Failure) -> Bool {
    let (shown, now) = (old.shown.content.value, observed.content)
    guard request.reverts == .discard, case .file = shown, !shown.agrees(with: now),
      let settled = old.record.content.settled, case .file = settled, !settled.agrees(with: now),
      try store.steps(group, old.path).contains(where: { $0.knows(now.mark) })
    else { return false }
    var entry = try store.forgetLocalOnly(old, group)
    entry.shown = Shown(found: observed)
    entry.seen = freshness.isFresh(observed.stat) ? nil : observed.stat.kept
    entry.refresh()
    try store.put(entry, group)
    report.discarded.append(old.path)
    return true
  }
}
