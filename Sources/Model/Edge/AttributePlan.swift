import Model

/// What desired attributes come to on this host: numbers for the kernel, what a scan would then
/// see, and what is held back.
struct AttributePlan {
  var kind: FileStat.Kind
  var uid: UInt32
  var gid: UInt32
  var mode: UInt16
  /// The whole access list, or nil where the mode says everything.
  var access: AccessBlob?
  /// A directory's default list, or nil for none.
  var inherited: AccessBlob?
  var applied: Attributes
  var held: [Held]
}

/// Works a plan out. The rule behind all of it: what cannot be applied as it is comes out as less
/// access, never as more, and is reported.
struct AttributePlanner {
  let names: Names
  let kind: FileStat.Kind
  /// The object whose owner stays if the desired one is unknown; nil for a new one, which is then
  /// root's.
  let present: FileStat?
  let keepsLists: Bool
  let taking: Taking
  /// What the object at the path has, where something of it is ignored and so stays.
  var former: Former?

  struct Former {
    var uid: UInt32
    var gid: UInt32
    /// Nil: it is of another kind.
    var mode: UInt16?
    var access: AccessBlob?
    var inherited: AccessBlob?
  }

  private var held: [Held] = []

  init(
    names: Names, kind: FileStat.Kind, present: FileStat?, keepsLists: Bool, taking: Taking
  ) {
    self.names = names
    self.kind = kind
    self.present = present
    self.keepsLists = keepsLists
    self.taking = taking
  }

  mutating func plan(_ desired: Attributes) throws(Names.LookupFailure) -> AttributePlan {
    let desired = try counted(desired)
    let user = try id(desired.owner.user, .user, desired.owner.numbers?.user)
    let group = try id(desired.owner.group, .group, desired.owner.numbers?.group)
    let uid = taking.ignored.contains(.uid) ? former?.uid ?? 0 : user ?? present?.uid ?? 0
    let gid = taking.ignored.contains(.gid) ? former?.gid ?? 0 : group ?? present?.gid ?? 0
    let owner = Owner(
      user: try names.principal(uid, .user), group: try names.principal(gid, .group))
    let isHeld = !held.isEmpty
    noteOtherNames(owner, desired.owner)
    var plan = AttributePlan(
      kind: kind, uid: uid, gid: gid, mode: desired.mode.bits, access: nil, inherited: nil,
      applied: Attributes(mode: desired.mode, owner: owner, acl: .none), held: [])
    if kind == .symlink {
      plan.mode = Mode.ofSymlink.bits
    } else {
      try planMode(desired, &plan, isHeld: isHeld)
    }
    plan.applied.mode = Mode(bits: plan.mode)
    plan.applied.acl = AccessList(
      access: try plan.access?.recorded(names) ?? [],
      inherited: try plan.inherited?.whole(names) ?? [])
    plan.held = held
    return plan
  }

  /// What is ignored is as it is here, or as root makes it.
  private func counted(_ desired: Attributes) throws(Names.LookupFailure) -> Attributes {
    var out = desired
    if taking.ignored.contains(.uid) {
      out.owner.user = try names.principal(former?.uid ?? 0, .user)
    }
    if taking.ignored.contains(.gid) {
      out.owner.group = try names.principal(former?.gid ?? 0, .group)
    }
    return out
  }

  private mutating func planMode(
    _ desired: Attributes, _ plan: inout AttributePlan, isHeld: Bool
  ) throws(Names.LookupFailure) {
    guard taking.ignored.contains(.mod) else {
      dropSetID(&plan.mode, isHeld: isHeld)
      return try applyLists(desired.acl, to: &plan)
    }
    if let mode = former?.mode {
      plan.mode = mode
      plan.access = former?.access
      plan.inherited = former?.inherited
    } else {
      // Never wider than its author's, where that is known.
      let wanted = desired.mode == Attributes.neutral.mode ? 0o700 : desired.mode.bits
      plan.mode = wanted & (kind == .directory ? 0o700 : 0o600)
    }
  }

  private func unknown(_ principal: Principal, _ kind: Names.Kind) -> String {
    let word = kind == .user ? "user" : "group"
    switch principal {
    case .name(let name): return "\(word) \"\(escaped(name))\" is unknown here"
    case .number(let id): return "\(word) number \(id) belongs to somebody else here"
    }
  }

  /// The number of an owner: the one that it has here, or for one that is unknown what the group
  /// says in its stead, and that is reported.
  private mutating func id(
    _ principal: Principal, _ kind: Names.Kind, _ number: UInt32?
  ) throws(Names.LookupFailure) -> UInt32? {
    if let known = try names.id(principal, kind) { return known }
    let attribute: Held.Attribute = kind == .user ? .owner : .group
    let reason = unknown(principal, kind)
    switch taking.unknownOwner {
    case .numeric where principal.isName:
      guard let number, number != 0, number != .max else { break }
      held.append(Held(attribute, "\(reason): the number \(number) is set"))
      return number
    case .map(let name):
      guard let id = try names.id(.name(Array(name.utf8)), kind) else { break }
      held.append(Held(attribute, "\(reason): \"\(escaped(name))\" is set"))
      return id
    case .hold, .numeric: break
    }
    held.append(Held(attribute, reason))
    return nil
  }

