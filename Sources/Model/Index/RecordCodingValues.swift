/// How the values of registers stand in CBOR, in database rows and on the wire alike.
///
///     content   = 0 (absent) / 1 (directory) / 2 (fifo) / bytes (text of a symbolic link)
///               / [digest, size, seconds, nanoseconds, isBirth] (file)
///               / [isBlock, major, minor] (device)
///     mode      = uint
///     principal = uint (number) / bytes (name)
///     owner     = [principal, principal] / [principal, principal, number, number]
///                 (the author's numbers, where one of the two has a name)
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
  /// The greatest numbers of a device, as Linux has them.
  package static let deviceMajor: UInt64 = 0xFFF
  package static let deviceMinor: UInt64 = 0xF_FFFF
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
    case .device(let node): write(node)
    case .file(let file):
      array(5)
      bytes(file.digest.bytes)
      uint(file.size)
      int(file.modified.seconds)
      uint(UInt64(file.modified.nanoseconds))
      bool(file.isBirth)
    }
  }

  mutating func write(_ node: DeviceNode) {
    array(3)
    bool(node.isBlock)
    uint(UInt64(node.major))
    uint(UInt64(node.minor))
  }

  package mutating func write(_ mode: Mode) { uint(UInt64(mode.bits)) }

  package mutating func write(_ principal: Principal) {
    switch principal {
    case .number(let number): uint(UInt64(number))
    case .name(let name): bytes(name)
    }
  }

  package mutating func write(_ owner: Owner) {
    array(owner.numbers == nil ? 2 : 4)
    write(owner.user)
    write(owner.group)
    guard let numbers = owner.numbers else { return }
    uint(UInt64(numbers.user))
    uint(UInt64(numbers.group))
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
    case 4: return try readFileOrDevice()
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

  private mutating func readFileOrDevice() throws(WireFault) -> Content {
    let start = offset
    switch try readArrayHeader(max: 5) {
    case 3: return .device(try readDevice())
    case 5: return .file(try readFile())
    default: throw WireFault(.missing, at: start)
    }
  }

  /// What follows the head of its array.
  mutating func readDevice() throws(WireFault) -> DeviceNode {
    let isBlock = try readBool()
    let major = try readUInt(max: ValueLimits.deviceMajor)
    let minor = try readUInt(max: ValueLimits.deviceMinor)
    return DeviceNode(
      isBlock: isBlock, major: UInt32(truncatingIfNeeded: major),
      minor: UInt32(truncatingIfNeeded: minor))
  }

  private mutating func readFile() throws(WireFault) -> FileContent {
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
    let start = offset
    let parts = try readArrayHeader(max: 4)
    guard parts == 2 || parts == 4 else { throw WireFault(.missing, at: start) }
    var owner = Owner(user: try readPrincipal(), group: .number(0))
    owner.group = try readPrincipal()
    guard parts == 4 else { return owner }
    // Numbers beside nothing but numbers: no writer says them twice.
    guard owner.user.isName || owner.group.isName else { throw WireFault(.badValue, at: start) }
    let user = try readUInt(max: UInt64(UInt32.max))
    let group = try readUInt(max: UInt64(UInt32.max))
    owner.numbers = Owner.Numbers(
      user: UInt32(truncatingIfNeeded: user), group: UInt32(truncatingIfNeeded: group))
    return owner
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
