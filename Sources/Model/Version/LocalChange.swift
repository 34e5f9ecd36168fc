extension Record {
  /// What a look at the disk makes of a record: the new record and what is shown, or nil if the
  /// disk holds what it held.
  ///
  /// One dot is minted for the path, and only if something changed relative to what this host had
  /// applied. Siblings that this host did not show stay: an edit made during a conflict does not
  /// silently win it. A value that the register has already settled on is taken over without an
  /// event.
  ///
  /// - Parameters:
  ///   - record: What is known of the path; nil: nothing.
  ///   - shown: What this host had on its disk.
  ///   - observed: What is there now; nil: nothing.
  ///   - decided: What was decided for registers in conflict: as good as settled.
  ///   - knowledge: All that this host knows of the group. A path without a record starts from it:
  ///     its author had seen all that, deletions whose records are long gone included.
  package static func absorbing(
    _ record: Record?, shown: Shown, observed: Observation?,
    decided: ResolvedValues = ResolvedValues(), knowledge: VersionVector, mint: inout Mint
  ) throws(Failure) -> LocalChange? {
    switch (shown.content.value.isAbsent, observed) {
    case (true, nil): return nil
    case (true, let observed?):
      return try birth(
        record, shown: shown, observed, decided, knowledge: knowledge, mint: &mint)
    case (false, nil):
      guard let record else { return nil }
      return try death(record, shown: shown, decided, mint: &mint)
    case (false, let observed?):
      guard let record, let attributes = shown.attributes,
        !shown.stands(against: record) || observed.content.agrees(with: shown.content.value)
      else {
        // Nothing was here, or what was deleted elsewhere and kept here is another object now.
        return try birth(
          record, shown: shown, observed, decided, knowledge: knowledge, mint: &mint)
      }
      return try edit(record, shown: shown, attributes, observed, decided, mint: &mint)
    }
  }

  /// The path comes (back) to life: all four registers are written, and every attribute sibling is
  /// superseded, not only the shown ones: attributes of what was there before mean nothing now.
  private static func birth(
    _ record: Record?, shown: Shown, _ observed: Observation, _ decided: ResolvedValues,
    knowledge: VersionVector, mint: inout Mint
  ) throws(Failure) -> LocalChange {
    if let record, let taken = record.takenOver(observed, decided) { return taken }
    let dot = try mint.next()
    var new = record ?? Record(vector: knowledge)
    new.vector.insert(dot)
    new.content.replace(shown.content.dots, with: dot, observed.content.born)
    new.mode.replaceAll(with: dot, observed.mode)
    new.owner.replaceAll(with: dot, observed.owner)
    new.acl.replaceAll(with: dot, observed.acl)
    let show = Shown(
      content: ShownValue(dots: [dot], value: observed.content.born).reread(in: new.content),
      attributes: ShownAttributes(
        mode: ShownValue(dots: [dot], value: observed.mode),
        owner: ShownValue(dots: [dot], value: observed.owner),
        acl: ShownValue(dots: [dot], value: observed.acl)))
    return LocalChange(record: new, shown: show, dot: dot)
  }

  /// If the disk shows exactly what is settled or decided: shown, and no event.
  private func takenOver(_ observed: Observation, _ decided: ResolvedValues) -> LocalChange? {
    guard let content = content.settled(or: decided.content),
      content.agrees(with: observed.content),
      mode.settled(or: decided.mode) == observed.mode,
      owner.settled(or: decided.owner) == observed.owner,
      acl.settled(or: decided.acl) == observed.acl
    else { return nil }
    let show = Shown(
      content: ShownValue(dots: self.content.dots, value: observed.content.edited(from: content)),
      attributes: ShownAttributes(
        mode: ShownValue(dots: mode.dots, value: observed.mode),
        owner: ShownValue(dots: owner.dots, value: observed.owner),
        acl: ShownValue(dots: acl.dots, value: observed.acl)))
    return LocalChange(record: self, shown: show, dot: nil)
  }

  /// The path is gone. Its attributes stay as they were: a chmod elsewhere does not bring it back.
  private static func death(
    _ record: Record, shown: Shown, _ decided: ResolvedValues, mint: inout Mint
  ) throws(Failure) -> LocalChange {
    if record.isTombstone || record.content.settled(or: decided.content)?.isAbsent == true {
      let show = Shown(content: .init(dots: record.content.dots, value: .absent), attributes: nil)
      return LocalChange(record: record, shown: show, dot: nil)
    }
    let dot = try mint.next()
    var new = record
    new.vector.insert(dot)
    new.content.replace(shown.content.dots, with: dot, .absent)
    let content = ShownValue(dots: [dot], value: Content.absent).reread(in: new.content)
    return LocalChange(
      record: new, shown: Shown(content: content, attributes: nil), dot: dot)
  }

  private static func edit(
    _ record: Record, shown: Shown, _ attributes: ShownAttributes, _ observed: Observation,
    _ decided: ResolvedValues, mint: inout Mint
  ) throws(Failure) -> LocalChange? {
    var edit = Edit(record: record, mint: mint)
    let content = try edit.absorb(
      \.content, shown.content, now: observed.content.edited(from: shown.content.value),
      decided.content)
    // What lives has attributes: those that a forgotten deletion has taken are written again. And
    // who edits what was decided confirms the attributes that were decided with it: else they would
    // be decided anew, without the content that they came with.
    edit.isWhole = edit.dot != nil
    let mode = try edit.absorb(\.mode, attributes.mode, now: observed.mode, decided.mode)
    let owner = try edit.absorb(\.owner, attributes.owner, now: observed.owner, decided.owner)
    let acl = try edit.absorb(\.acl, attributes.acl, now: observed.acl, decided.acl)
    mint = edit.mint
    let show = Shown(
      content: content, attributes: ShownAttributes(mode: mode, owner: owner, acl: acl))
    guard edit.dot != nil || show != shown else { return nil }
    return LocalChange(record: edit.record, shown: show, dot: edit.dot)
  }
}

