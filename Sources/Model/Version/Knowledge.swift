/// How one side of an exchange speaks of one path.
extension Record {
  /// Merges a record that a peer sent into what this host has.
  ///
  /// Without a record of its own, a host speaks through its knowledge, as a whole or not at all: if
  /// that covers the incoming vector, it knew all of it and the path is deleted, and it answers
  /// with that deletion; otherwise it takes the record as it is. Such an answer is taken as a whole
  /// or not at all, too, and who holds one speaks like a host without a record.
  package static func integrating(
    _ incoming: Record, into mine: Record?, knowledge: VersionVector
  ) -> Integration {
    guard let mine, !mine.isBare else {
      return integrating(incoming, answered: mine, knowledge: knowledge)
    }
    if incoming.isBare {
      return .merged(incoming.vector.covers(mine.vector) ? incoming : mine)
    }
    return .merged(mine.joined(incoming))
  }

  private static func integrating(
    _ incoming: Record, answered mine: Record?, knowledge: VersionVector
  ) -> Integration {
    if let mine, incoming.isBare { return .merged(mine.joined(incoming)) }
    let known = mine.map { knowledge.merging($0.vector) } ?? knowledge
    guard known.covers(incoming.vector) else { return .merged(incoming) }
    return incoming.isTombstone && !incoming.mayLive
      ? .known : .deleted(answer: Record(vector: known))
  }

  /// Whether it says nothing but that all which its vector covers is deleted: an answer for a
  /// record that was forgotten.
  package var isBare: Bool { content.isEmpty && mode.isEmpty && owner.isEmpty && acl.isEmpty }
}

package enum Integration: Hashable, Sendable {
  /// What this host now has of the path.
  case merged(Record)
  /// This host deleted the path long ago and keeps no record: the peer gets this one.
  case deleted(answer: Record)
  /// A deletion that this host knew and has forgotten already: nothing to keep, nothing to say.
  case known
}

extension VersionVector {
  /// Whether a tombstone with this vector may be forgotten: every member of the group knows it.
  ///
  /// - Parameter members: The knowledge of each member as far as it is known here; nil for one that
  ///   was never met, which blocks.
  package func isStable(among members: [VersionVector?]) -> Bool {
    members.allSatisfy { $0?.covers(self) ?? false }
  }
}
