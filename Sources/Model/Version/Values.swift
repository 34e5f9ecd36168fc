/// What a register can hold. Two values *agree* when they are the same for the user: a conflict is
/// two values that do not agree.
package protocol RegisterValue: Hashable, Sendable {
  func agrees(with other: Self) -> Bool
  /// A strict total order, alike on every host: of two different values one precedes the other.
  func precedes(_ other: Self) -> Bool
}

/// What stands at a path: the value of a record's first register.
package enum Content: RegisterValue {
  /// Nothing: the path was deleted.
  case absent
  case file(FileContent)
  case directory
  /// A symbolic link and its text, byte for byte; it is never followed.
  case symlink(target: [UInt8])
  case fifo
  case device(DeviceNode)

  /// Same kind and same bytes. Modification times do not count.
  package func agrees(with other: Content) -> Bool {
    switch (self, other) {
    case (.file(let left), .file(let right)):
      left.digest == right.digest && left.size == right.size
    default: self == other
    }
  }

  package var isAbsent: Bool { self == .absent }
  package var isDirectory: Bool { self == .directory }

  /// `absent`, `file`, `directory`, `symlink`, `fifo` or `device`.
  package var kindName: String { mark.kindName }
}

/// Which device a node leads to.
package struct DeviceNode: Hashable, Sendable {
  /// Whether it is one of blocks, not of characters.
  package var isBlock: Bool
  /// As Linux has them: at most 4095.
  package var major: UInt32
  /// At most 1048575.
  package var minor: UInt32

  package init(isBlock: Bool, major: UInt32, minor: UInt32) {
    self.isBlock = isBlock
    self.major = major
    self.minor = minor
  }

  func precedes(_ other: DeviceNode) -> Bool {
    if isBlock != other.isBlock { return other.isBlock }
    return (major, minor) < (other.major, other.minor)
  }
}

extension DeviceNode: CustomStringConvertible {
  /// `character device 1:3`
  package var description: String {
    "\(isBlock ? "block" : "character") device \(major):\(minor)"
  }
}

/// The content of a regular file.
package struct FileContent: Hashable, Sendable {
  package var digest: Digest
  /// Bytes.
  package var size: UInt64
  /// Travels with the content; a difference in it alone is not a change.
  package var modified: Timestamp
  /// Whether this event brought the path to life: two such siblings have no common ancestor.
  package var isBirth: Bool

  package init(digest: Digest, size: UInt64, modified: Timestamp, isBirth: Bool) {
    self.digest = digest
    self.size = size
    self.modified = modified
    self.isBirth = isBirth
  }
}

/// Permission bits, set-id and sticky bits included: the low twelve bits of `st_mode`.
///
/// Where an access list names users or groups, the group bits are its mask, as in the file system.
package struct Mode: RegisterValue {
  package let bits: UInt16

  package init(bits: UInt16) { self.bits = bits & 0o7777 }

  package func agrees(with other: Mode) -> Bool { self == other }

  /// What a symbolic link has: Linux keeps no other.
  package static let ofSymlink = Mode(bits: 0o777)
}

/// A user or a group as hosts speak of it.
package enum Principal: Hashable, Sendable {
  /// The superuser's number 0, or a number that had no name where the file was seen.
  case number(UInt32)
  /// The name, as bytes: number spaces differ from host to host, names do not.
  case name([UInt8])

  package var isName: Bool { if case .name = self { true } else { false } }
}

/// Whom a file belongs to.
package struct Owner: RegisterValue {
  package var user: Principal
  package var group: Principal
  /// What the names stood for on the author's host, if one of them is a name: for hosts that do not
  /// know it. No part of any comparison: the same names are the same owner.
  package var numbers: Numbers?

  package struct Numbers: Hashable, Sendable {
    package var user: UInt32
    package var group: UInt32

    package init(user: UInt32, group: UInt32) {
      self.user = user
      self.group = group
    }
  }

  package init(user: Principal, group: Principal, numbers: Numbers? = nil) {
    self.user = user
    self.group = group
    self.numbers = user.isName || group.isName ? numbers : nil
  }

  package func agrees(with other: Owner) -> Bool { self == other }

  package static func == (left: Owner, right: Owner) -> Bool {
    left.user == right.user && left.group == right.group
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(user)
    hasher.combine(group)
  }
}

/// What a POSIX access list says beyond the mode.
///
/// `access` is empty for a file whose mode says everything. Otherwise it holds the owning group's
/// entry and those of named users and groups; owner, mask and others stand in the mode. `inherited`
/// is a directory's default list, whole. Both in canonical order (by tag, then by principal).
package struct AccessList: RegisterValue {
  package var access: [AccessEntry]
  package var inherited: [AccessEntry]

  package init(access: [AccessEntry] = [], inherited: [AccessEntry] = []) {
    self.access = access.sorted()
    self.inherited = inherited.sorted()
  }

  package static let none = AccessList()

  package func agrees(with other: AccessList) -> Bool { self == other }
}

/// One line of an access list.
package struct AccessEntry: Hashable, Sendable {
  /// Whom it is about, with the kernel's numbers.
  package enum Tag: UInt8, Hashable, Sendable {
    case owner = 1
    case user = 2
    case owningGroup = 4
    case group = 8
    case mask = 16
    case others = 32
  }

  package var tag: Tag
  /// For `user` and `group` only.
  package var principal: Principal?
  /// Read 4, write 2, execute 1.
  package var permissions: UInt8

  package init(_ tag: Tag, _ principal: Principal? = nil, permissions: UInt8) {
    self.tag = tag
    self.principal = principal
    self.permissions = permissions & 7
  }
}

extension Principal: Comparable {
  /// Numbers first, then names byte by byte.
  package static func < (left: Principal, right: Principal) -> Bool {
    switch (left, right) {
    case (.number(let a), .number(let b)): a < b
    case (.number, .name): true
    case (.name, .number): false
    case (.name(let a), .name(let b)): a.lexicographicallyPrecedes(b)
    }
  }
}

extension Principal: CustomStringConvertible {
  /// `root` for number 0, `#1234` for another number, else the escaped name.
  package var description: String {
    switch self {
    case .number(0): "root"
    case .number(let id): "#\(id)"
    case .name(let name): escaped(name)
    }
  }
}

extension AccessEntry: Comparable {
  package static func < (left: AccessEntry, right: AccessEntry) -> Bool {
    if left.tag != right.tag { return left.tag.rawValue < right.tag.rawValue }
    switch (left.principal, right.principal) {
    case (let a?, let b?) where a != b: return a < b
    case (nil, .some): return true
    case (.some, nil): return false
    default: return left.permissions < right.permissions
    }
  }
}
