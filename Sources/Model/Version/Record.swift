/// All that is known of one path: what its authors had seen, and four registers.
///
/// A *tombstone* is a record whose content is settled as absent, or whose content siblings have all
/// been superseded.
package struct Record: Hashable, Sendable {
  package var vector: VersionVector
  package var content = Register<Content>()
  package var mode = Register<Mode>()
  package var owner = Register<Owner>()
  package var acl = Register<AccessList>()

  package init(vector: VersionVector) { self.vector = vector }

  package var isTombstone: Bool {
    content.isEmpty || content.settled?.isAbsent == true
  }

  /// Whether some sibling of the content says that something is here.
  package var mayLive: Bool { content.siblings.contains { !$0.value.isAbsent } }

  /// The registers with more than one distinct value. The attributes of what is settled as absent
  /// cannot be in conflict: there is nothing that they could belong to.
  package var conflictingFields: [Field] {
    if content.isConflict {
      return [.content] + attributeConflicts
    }
    return isTombstone ? [] : attributeConflicts
  }

  private var attributeConflicts: [Field] {
    var out: [Field] = []
    if mode.isConflict { out.append(.mode) }
    if owner.isConflict { out.append(.owner) }
    if acl.isConflict { out.append(.acl) }
    return out
  }

  package var isConflict: Bool { !conflictingFields.isEmpty }

  /// Whether one dot stands for two values somewhere.
  package var hasTwins: Bool {
    content.hasTwins || mode.hasTwins || owner.hasTwins || acl.hasTwins
  }

  /// Every dot that stands in a register, sorted, each once.
  package var dots: [Dot] {
    Array(Set(content.dots + mode.dots + owner.dots + acl.dots)).sorted()
  }

  /// Merges what another host knows of the path. Mints nothing. Commutative, associative and
  /// idempotent: the order of exchanges never matters.
  package func joined(_ other: Record) -> Record {
    if self == other { return self }
    var result = Record(vector: vector.merging(other.vector))
    let (mine, theirs) = (vector, other.vector)
    result.content = content.joined(other.content, context: mine, otherContext: theirs)
    result.mode = mode.joined(other.mode, context: mine, otherContext: theirs)
    result.owner = owner.joined(other.owner, context: mine, otherContext: theirs)
    result.acl = acl.joined(other.acl, context: mine, otherContext: theirs)
    return result
  }
}

/// The name of a register.
package enum Field: String, Hashable, Sendable, CaseIterable {
  case content, mode, owner, acl
}
