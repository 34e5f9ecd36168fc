/// How the values of registers stand in CBOR, in database rows and on the wire alike.
///
///     content   = 0 (absent) / 1 (directory) / 2 (fifo) / bytes (text of a symbolic link)
///               / [digest, size, seconds, nanoseconds, isBirth] (file)
///     mode      = uint
///     principal = uint (number) / bytes (name)
///     owner     = [principal, principal]
///     acl       = null (none) / [[*entry], [*entry]] (access, inherited)
///     entry     = [tag, permissions] / [tag, permissions, principal]
///     timestamp = [seconds, nanoseconds]
package enum ValueLimits {
  /// The longest text of a symbolic link, in bytes (Linux: `PATH_MAX` less the final zero).
  package static let symlinkTarget = 4095
  /// The longest name of a user or group, in bytes.
  package static let principalName = 256
  /// The most entries of one access list.
  package static let accessEntries = 1024
  /// The greatest file, in bytes.
  package static let fileSize: UInt64 = 1 << 62
}

extension CBORWriter {
  package mutating func write(_ content: Content) {
    switch content {
    case .absent: uint(0)
    case .directory: uint(1)
    case .fifo: uint(2)
    case .symlink(let target): bytes(target)
    case .file(let file):
      array(5)
      bytes(file.digest.bytes)
      uint(file.size)
      int(file.modified.seconds)
      uint(UInt64(file.modified.nanoseconds))
      bool(file.isBirth)
    }
  }

  package mutating func write(_ mode: Mode) { uint(UInt64(mode.bits)) }

  package mutating func write(_ principal: Principal) {
    switch principal {
    case .number(let number): uint(UInt64(number))
    case .name(let name): bytes(name)
    }
  }

  package mutating func write(_ owner: Owner) {
    array(2)
    write(owner.user)
    write(owner.group)
  }

  package mutating func write(_ acl: AccessList) {
    if acl == .none { return null() }
    array(2)
    write(acl.access)
    write(acl.inherited)
  }

  private mutating func write(_ entries: [AccessEntry]) {
    array(entries.count)
    for entry in entries {
      array(entry.principal == nil ? 2 : 3)
      uint(UInt64(entry.tag.rawValue))
      uint(UInt64(entry.permissions))
      if let principal = entry.principal { write(principal) }
    }
  }

  package mutating func write(_ timestamp: Timestamp) {
    array(2)
    int(timestamp.seconds)
    uint(UInt64(timestamp.nanoseconds))
  }
}

// Reading: each value is checked against its limits and must be what the writer would have written.
extension CBORReader {
  package mutating func readContent() throws(WireFault) -> Content {
    switch majorType {
    case 4: return .file(try readFile())
    case 2: return .symlink(target: try readSymlinkTarget())
    default:
      let start = offset
      switch try readUInt() {
      case 0: return .absent
      case 1: return .directory
      case 2: return .fifo
      default: throw WireFault(.badValue, at: start)
      }
    }
  }

  private mutating func readFile() throws(WireFault) -> FileContent {
    try readArrayHeader(exactly: 5)
    let digest = try readDigest()
    let size = try readUInt(max: ValueLimits.fileSize)
    let seconds = try readInt()
    let nanoseconds = try readNanoseconds()
    return FileContent(
      digest: digest, size: size,
      modified: Timestamp(seconds: seconds, nanoseconds: nanoseconds), isBirth: try readBool())
  }

  private mutating func readSymlinkTarget() throws(WireFault) -> [UInt8] {
    let start = offset
    let target = try readBytes(max: ValueLimits.symlinkTarget)
    guard !target.isEmpty, !target.contains(0) else { throw WireFault(.badValue, at: start) }
    return target
  }

  package mutating func readDigest() throws(WireFault) -> Digest {
    let start = offset
    guard let digest = Digest(try readSlice(max: Digest.byteCount)) else {
      throw WireFault(.badValue, at: start)
    }
    return digest
  }

  package mutating func readMode() throws(WireFault) -> Mode {
    Mode(bits: UInt16(truncatingIfNeeded: try readUInt(max: 0o7777)))
  }

  package mutating func readPrincipal() throws(WireFault) -> Principal {
    guard majorType == 2 else {
      return .number(UInt32(truncatingIfNeeded: try readUInt(max: UInt64(UInt32.max))))
    }
    let start = offset
    let name = try readBytes(max: ValueLimits.principalName)
    guard isSoundPrincipalName(name) else { throw WireFault(.badValue, at: start) }
    return .name(name)
  }

  package mutating func readOwner() throws(WireFault) -> Owner {
    try readArrayHeader(exactly: 2)
    let user = try readPrincipal()
    return Owner(user: user, group: try readPrincipal())
  }

  package mutating func readAccessList() throws(WireFault) -> AccessList {
    if isNull {
      try readNull()
      return .none
    }
    let start = offset
    try readArrayHeader(exactly: 2)
    let access = try readAccessEntries()
    let list = AccessList(access: access, inherited: try readAccessEntries())
    // An empty list is written as null.
    guard list != .none else { throw WireFault(.badValue, at: start) }
    return list
  }

  private mutating func readAccessEntries() throws(WireFault) -> [AccessEntry] {
    let count = try readArrayHeader(max: ValueLimits.accessEntries)
    var entries: [AccessEntry] = []
    for _ in 0..<count {
      let start = offset
      let entry = try readAccessEntry()
      if let last = entries.last, !(last < entry) { throw WireFault(.badOrder, at: start) }
      entries.append(entry)
    }
    return entries
  }

  private mutating func readAccessEntry() throws(WireFault) -> AccessEntry {
    let start = offset
    let parts = try readArrayHeader(max: 3)
    let number = try readUInt(max: 32)
    guard let tag = AccessEntry.Tag(rawValue: UInt8(truncatingIfNeeded: number)) else {
      throw WireFault(.badValue, at: start)
    }
    let permissions = UInt8(truncatingIfNeeded: try readUInt(max: 7))
    guard parts == (tag == .user || tag == .group ? 3 : 2) else {
      throw WireFault(.badValue, at: start)
    }
    return AccessEntry(
      tag, parts == 3 ? try readPrincipal() : nil, permissions: permissions)
  }

  package mutating func readTimestamp() throws(WireFault) -> Timestamp {
    try readArrayHeader(exactly: 2)
    let seconds = try readInt()
    return Timestamp(seconds: seconds, nanoseconds: try readNanoseconds())
  }

  mutating func readNanoseconds() throws(WireFault) -> UInt32 {
    UInt32(truncatingIfNeeded: try readUInt(max: 999_999_999))
  }

  /// The head of an array that must have this many items.
  package mutating func readArrayHeader(exactly count: Int) throws(WireFault) {
    let start = offset
    guard try readArrayHeader(max: count) == count else { throw WireFault(.missing, at: start) }
  }
}

/// Whether the bytes can be the name of a user or group: nothing that could read as a number, end a
/// line or split a field of the system's tables.
package func isSoundPrincipalName(_ name: [UInt8]) -> Bool {
  guard let first = name.first, first != UInt8(ascii: "#") else { return false }
  guard name.count <= ValueLimits.principalName else { return false }
  return !name.contains { $0 == 0 || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: ":") }
}