/// What a look at the disk has led to.
package struct LocalChange: Hashable, Sendable {
  package var record: Record
  package var shown: Shown
  /// The event; nil if there was none.
  package var dot: Dot?
}

/// The registers of one path, absorbed one after the other under one dot.
private struct Edit {
  var record: Record
  var mint: Mint
  var dot: Dot?

  /// Whether registers without any sibling, and decided ones, are written as well.
  var isWhole = false

  mutating func absorb<Value>(
    _ register: WritableKeyPath<Record, Register<Value>>, _ shown: ShownValue<Value>, now: Value,
    _ decided: Value?
  ) throws(Failure) -> ShownValue<Value> {
    let known = record[keyPath: register]
    var same: ShownValue<Value>?
    if now.agrees(with: shown.value), !(isWhole && known.isEmpty) {
      same = ShownValue(dots: shown.dots, value: now)
    } else if let wanted = known.settled(or: decided), wanted.agrees(with: now) {
      same = ShownValue(dots: known.dots, value: now)
    }
    guard let same else { return try write(register, shown.dots, now, applied: now) }
    guard isWhole, known.isConflict, let decided, same.shows(known) else { return same }
    // The value that was decided: the applied one may fall short of it.
    return try write(register, known.dots, decided, applied: now)
  }

  private mutating func write<Value>(
    _ register: WritableKeyPath<Record, Register<Value>>, _ dots: [Dot], _ value: Value,
    applied: Value
  ) throws(Failure) -> ShownValue<Value> {
    let event: Dot
    if let dot { event = dot } else { event = try mint.next() }
    dot = event
    record.vector.insert(event)
    record[keyPath: register].replace(dots, with: event, value)
    return ShownValue(dots: [event], value: applied).reread(in: record[keyPath: register])
  }
}

extension Content {
  /// The same, marked as the value that brought its path to life.
  fileprivate var born: Content {
    guard case .file(var file) = self else { return self }
    file.isBirth = true
    return .file(file)
  }

  /// The same, as a successor of what was there.
  fileprivate func edited(from old: Content) -> Content {
    guard case .file(var file) = self else { return self }
    if case .file(let old) = old, old.digest == file.digest {
      file.isBirth = old.isBirth
    } else {
      file.isBirth = false
    }
    return .file(file)
  }
}
