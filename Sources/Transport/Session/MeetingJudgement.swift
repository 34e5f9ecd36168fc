import Model

/// What two memories of former meetings say about each other.
package enum MeetingJudgement: Hashable, Sendable {
  case fine
  /// This host's database is older than what the peer remembers of it.
  case iAmOutdated(String)
  /// The peer's database is older than what this host remembers of it.
  case peerIsOutdated(String)
  /// Two databases have lived on from one: each met somebody as the same replica.
  case twins

  /// - Parameters:
  ///   - mine, theirs: The two greetings.
  package static func judge(mine: Greeting, theirs: Greeting) -> MeetingJudgement {
    let seenOfMine = theirs.groups.map { $0.knowledge[mine.replica] }.max() ?? 0
    if seenOfMine > mine.last {
      return .iAmOutdated("it has seen change \(seenOfMine) of this host, whose last is \(mine.last)")
    }
    let seenOfTheirs = mine.groups.map { $0.knowledge[theirs.replica] }.max() ?? 0
    if seenOfTheirs > theirs.last {
      return .peerIsOutdated("its last change is \(theirs.last), and \(seenOfTheirs) was seen")
    }
    // The chain of meetings only speaks if both mean the same two databases.
    guard mine.meeting.peerReplica == theirs.replica, theirs.meeting.peerReplica == mine.replica
    else { return .fine }
    return chain(mine.meeting, theirs.meeting)
  }

  private static func chain(_ mine: Meeting, _ theirs: Meeting) -> MeetingJudgement {
    if mine.nonce == theirs.nonce { return .fine }
    // The end of a session can be lost on one side, and that of the next one again: the other side
    // keeps the nonce that this one had before.
    if theirs.formerNonce == mine.nonce || mine.formerNonce == theirs.nonce { return .fine }
    if mine.count == theirs.count { return .twins }
    return mine.count < theirs.count
      ? .iAmOutdated("it remembers meeting \(theirs.count) and this host only \(mine.count)")
      : .peerIsOutdated("it remembers meeting \(theirs.count) and this host \(mine.count)")
  }
}
