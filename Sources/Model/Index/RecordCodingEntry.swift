/// The columns of one entry besides its path, its group and its state.
package struct EntryRow: Hashable, Sendable {
  package var record: [UInt8]
  /// The part of the vector that the row does not say, if it is kept elsewhere.
  package var stem: VersionVector?
  /// Nil: the disk shows what is settled.
  package var shown: [UInt8]?
  package var seen: [UInt8]?
  package var held: [UInt8]?
  /// Nil: nothing is decided.
  package var decided: [UInt8]?

  package init(
    record: [UInt8], stem: VersionVector?, shown: [UInt8]?, seen: [UInt8]?, held: [UInt8]?,
    decided: [UInt8]? = nil
  ) {
    self.record = record
    self.stem = stem
    self.shown = shown
    self.seen = seen
    self.held = held
    self.decided = decided
  }
}

// What the disk shows, what it was seen with and what is held:
//
//     shown = flags, ?(dots, content), ?(dots, mode), ?(dots, owner), ?(dots, acl)
//             flags: 1, 2, 4, 8: that register shows what is settled; 16: nothing is on the disk
//     dots  = [*(replica, sequence)]
//     seen  = flags, inode, uid, gid, ?kind, ?size, ?(seconds, nanoseconds), ?mode,
//             ?(seconds, nanoseconds)
//             flags: 1 kind, 2 size, 4 time of modification, 8 mode differ from what is shown;
//             16 the time of the change differs from that of the modification
//     held  = [*(attribute, reason)]
extension RecordCoding {
  private static let asSettled: (UInt64, UInt64, UInt64, UInt64) = (1, 2, 4, 8)
  private static let nothingThere: UInt64 = 16
  private static let heldOrder: [Held.Attribute] = [.owner, .group, .acl, .mode]
  private static let heldReasonLimit = 65_536

  package static func row(of entry: Entry, _ short: inout Shorthand) -> EntryRow {
    let (record, stem) = encode(entry.record, &short)
    return EntryRow(
      record: record, stem: stem, shown: encode(entry.shown, of: entry.record, &short),
      seen: entry.seen.map { encode($0, beside: entry.shown) }, held: encode(entry.held),
      decided: entry.decided.map { encode($0, &short) })
  }

  package static func entry(
    _ path: TreePath, _ row: EntryRow, state: EntryState, _ short: Shorthand
  ) throws(WireFault) -> Entry {
    let record = try record(row.record, stem: row.stem, short)
    var entry = Entry(path: path, record: record, state: state)
    entry.shown = try shown(row.shown, of: record, short)
    if let seen = row.seen { entry.seen = try stat(seen, beside: entry.shown) }
    if let held = row.held { entry.held = try self.held(held) }
    if let decided = row.decided { entry.decided = try decision(decided, short) }
    return entry
  }

  private static func encode(
    _ shown: Shown, of record: Record, _ short: inout Shorthand
  ) -> [UInt8]? {
    var flags: UInt64 = 0
    if shown.content.isSettled(record.content) { flags |= asSettled.0 }
    if let attributes = shown.attributes {
      if attributes.mode.isSettled(record.mode) { flags |= asSettled.1 }
      if attributes.owner.isSettled(record.owner) { flags |= asSettled.2 }
      if attributes.acl.isSettled(record.acl) { flags |= asSettled.3 }
    } else {
      flags |= nothingThere
    }
    // The common cases: all as settled, or settled as absent and gone.
    if flags == 15 && !shown.content.value.isAbsent { return nil }
    if flags == asSettled.0 | nothingThere && shown.content.value.isAbsent { return nil }
    var out = CBORWriter(capacity: 64)
    out.uint(flags)
    if flags & asSettled.0 == 0 {
      out.write(dots: shown.content.dots, &short)
      out.write(shown.content.value)
    }
    guard let attributes = shown.attributes else { return out.bytes }
    if flags & asSettled.1 == 0 {
      out.write(dots: attributes.mode.dots, &short)
      out.write(attributes.mode.value)
    }
    if flags & asSettled.2 == 0 {
      out.write(dots: attributes.owner.dots, &short)
      out.write(attributes.owner.value, &short)
    }
    if flags & asSettled.3 == 0 {
      out.write(dots: attributes.acl.dots, &short)
      out.write(attributes.acl.value)
    }
    return out.bytes
  }

