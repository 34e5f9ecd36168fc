/// Attributes that a group ignores: they stand in the record and on the disk, and the two have
/// nothing to do with each other. What is shown of them stays as it was when they were last looked
/// at, so that a look at the time they count again tells what has changed meanwhile.
extension Entry {
  package var ignoresMode: Bool { state.contains(.ignoresMode) }
  /// Whether at least one of user and group is ignored.
  var ignoresOwner: Bool { !state.isDisjoint(with: [.ignoresUser, .ignoresGroup]) }

  /// Whether it matters to this host what the register says.
  func ignores(_ field: Field) -> Bool {
    switch field {
    case .content: return false
    case .mode, .acl: return ignoresMode
    case .owner:
      guard ignoresOwner, let first = record.owner.siblings.first?.value else { return false }
      return record.owner.siblings.allSatisfy { counted($0.value, first) == first }
    }
  }

  /// The owner with the ignored parts of another one.
  func counted(_ owner: Owner, _ other: Owner) -> Owner {
    var out = owner
    if state.contains(.ignoresUser) { out.user = other.user }
    if state.contains(.ignoresGroup) { out.group = other.group }
    return out
  }

  /// Leaves what is shown of ignored attributes as it was.
  mutating func keepIgnored(of former: ShownAttributes?) {
    guard let former, var now = shown.attributes else { return }
    if ignoresMode {
      now.mode.value = former.mode.value
      now.acl.value = former.acl.value
    }
    now.owner.value = counted(now.owner.value, former.owner.value)
    shown.attributes = now
  }

  /// What is shown of ignored attributes after a look: as it was, or for what was just found to be
  /// here already, what is there.
  mutating func keepShown(of old: Entry?, _ observed: Observation?, _ change: LocalChange) {
    guard let observed, state.intersection(.ignoring) != [], var now = shown.attributes else {
      return
    }
    if let former = old?.shown.attributes,
      old?.shown.content.value.kindName == observed.content.kindName
    {
      keepIgnored(of: former)
    } else if change.dot == nil {
      if ignoresMode {
        now.mode.value = observed.mode
        now.acl.value = observed.acl
      }
      now.owner.value = counted(now.owner.value, observed.owner)
      shown.attributes = now
    }
  }

  /// Takes over what the group ignores now.
  ///
  /// - Returns: Whether it was another set before.
  @discardableResult
  package mutating func ignore(_ ignored: Set<Settings.Ignored>) -> Bool {
    let now = EntryState(ignoring: ignored)
    guard state.intersection(.ignoring) != now else { return false }
    state.subtract(.ignoring)
    state.formUnion(now)
    return true
  }
}

extension EntryState {
  package init(ignoring ignored: Set<Settings.Ignored>) {
    self = []
    if ignored.contains(.mod) { insert(.ignoresMode) }
    if ignored.contains(.uid) { insert(.ignoresUser) }
    if ignored.contains(.gid) { insert(.ignoresGroup) }
  }
}

extension Observation {
  /// The look without what is ignored, so that it is no event.
  ///
  /// An object that was here keeps what is shown of it. A path that comes to life says of ignored
  /// attributes what every host says of them; only where nothing else is new, what is recorded
  /// already.
  func without(_ ignored: Set<Settings.Ignored>, _ entry: Entry?) -> Observation {
    guard !ignored.isDisjoint(with: [.uid, .gid, .mod]) else { return self }
    if let entry, let shown = entry.shown.attributes,
      entry.shown.content.value.kindName == content.kindName
    {
      return keeping(ignored, shown, entry.wantedOwner)
    }
    let neutral = replacing(ignored, by: .neutral)
    guard let entry, let settled = entry.settledAttributes else { return neutral }
    let same = replacing(ignored, by: settled)
    let isKnown =
      entry.wantedContent?.agrees(with: content) == true
      && Attributes(mode: same.mode, owner: same.owner, acl: same.acl) == settled
    return isKnown ? same : neutral
  }

  private func keeping(
    _ ignored: Set<Settings.Ignored>, _ shown: ShownAttributes, _ wanted: Owner?
  ) -> Observation {
    var out = replacing(ignored, by: shown.applied)
    // A new group under an ignored user, or the other way round, goes with what is recorded of it.
    if out.owner != shown.owner.value, let wanted {
      out = out.replacing(
        ignored.subtracting([.mod]), by: Attributes(mode: out.mode, owner: wanted, acl: out.acl))
    }
    return out
  }

  private func replacing(
    _ ignored: Set<Settings.Ignored>, by other: Attributes
  ) -> Observation {
    var out = self
    if ignored.contains(.mod) {
      out.mode = other.mode
      out.acl = other.acl
    }
    if ignored.contains(.uid) { out.owner.user = other.owner.user }
    if ignored.contains(.gid) { out.owner.group = other.owner.group }
    return out
  }
}

extension Entry {
  fileprivate var settledAttributes: Attributes? {
    guard let mode = wantedMode, let owner = wantedOwner, let acl = wantedAccessList else {
      return nil
    }
    return Attributes(mode: mode, owner: owner, acl: acl)
  }
}

extension Attributes {
  /// What a record says of attributes that are ignored, on every host and of every kind of object:
  /// else a file here and a directory there would be in conflict about a mode, too.
  package static let neutral = Attributes(
    mode: Mode(bits: 0o600), owner: Owner(user: .number(0), group: .number(0)), acl: .none)
}
