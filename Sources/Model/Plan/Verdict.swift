/// What has to happen on this disk for one path, decided from its entry alone.
package enum Verdict: Hashable, Sendable {
  /// The disk shows what it should, or a conflict holds it as it is.
  case nothing
  /// The object has to become this, with these attributes.
  case install(Content, Attributes)
  /// The object stays and gets these attributes, and for a file this modification time.
  case adjust(Attributes, modified: Timestamp?)
  /// The object has to go.
  case remove
}

extension Entry {
  /// Brings what is shown up to the record, as far as no disk is needed for it, and says what is
  /// left
  /// to do. Pure: every host with the same entry decides alike.
  package mutating func refresh() {
    let ignoring = state.intersection(.ignoring)
    guard !state.contains(.leftOut) else {
      state = ignoring.union(record.isTombstone ? [.leftOut, .tombstone] : .leftOut)
      return
    }
    dropStaleDecision()
    shown = shown.reread(in: record)
    takeOverSettled()
    let isKept = isKeptForChildren && !isKeptDeleted
    let isLocal = state.contains(.localOnly)
    let lacks = state.contains(.lacking) && record.content.isConflict
    var now: EntryState = isKeptDeleted ? [.keptDeleted] : isKept ? [.keptForChildren] : []
    now.formUnion(ignoring)
    if isLocal { now.insert(.localOnly) }
    state = now
    if lacks { state.insert(.lacking) }
    if isOpenConflict { state.insert(.conflict) }
    if decided != nil { state.insert(.decided) }
    if record.isTombstone { state.insert(.tombstone) }
    let isDone = verdict == .nothing
    if !isDone { state.insert(.pending) }
    if isDone && differsFromDesired && !isLocal {
      state.insert(.held)
    } else {
      held = []
    }
  }

  /// Registers whose settled (or decided) value the disk shows already: all of their events are
  /// shown.
  private mutating func takeOverSettled() {
    if record.content.isEmpty && shown.content.value.isAbsent { shown.content.dots = [] }
    if !shown.content.shows(record.content), let value = wantedContent,
      value.agrees(with: shown.content.value)
    {
      shown.content.dots = record.content.dots
    }
    guard var attributes = shown.attributes, !attributes.shows(record) else { return }
    if wantedMode == attributes.mode.value { attributes.mode.dots = record.mode.dots }
    if wantedOwner == attributes.owner.value { attributes.owner.dots = record.owner.dots }
    if wantedAccessList == attributes.acl.value { attributes.acl.dots = record.acl.dots }
    shown.attributes = attributes
  }

  /// A directory that is deleted elsewhere, and this disk keeps it knowingly.
  package var isKeptForChildren: Bool {
    guard isGone, shown.content.value.isDirectory else { return false }
    // A tombstone without any event of its own leaves no dots to compare: the mark itself counts.
    if record.content.isEmpty { return state.contains(.keptForChildren) }
    return shown.content.dots == record.content.dots
  }

  /// Whether a settled (or decided) attribute is shown with another value than it says.
  private var differsFromDesired: Bool {
    guard !isGone, let shown = shown.attributes else { return false }
    func differs<Value>(
      _ register: Register<Value>, _ wanted: Value?, _ shown: ShownValue<Value>
    ) -> Bool {
      guard let wanted else { return false }
      return shown.shows(register) && wanted != shown.value
    }
    return !ignoresMode
      && (differs(record.mode, wantedMode, shown.mode)
        || differs(record.acl, wantedAccessList, shown.acl))
      || differs(record.owner, wantedOwner.map { counted($0, shown.owner.value) }, shown.owner)
  }

  /// What the disk should become. Meaningful after `refresh`.
  package var verdict: Verdict {
    guard !state.contains(.localOnly) else { return .nothing }
    let wanted = wantedContent
    if record.content.isConflict, wanted == nil { return attributeVerdict(modified: nil) }
    guard let content = wanted, !content.isAbsent else {
      let isKept = isKeptForChildren || isKeptDeleted
      return shown.content.value.isAbsent || isKept ? .nothing : .remove
    }
    guard !shown.content.value.isAbsent, content.agrees(with: shown.content.value) else {
      return .install(content, desiredAttributes)
    }
    return attributeVerdict(modified: nil)
  }

  private func attributeVerdict(modified: Timestamp?) -> Verdict {
    guard let shown = shown.attributes else { return .nothing }
    func waits<Value>(
      _ register: Register<Value>, _ wanted: Value?, _ shown: ShownValue<Value>
    ) -> Bool {
      wanted != nil && !shown.shows(register)
    }
    let isOwnerSame = wantedOwner.map { counted($0, shown.owner.value) } == shown.owner.value
    let isWaiting =
      !ignoresMode
      && (waits(record.mode, wantedMode, shown.mode)
        || waits(record.acl, wantedAccessList, shown.acl))
      || waits(record.owner, wantedOwner, shown.owner) && !(ignoresOwner && isOwnerSame)
    return isWaiting ? .adjust(desiredAttributes, modified: modified) : .nothing
  }

  /// The settled or decided attributes; in place of one that is open what is applied here, or for
  /// an object that is not here yet the value of the greatest dot.
  package var desiredAttributes: Attributes {
    let applied = shown.attributes?.applied
    return Attributes(
      mode: wantedMode ?? applied?.mode ?? record.mode.siblings.last?.value
        ?? Mode(bits: wantedContent?.isDirectory == true ? 0o755 : 0o600),
      owner: wantedOwner ?? applied?.owner ?? record.owner.siblings.last?.value
        ?? Owner(user: .number(0), group: .number(0)),
      acl: wantedAccessList ?? applied?.acl ?? record.acl.siblings.last?.value ?? .none)
  }

  /// The entry after an installation of `content` with attributes that came out as `applied`.
  package mutating func installed(_ content: Content, applied: Attributes, held: [Held]) {
    let former = shown.content.value.kindName == content.kindName ? shown.attributes : nil
    shown.content = ShownValue(dots: record.content.dots, value: content)
    shown.attributes = ShownAttributes(
      mode: record.mode.shown(as: applied.mode, wantedMode),
      owner: record.owner.shown(as: applied.owner, wantedOwner),
      acl: record.acl.shown(as: applied.acl, wantedAccessList))
    keepIgnored(of: former)
    self.held = held
    refreshKeeping(held)
  }

  /// The entry after its attributes were applied.
  package mutating func adjusted(_ applied: Attributes, held: [Held]) {
    let content = shown.content
    installed(content.value, applied: applied, held: held)
    shown.content = content
    refreshKeeping(held)
  }

  /// The entry after its object was removed.
  package mutating func removed() {
    shown = Shown(content: .init(dots: record.content.dots, value: .absent), attributes: nil)
    seen = nil
    refresh()
  }

  /// The entry after its directory could not be removed, or was made, for what lives below it.
  package mutating func keptForChildren(_ applied: Attributes, seen: FileStat?) {
    state.insert(.keptForChildren)
    installed(.directory, applied: applied, held: [])
    self.seen = seen
  }

  private mutating func refreshKeeping(_ reasons: [Held]) {
    refresh()
    held = state.contains(.held) ? reasons : []
  }
}

extension Register {
  /// What a disk shows that has this value: all events of a settled or decided register (what is
  /// applied may fall short of it), of an open one those that agree.
  fileprivate func shown(as value: Value, _ wanted: Value?) -> ShownValue<Value> {
    if wanted != nil { return ShownValue(dots: dots, value: value) }
    let own = siblings.filter { $0.value.agrees(with: value) }
    return ShownValue(dots: own.map(\.dot), value: value)
  }
}
