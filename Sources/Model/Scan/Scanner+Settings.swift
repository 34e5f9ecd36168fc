/// What a group's settings mean for a look at the disk.
extension Scanner {
  /// Whether the group ignored something else when the path was last looked at.
  func isIgnoredOtherwise(_ entry: Entry) -> Bool {
    entry.state.intersection(.ignoring) != EntryState(ignoring: configured.ignored)
  }

  /// What is known of a file that is looked at for its attributes only.
  func known(_ entry: Entry, _ stat: FileStat) -> Observation? {
    guard !entry.state.contains(.leftOut), let seen = entry.seen, !request.isDeep,
      stat.matches(seen), let shown = entry.shown.attributes
    else { return nil }
    return Observation(
      content: entry.shown.content.value, mode: shown.mode.value, owner: shown.owner.value,
      acl: shown.acl.value, stat: seen)
  }

  /// The entry of a path that is not on the disk, with what the group ignores now.
  func ignoring(_ entry: Entry) throws(Failure) -> Entry {
    var entry = entry
    guard entry.ignore(configured.ignored) else { return entry }
    entry.decide(by: absorber.policy)
    try store.put(entry, group)
    return entry
  }

  /// An object that was kept against a deletion is given up where that is not wished for any more.
  func carryOutDeletion(_ entry: Entry) throws(Failure) -> Entry {
    guard entry.isKeptDeleted, !configured.keepsDeletedHere else { return entry }
    var entry = entry
    entry.giveUp()
    try store.put(entry, group)
    return entry
  }
}

extension Group {
  /// How many objects may be gone without a question.
  func deletionsAllowed(of known: Int) -> Int {
    guard let maxDelete else { return max(50, known / 5) }
    let part = maxDelete.percent.map { percent in
      known.multipliedFullWidth(by: percent).high == 0 ? known * percent / 100 : known
    }
    return min(maxDelete.objects ?? .max, part ?? .max)
  }

  /// The limit of the group in words, and where it stands; empty: the usual one.
  var deletionLimit: String {
    guard let maxDelete else { return "" }
    return "max-delete \(maxDelete) of group \(escaped(name)), \(position)"
  }
}