  private static func shown(
    _ body: [UInt8]?, of record: Record, _ short: Shorthand
  ) throws(WireFault) -> Shown {
    guard let body else {
      let content = try settled(record.content)
      if content.value.isAbsent { return Shown(content: content, attributes: nil) }
      return Shown(
        content: content,
        attributes: ShownAttributes(
          mode: try settled(record.mode), owner: try settled(record.owner),
          acl: try settled(record.acl)))
    }
    var reader = CBORReader(body)
    let flags = try reader.readUInt(max: 31)
    let content = try reader.readShown(record.content, flags & asSettled.0 != 0, short) {
      reader throws(WireFault) in
      try reader.readContent()
    }
    var shown = Shown(content: content, attributes: nil)
    if flags & nothingThere == 0 {
      let mode = try reader.readShown(record.mode, flags & asSettled.1 != 0, short) {
        reader throws(WireFault) in
        try reader.readMode()
      }
      let owner = try reader.readShown(record.owner, flags & asSettled.2 != 0, short) {
        reader throws(WireFault) in
        try reader.readOwner(short)
      }
      let acl = try reader.readShown(record.acl, flags & asSettled.3 != 0, short) {
        reader throws(WireFault) in
        try reader.readAccessList()
      }
      shown.attributes = ShownAttributes(mode: mode, owner: owner, acl: acl)
    }
    try reader.finish()
    return shown
  }

  fileprivate static func settled<Value>(
    _ register: Register<Value>
  ) throws(WireFault) -> ShownValue<Value> {
    guard let value = register.settled else { throw WireFault(.badValue, at: 0) }
    return ShownValue(dots: register.dots, value: value)
  }

  private static func encode(_ stat: FileStat, beside shown: Shown) -> [UInt8] {
    let expected = Expected(shown)
    var flags: UInt64 = 0
    if stat.kind != expected.kind { flags |= 1 }
    if stat.size != expected.size { flags |= 2 }
    if stat.modified != expected.modified { flags |= 4 }
    if stat.mode != expected.mode { flags |= 8 }
    if stat.changed != stat.modified { flags |= 16 }
    var out = CBORWriter(capacity: 48)
    out.uint(flags)
    out.uint(stat.inode)
    out.uint(UInt64(stat.uid))
    out.uint(UInt64(stat.gid))
    if flags & 1 != 0 { out.uint(UInt64(stat.kind.rawValue)) }
    if flags & 2 != 0 { out.uint(stat.size) }
    if flags & 4 != 0 {
      out.int(stat.modified.seconds)
      out.uint(UInt64(stat.modified.nanoseconds))
    }
    if flags & 8 != 0 { out.uint(UInt64(stat.mode)) }
    if flags & 16 != 0 {
      out.int(stat.changed.seconds)
      out.uint(UInt64(stat.changed.nanoseconds))
    }
    return out.bytes
  }