  /// Two names of one number: the disk will tell the other.
  private mutating func noteOtherNames(_ actual: Owner, _ desired: Owner) {
    let isOwnerHeld = held.contains { $0.attribute == .owner }
    let isGroupHeld = held.contains { $0.attribute == .group }
    if !isOwnerHeld, actual.user != desired.user {
      held.append(Held(.owner, "user \"\(desired.user)\" is \"\(actual.user)\" here"))
    }
    if !isGroupHeld, actual.group != desired.group {
      held.append(Held(.group, "group \"\(desired.group)\" is \"\(actual.group)\" here"))
    }
  }

  private mutating func dropSetID(_ mode: inout UInt16, isHeld: Bool) {
    let setID: UInt16 = 0o6000
    guard mode & setID != 0 else { return }
    if isHeld {
      mode &= ~setID
      held.append(Held(.mode, "set-id bits are not set for another owner than theirs"))
    } else if !taking.setID {
      // On a directory the group bit only says which group new files get.
      let kept: UInt16 = kind == .directory ? 0o2000 : 0
      guard mode & setID & ~kept != 0 else { return }
      mode &= ~setID | kept
      held.append(Held(.mode, "set-id bits are not taken from peers"))
    }
  }
}

// Access lists.
extension AttributePlanner {
  private static let digits: [AccessEntry.Tag] = [.owner, .owningGroup, .others]

  private mutating func applyLists(
    _ acl: AccessList, to plan: inout AttributePlan
  ) throws(Names.LookupFailure) {
    let isMalformed = !isSoundAccess(acl.access) || !isSoundInherited(acl.inherited)
    if isMalformed {
      // The mode's group digit was the mask of something: nobody knows of what.
      plan.mode &= ~0o070
      held.append(Held(.acl, "it is malformed"))
      return
    }
    if !acl.access.isEmpty { try applyAccess(acl.access, to: &plan) }
    guard !acl.inherited.isEmpty, kind == .directory else { return }
    if keepsLists {
      plan.inherited = AccessBlob(entries: try known(acl.inherited))
    } else {
      held.append(Held(.acl, "the file system keeps no access lists"))
    }
  }

  private mutating func applyAccess(
    _ entries: [AccessEntry], to plan: inout AttributePlan
  ) throws(Names.LookupFailure) {
    let list = try known(entries)
    guard keepsLists else {
      held.append(Held(.acl, "the file system keeps no access lists"))
      let reduced = reducedMode(plan.mode, list)
      if reduced != plan.mode {
        held.append(Held(.mode, "it was the mask of an access list"))
        plan.mode = reduced
      }
      return
    }
    let mode = plan.mode
    let digit = { (shift: UInt16) in UInt8(truncatingIfNeeded: mode >> shift & 7) }
    let modes: [AccessBlob.Entry] = [
      .init(tag: .owner, permissions: digit(6), id: AccessBlob.noID),
      .init(tag: .mask, permissions: digit(3), id: AccessBlob.noID),
      .init(tag: .others, permissions: digit(0), id: AccessBlob.noID),
    ]
    plan.access = AccessBlob(entries: list + modes)
  }

  /// The mode that gives nobody more than the list would: a user that the list names is one of the
  /// group or of the others to a file system without lists.
  private func reducedMode(_ mode: UInt16, _ list: [AccessBlob.Entry]) -> UInt16 {
    let mask = mode >> 3 & 7
    var group = mask
    var others = mode & 7
    for entry in list {
      let effective = UInt16(entry.permissions) & mask
      switch entry.tag {
      case .owningGroup: group &= effective
      case .user:
        group &= effective
        others &= effective
      case .group: others &= effective
      case .owner, .mask, .others: break
      }
    }
    return mode & 0o7700 | group << 3 | others
  }

  /// The entries with numbers; those that nobody has here are left out and reported.
  private mutating func known(
    _ entries: [AccessEntry]
  ) throws(Names.LookupFailure) -> [AccessBlob.Entry] {
    var out: [AccessBlob.Entry] = []
    for entry in entries {
      var id = AccessBlob.noID
      if let principal = entry.principal {
        let kind: Names.Kind = entry.tag == .user ? .user : .group
        guard let number = try names.id(principal, kind) else {
          held.append(Held(.acl, unknown(principal, kind)))
          continue
        }
        id = number
        if try names.principal(number, kind) != principal {
          held.append(Held(.acl, "\"\(principal)\" has another name here"))
        }
      }
      if let twin = out.firstIndex(where: { $0.tag == entry.tag && $0.id == id }) {
        out[twin].permissions &= entry.permissions
      } else {
        out.append(.init(tag: entry.tag, permissions: entry.permissions, id: id))
      }
    }
    return out
  }

  private func isSoundAccess(_ entries: [AccessEntry]) -> Bool {
    entries.isEmpty
      || hasSoundNames(entries) && count(.owningGroup, entries) == 1
        && count(.owner, entries) + count(.mask, entries) + count(.others, entries) == 0
  }

  private func isSoundInherited(_ entries: [AccessEntry]) -> Bool {
    guard !entries.isEmpty else { return true }
    let named = count(.user, entries) + count(.group, entries)
    return hasSoundNames(entries) && Self.digits.allSatisfy { count($0, entries) == 1 }
      && count(.mask, entries) <= 1 && (named == 0 || count(.mask, entries) == 1)
  }

  private func hasSoundNames(_ entries: [AccessEntry]) -> Bool {
    entries.allSatisfy { ($0.principal != nil) == ($0.tag == .user || $0.tag == .group) }
  }

  private func count(_ tag: AccessEntry.Tag, _ entries: [AccessEntry]) -> Int {
    entries.count { $0.tag == tag }
  }
}
