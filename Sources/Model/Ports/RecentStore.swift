/// The part of a host's state that tells what a peer lacks.
///
/// What changed lately is listed, so that the answer costs as much as there is to send, not as much
/// as there is.
package protocol RecentStore: AnyObject {
  /// At most `limit` entries in path order whose vector `known` does not cover, those after `after`
  /// (nil: from the start): what a peer with that knowledge lacks.
  func entries(
    _ group: String, notCoveredBy known: VersionVector, after: TreePath?, limit: Int
  ) throws(Failure) -> [Entry]
  /// How many there are.
  func countNotCovered(_ group: String, by known: VersionVector) throws(Failure) -> Int
}

/// What is listed of a group: every entry whose vector `base` does not cover.
///
/// Whoever knows all of `base` can lack nothing else. The list is made by a pass over all entries
/// and kept by every write; when it gets long it is dropped, and made again by the next pass.
package struct RecentMark: Hashable, Sendable {
  package let base: VersionVector
  /// How many paths may be listed.
  package let limit: Int
  /// How many are, or a few more.
  package var count: Int

  package init(base: VersionVector, limit: Int, count: Int) {
    (self.base, self.limit, self.count) = (base, limit, count)
  }

  /// Whether the list answers for somebody with that knowledge.
  package func serves(_ known: VersionVector) -> Bool { known.covers(base) }

  /// Whether an entry with that vector has to be listed.
  package func lists(_ vector: VersionVector) -> Bool { !base.covers(vector) }

  package var isFull: Bool { count >= limit }
}

/// A pass over all entries that looks for a good base: what all members know if not too much was
/// changed since, else what this host knows.
package struct RecentPass {
  /// One thing to know, and the keys of the paths that it does not cover; nil: too many.
  private struct Candidate {
    let base: VersionVector
    var keys: [[UInt8]]? = []
  }

  private var candidates: [Candidate]
  private var rows = 0

  /// - Parameter members: What each member of the group knows, as far as it has told.
  package init(own: VersionVector, members: [VersionVector]) {
    let common = members.reduce(own) { $0.meeting($1) }
    candidates = [Candidate(base: common)]
    if common != own { candidates.append(Candidate(base: own)) }
  }

  /// The next entry; in any order.
  package mutating func take(_ key: [UInt8], _ vector: VersionVector) {
    rows += 1
    for place in candidates.indices where !candidates[place].base.covers(vector) {
      candidates[place].keys?.append(key)
      if candidates[place].keys.map({ $0.count > limit }) ?? false { candidates[place].keys = nil }
    }
  }

  /// A list must be worth its while: an eighth of all, or so few that it does not matter.
  private var limit: Int { 4_096 + rows / 8 }

  /// The first candidate that is not too far behind; nil: none is.
  package var result: (mark: RecentMark, keys: [[UInt8]])? {
    for candidate in candidates {
      guard let keys = candidate.keys else { continue }
      // Room for what comes: else the next change would end it.
      return (RecentMark(base: candidate.base, limit: 2 * limit, count: keys.count), keys)
    }
    return nil
  }
}
