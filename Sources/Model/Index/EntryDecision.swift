extension Entry {
  /// What was chosen for registers that are in conflict, without an event: the record keeps all
  /// siblings, and this disk shows the choice in their stead.
  package struct Decision: Hashable, Sendable {
    /// Only for registers in conflict.
    package var values: ResolvedValues
    /// All dots of these registers, sorted, each once: with others it means nothing any more.
    package var dots: [Dot]
    /// The content is none of the siblings, but was made out of them.
    package var isMerged: Bool

    package init(values: ResolvedValues, dots: [Dot], isMerged: Bool = false) {
      self.values = values
      self.dots = dots
      self.isMerged = isMerged
    }
  }

  /// What the path should hold: what is settled or was decided; nil: nothing was said, or it is
  /// open.
  package var wantedContent: Content? { record.content.settled(or: decided?.values.content) }
  package var wantedMode: Mode? { record.mode.settled(or: decided?.values.mode) }
  package var wantedOwner: Owner? { record.owner.settled(or: decided?.values.owner) }
  package var wantedAccessList: AccessList? { record.acl.settled(or: decided?.values.acl) }

  /// Whether nothing should be here: the record is a tombstone, or a deletion was decided for.
  package var isGone: Bool { record.isTombstone || wantedContent?.isAbsent == true }

  /// The registers in conflict that nothing has decided.
  package var openFields: [Field] {
    guard record.isConflict else { return [] }
    let fields = record.conflictingFields.filter { !ignores($0) }
    guard let decided, !fields.isEmpty else { return fields }
    return fields.filter { !decided.values.fields.contains($0) }
  }

  /// Whether somebody has to decide about a conflict of the path.
  package var isOpenConflict: Bool { !openFields.isEmpty }
}

extension ResolvedValues {
  /// The registers that it has values for.
  package var fields: [Field] {
    var fields: [Field] = []
    if content != nil { fields.append(.content) }
    if mode != nil { fields.append(.mode) }
    if owner != nil { fields.append(.owner) }
    if acl != nil { fields.append(.acl) }
    return fields
  }
}

extension Entry.Decision {
  /// The same decision, under the new names of its events.
  func renamed(_ names: [Dot: Dot]) -> Entry.Decision {
    var new = self
    new.dots = dots.map { names[$0] ?? $0 }.sorted()
    return new
  }

  /// Whether it still is about what is in conflict.
  func holds(for record: Record) -> Bool {
    let (fields, open) = (values.fields, record.conflictingFields)
    return fields.allSatisfy { open.contains($0) } && record.dots(in: fields) == dots
  }
}
