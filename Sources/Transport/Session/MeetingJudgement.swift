package import Model

/// What two memories of former meetings say about each other.
package enum MeetingJudgement: Hashable, Sendable {
  case fine
  /// Somebody has said that this host's replica is gone for good.
  case iAmRetired(RetiredReplica)
  case peerIsRetired(RetiredReplica)
  /// This host's database is older than what the peer remembers of it.
  case iAmOutdated(String)
  /// The peer's database is older than what this host remembers of it.
  case peerIsOutdated(String)
  /// Two databases have lived on from one: each met somebody as the same replica.
  case twins

  /// - Parameters:
  ///   - mine: This side's greeting, with its memory as it was before the peer spoke: what it has
  ///     confirmed since, the peer's greeting cannot know.
  package static func judge(mine: Greeting, theirs: Greeting) -> MeetingJudgement {
    let retired = (mine.groups + theirs.groups).flatMap(\.retired)
    if let mine = retired.first(where: { $0.replica == mine.replica }) {
      return .iAmRetired(mine)
    }
    if let theirs = retired.first(where: { $0.replica == theirs.replica }) {
      return .peerIsRetired(theirs)
    }
    let seenOfMine = theirs.groups.map { $0.knowledge[mine.replica] }.max() ?? 0
    if seenOfMine > mine.last {
      return .iAmOutdated(
        "it has seen change \(seenOfMine) of this host, whose last is \(mine.last)")
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

  /// A meeting that one side is sure the other has kept must be in the other's memory. Of one that
  /// is
  /// not confirmed nothing follows: sessions run at once, and the end of each can be lost on one
  /// side.
  private static func chain(_ mine: Meeting, _ theirs: Meeting) -> MeetingJudgement {
    let iMissOne = !theirs.confirmed.isEmpty && !mine.nonces.contains(theirs.confirmed)
    let peerMissesOne = !mine.confirmed.isEmpty && !theirs.nonces.contains(mine.confirmed)
    switch (iMissOne, peerMissesOne) {
    case (false, false): return .fine
    case (true, true) where mine.count == theirs.count: return .twins
    case (true, _) where !peerMissesOne || mine.count < theirs.count:
      return .iAmOutdated("it remembers meeting \(theirs.count), this host \(mine.count)")
    default:
      return .peerIsOutdated("it remembers meeting \(theirs.count), this host \(mine.count)")
    }
  }
}
