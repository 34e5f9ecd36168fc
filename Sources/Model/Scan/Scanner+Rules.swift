/// Paths that the rules of a group leave out, and what it means that the rules have changed.
///
/// A rule is no event: what it leaves out is neither deleted nor made anywhere. Its row stays, as
/// it is, and is marked. While it is left out, peers exchange what they know without this path, and
/// count its events as known all the same. So when the rules take the path in again, every host
/// says anew what its disk shows of it: what is equal joins, what differs is a conflict, and what
/// only one host ever had reaches the others.
extension Scanner {
  /// After a change of the rules a part is not enough: the next exchange is about all of the group.
  static func widened(
    _ request: ScanRequest, _ group: Group, _ store: any Store
  ) throws(Failure) -> ScanRequest {
    guard !request.paths.isEmpty else { return request }
    let isAtMount = try MountMemory(group, store).concerns(request.paths)
    let rules = try store.note(key(group.name))
    guard isAtMount || rules.map({ $0 != Array(group.canonicalText.utf8) }) ?? false else {
      return request
    }
    var whole = request
    whole.paths = []
    whole.isShallow = false
    return whole
  }

  /// Remembers by which rules the whole group was looked at.
  func keepRules(of group: Group) throws(Failure) {
    guard request.isWhole, report.question == nil else { return }
    let rules = Array(group.canonicalText.utf8)
    guard try store.note(Self.key(group.name)) != rules else { return }
    try store.setNote(Self.key(group.name), rules)
  }

  private static func key(_ group: String) -> String { "rules \(group)" }

  func leaveOut(_ entry: Entry) throws(Failure) {
    guard !entry.state.contains(.leftOut) else { return }
    var entry = entry
    entry.state.insert(.leftOut)
    entry.refresh()
    try store.put(entry, group)
  }

  /// The entry without its mark: what was seen of it says enough, or nothing is here.
  func takeIn(_ entry: Entry) throws(Failure) -> Entry {
    guard entry.state.contains(.leftOut) else { return entry }
    var entry = entry
    entry.state.remove(.leftOut)
    entry.decide(by: absorber.policy)
    try store.put(entry, group)
    return entry
  }
}
