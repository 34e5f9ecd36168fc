package import Model

/// A mistake that an implementation could make, built into the simulated hosts to see that random
/// histories find it.
package enum Flaw: String, CaseIterable, Sendable {
  case birthStartsFromNothing
  case revivalKeepsUnseenAttributes
  case absentRecordSpeaksPerRegister
  case absentRecordDoesNotAnswer
  case oneOfEqualSiblingsShown
  case knowledgeMergedAfterBreak
  case noWholeExchangeForNewIncarnation
  case tombstoneCollectedOneMemberEarly
  case rolledBackHostKeepsItsReplica
  case deletionReadFromLostDatabase
  case winnerShownAlone
  case tieBrokenByOwnReplica
  case deletionNeverLoses

  /// Only where a policy decides there is something to find.
  package var method: AutoMethod {
    switch self {
    case .winnerShownAlone: .bigger
    case .tieBrokenByOwnReplica: .younger
    case .deletionNeverLoses: .first
    default: .manual
    }
  }
}

/// The model's functions as the simulated hosts call them, each with its flawed variant.
package struct Rules: Sendable {
  package var flaw: Flaw?

  package init(flaw: Flaw?) { self.flaw = flaw }

  func absorbing(
    _ record: Record?, shown: Shown, observed: Observation?, decided: ResolvedValues,
    knowledge: VersionVector, mint: inout Mint
  ) throws(Failure) -> LocalChange? {
    let known = flaw == .birthStartsFromNothing ? VersionVector() : knowledge
    guard
      var change = try Record.absorbing(
        record, shown: shown, observed: observed, decided: decided, knowledge: known,
        mint: &mint)
    else { return nil }
    if flaw == .revivalKeepsUnseenAttributes, let record, change.dot != nil,
      shown.content.value.isAbsent
    {
      change.record.mode = change.record.mode.together(record.mode)
      change.record.owner = change.record.owner.together(record.owner)
      change.record.acl = change.record.acl.together(record.acl)
    }
    if flaw == .oneOfEqualSiblingsShown { change.shown = change.shown.thinned }
    return change
  }

  func integrating(
    _ incoming: Record, into mine: Record?, knowledge: VersionVector
  ) -> Integration {
    if flaw == .absentRecordSpeaksPerRegister, mine == nil {
      return .merged(Record(vector: knowledge).joined(incoming))
    }
    let result = Record.integrating(incoming, into: mine, knowledge: knowledge)
    guard case .deleted = result else { return result }
    if flaw == .absentRecordDoesNotAnswer { return .known }
    return result
  }

  func displaying(_ shown: Shown, _ record: Record, heldOwner: Owner?) -> Shown {
    let result = shown.displaying(record, heldOwner: heldOwner)
    return flaw == .oneOfEqualSiblingsShown ? result.thinned : result
  }

  func reread(_ shown: Shown, in record: Record) -> Shown {
    let result = shown.reread(in: record)
    return flaw == .oneOfEqualSiblingsShown ? result.thinned : result
  }

  func isStable(_ vector: VersionVector, among members: [VersionVector?]) -> Bool {
    if flaw == .tombstoneCollectedOneMemberEarly {
      return members.count { $0?.covers(vector) ?? false } >= members.count - 1
    }
    return vector.isStable(among: members)
  }
}

extension Register {
  fileprivate func together(_ other: Register) -> Register {
    var result = self
    for sibling in other.siblings { result.replace([], with: sibling.dot, sibling.value) }
    return result
  }
}

extension Shown {
  /// The same with one event for each register.
  fileprivate var thinned: Shown {
    Shown(
      content: content.thinned,
      attributes: attributes.map {
        ShownAttributes(mode: $0.mode.thinned, owner: $0.owner.thinned, acl: $0.acl.thinned)
      })
  }
}

extension ShownValue {
  fileprivate var thinned: ShownValue { ShownValue(dots: dots.suffix(1), value: value) }
}