  private static func stat(
    _ body: [UInt8], beside shown: Shown
  ) throws(WireFault) -> FileStat {
    let expected = Expected(shown)
    var reader = CBORReader(body)
    let flags = try reader.readUInt(max: 31)
    let inode = try reader.readUInt()
    let uid = UInt32(truncatingIfNeeded: try reader.readUInt(max: UInt64(UInt32.max)))
    let gid = UInt32(truncatingIfNeeded: try reader.readUInt(max: UInt64(UInt32.max)))
    var stat = FileStat(
      kind: expected.kind, device: 0, inode: inode, size: expected.size,
      modified: expected.modified, changed: expected.modified, mode: expected.mode, uid: uid,
      gid: gid,
      links: 0)
    if flags & 1 != 0 {
      let number = UInt8(truncatingIfNeeded: try reader.readUInt(max: 255))
      guard let kind = FileStat.Kind(rawValue: number) else { throw WireFault(.badValue, at: 0) }
      stat.kind = kind
    }
    if flags & 2 != 0 { stat.size = try reader.readUInt() }
    if flags & 4 != 0 {
      stat.modified.seconds = try reader.readInt()
      stat.modified.nanoseconds = try reader.readNanoseconds()
    }
    if flags & 8 != 0 {
      stat.mode = UInt16(truncatingIfNeeded: try reader.readUInt(max: UInt64(UInt16.max)))
    }
    stat.changed = stat.modified
    if flags & 16 != 0 {
      stat.changed.seconds = try reader.readInt()
      stat.changed.nanoseconds = try reader.readNanoseconds()
    }
    try reader.finish()
    return stat
  }

  private static func encode(_ held: [Held]) -> [UInt8]? {
    if held.isEmpty { return nil }
    var out = CBORWriter(capacity: 64)
    out.array(held.count * 2)
    for one in held {
      out.uint(UInt64(heldOrder.firstIndex(of: one.attribute) ?? 0))
      out.text(one.reason)
    }
    return out.bytes
  }

  private static func held(_ body: [UInt8]) throws(WireFault) -> [Held] {
    var reader = CBORReader(body)
    let count = try reader.readArrayHeader(max: itemLimit)
    var held: [Held] = []
    for _ in 0..<(count / 2) {
      let number = Int(try reader.readUInt(max: UInt64(heldOrder.count - 1)))
      held.append(Held(heldOrder[number], try reader.readText(max: heldReasonLimit)))
    }
    guard count % 2 == 0 else { throw WireFault(.missing, at: 0) }
    try reader.finish()
    return held
  }
}

/// What a stat says where nothing but what is shown has been done to the object.
private struct Expected {
  var kind = FileStat.Kind.file
  var size: UInt64 = 0
  var modified = Timestamp(seconds: 0, nanoseconds: 0)
  var mode: UInt16

  init(_ shown: Shown) {
    mode = shown.attributes?.mode.value.bits ?? 0
    switch shown.content.value {
    case .absent: break
    case .file(let file):
      size = file.size
      modified = file.modified
    case .directory:
      kind = .directory
      size = 4096
    case .symlink(let target):
      kind = .symlink
      size = UInt64(target.count)
    case .fifo: kind = .fifo
    case .device: kind = .device
    }
  }
}

extension ShownValue {
  /// Whether this is the register's settled value with all its dots.
  fileprivate func isSettled(_ register: Register<Value>) -> Bool {
    guard dots.count == register.siblings.count, let settled = register.settled,
      settled == value
    else { return false }
    return zip(dots, register.siblings).allSatisfy { $0 == $1.dot }
  }
}

extension CBORWriter {
  mutating func write(dots: [Dot], _ short: inout Shorthand) {
    array(dots.count * 2)
    for dot in dots { write(dot, &short) }
  }
}

extension CBORReader {
  fileprivate mutating func readShown<Value>(
    _ register: Register<Value>, _ isSettled: Bool, _ short: Shorthand,
    _ value: (inout CBORReader) throws(WireFault) -> Value
  ) throws(WireFault) -> ShownValue<Value> {
    if isSettled { return try RecordCoding.settled(register) }
    let dots = try readDots(short)
    return ShownValue(dots: dots, value: try value(&self))
  }

  mutating func readDots(_ short: Shorthand) throws(WireFault) -> [Dot] {
    let start = offset
    let count = try readArrayHeader(max: RecordCoding.itemLimit)
    guard count % 2 == 0 else { throw WireFault(.missing, at: start) }
    var dots: [Dot] = []
    for _ in 0..<(count / 2) { dots.append(try readDot(short)) }
    return dots
  }
}
