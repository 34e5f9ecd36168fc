/// How records stand in the rows of the database: CBOR sequences (RFC 8742), small in the common
/// case. `spec/store.md` shows the bytes.
///
/// The vector of a record nearly always holds the greatest dots of its registers, so these entries
/// are left out; the rest, its *stem*, is empty for a path that one host has written, and alike for
/// all paths that came to life between two syncs. A stem of two entries and more stands in a table
/// of its own.
///
///     record   = flags, ?stem, dot, content, mode, owner, acl       (uniform: one dot in all four)
///              / flags, ?stem, [*content], [*mode], [*owner], [*acl]    (siblings)
///     flags    = uint: 1 uniform, 2 the stem is the whole vector, 4 the stem follows
///     stem     = vector = [*(replica, sequence)]
///     sibling  = dot, value / null, value         (null: the dot of the sibling before)
///     dot      = replica, sequence                (replica: a number in a `Shorthand`)
///     owner    = a number in a `Shorthand` / [principal, principal]
package enum RecordCoding {
  package static let uniform: UInt64 = 1
  static let explicitVector: UInt64 = 2
  package static let inlineStem: UInt64 = 4
  /// Stems up to this length stand in the row: a number and its row elsewhere would cost more.
  static let inlineStemLimit = 1
  /// The most siblings of one register and the most entries of one vector.
  static let itemLimit = 65_536

  /// The bytes of a record, and the stem if it belongs into the table of stems.
  package static func encode(
    _ record: Record, _ short: inout Shorthand
  ) -> (body: [UInt8], stem: VersionVector?) {
    var out = CBORWriter(capacity: 128)
    let dot = uniformDot(record)
    let stem = stem(of: record, uniform: dot)
    var flags = dot == nil ? 0 : uniform
    if stem == nil { flags |= explicitVector }
    let rest = stem ?? record.vector
    let isInline = rest.entries.count <= inlineStemLimit
    if isInline, !rest.isEmpty { flags |= inlineStem }
    out.uint(flags)
    if flags & inlineStem != 0 { out.write(rest, &short) }
    if let dot {
      out.write(dot, &short)
      if let value = record.content.siblings.first?.value { out.write(value) }
      if let value = record.mode.siblings.first?.value { out.write(value) }
      if let value = record.owner.siblings.first?.value { out.write(value, &short) }
      if let value = record.acl.siblings.first?.value { out.write(value) }
    } else {
      var last: Dot?
      out.write(record.content, after: &last, &short) { out, value, _ in out.write(value) }
      out.write(record.mode, after: &last, &short) { out, value, _ in out.write(value) }
      out.write(record.owner, after: &last, &short) { $0.write($1, &$2) }
      out.write(record.acl, after: &last, &short) { out, value, _ in out.write(value) }
    }
    return (out.bytes, isInline ? nil : rest)
  }

  /// The record of a row. Throws on everything that `encode` would not have written; never traps.
  package static func record(
    _ body: [UInt8], stem: VersionVector?, _ short: Shorthand
  ) throws(WireFault) -> Record {
    var reader = CBORReader(body)
    var head = try Head(&reader, stem: stem, short)
    var record = Record(vector: VersionVector())
    if let dot = head.dot {
      record.content = Register(dot, try reader.readContent())
      record.mode = Register(dot, try reader.readMode())
      record.owner = Register(dot, try reader.readOwner(short))
      record.acl = Register(dot, try reader.readAccessList())
    } else {
      var last: Dot?
      record.content = try reader.readRegister(&last, short) { reader throws(WireFault) in
        try reader.readContent()
      }
      record.mode = try reader.readRegister(&last, short) { reader throws(WireFault) in
        try reader.readMode()
      }
      record.owner = try reader.readRegister(&last, short) { reader throws(WireFault) in
        try reader.readOwner(short)
      }
      record.acl = try reader.readRegister(&last, short) { reader throws(WireFault) in
        try reader.readAccessList()
      }
      if !head.isWhole { head.add(dotsOf: record) }
    }
    try reader.finish()
    record.vector = head.vector
    return record
  }

  /// The vector of a row alone: no value is looked at where one dot stands in all registers.
  package static func vector(
    _ body: [UInt8], stem: VersionVector?, _ short: Shorthand
  ) throws(WireFault) -> VersionVector {
    var reader = CBORReader(body)
    let head = try Head(&reader, stem: stem, short)
    return head.dot == nil ? try record(body, stem: stem, short).vector : head.vector
  }

  /// What of a row's content can be told without reading all of it.
  package enum ContentHint: Hashable, Sendable {
    /// One file; the first eight bytes of its digest.
    case file(UInt64)
    case noFile
    /// Siblings, or damage.
    case unclear
  }

  /// What the row says is settled, by its first bytes.
  package static func contentHint(_ body: [UInt8], _ short: Shorthand) -> ContentHint {
    var reader = CBORReader(body)
    do throws(WireFault) {
      let flags = try reader.readUInt()
      if flags & inlineStem != 0 { _ = try reader.readVector(short) }
      if flags & uniform == 0, try reader.readArrayHeader(max: 1) != 1 { return .noFile }
      _ = try reader.readDot(short)
      guard reader.majorType == 4 else { return .noFile }
      guard try reader.readArrayHeader(max: 5) == 5 else { return .noFile }
      let digest = try reader.readSlice(max: Digest.byteCount)
      return .file(digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    } catch {
      return .unclear
    }
  }

  /// The dot that all four registers hold, if each has one sibling and it is the same.
  private static func uniformDot(_ record: Record) -> Dot? {
    guard let dot = record.content.siblings.first?.dot, record.content.siblings.count == 1,
      record.mode.siblings.count == 1, record.owner.siblings.count == 1,
      record.acl.siblings.count == 1, record.mode.siblings.first?.dot == dot,
      record.owner.siblings.first?.dot == dot, record.acl.siblings.first?.dot == dot
    else { return nil }
    return dot
  }

  /// What the dots do not say of the vector; nil if the vector lacks one of them.
  private static func stem(of record: Record, uniform: Dot?) -> VersionVector? {
    var greatest = VersionVector()
    if let uniform {
      greatest.insert(uniform)
    } else {
      greatest.insertDots(of: record)
    }
    guard record.vector.covers(greatest) else { return nil }
    if greatest == record.vector { return VersionVector() }
    return VersionVector(
      sorted: record.vector.entries.filter { greatest[$0.replica] != $0.sequence })
  }

  /// What stands before the values of a row.
  private struct Head {
    let dot: Dot?
    let isWhole: Bool
    var vector: VersionVector

    init(
      _ reader: inout CBORReader, stem: VersionVector?, _ short: Shorthand
    ) throws(WireFault) {
      let flags = try reader.readUInt(max: uniform | explicitVector | inlineStem)
      isWhole = flags & explicitVector != 0
      vector = stem ?? VersionVector()
      if flags & inlineStem != 0 {
        guard stem == nil else { throw WireFault(.badValue, at: 0) }
        vector = try reader.readVector(short)
      }
      dot = flags & uniform != 0 ? try reader.readDot(short) : nil
      if let dot, !isWhole, vector[dot.replica] == 0 { vector.insert(dot) }
    }

    mutating func add(dotsOf record: Record) {
      var greatest = VersionVector()
      greatest.insertDots(of: record)
      // An entry of the stem was above the greatest dot.
      vector.merge(greatest)
    }
  }
}

extension VersionVector {
  fileprivate mutating func insertDots(of record: Record) {
    for sibling in record.content.siblings { insert(sibling.dot) }
    for sibling in record.mode.siblings { insert(sibling.dot) }
    for sibling in record.owner.siblings { insert(sibling.dot) }
    for sibling in record.acl.siblings { insert(sibling.dot) }
  }
}

extension CBORWriter {
  mutating func write(_ dot: Dot, _ short: inout Shorthand) {
    uint(short.number(of: dot.replica))
    uint(dot.sequence)
  }

  /// A vector with numbers for its replicas.
  package mutating func write(_ vector: VersionVector, _ short: inout Shorthand) {
    array(vector.entries.count * 2)
    for entry in vector.entries {
      uint(short.number(of: entry.replica))
      uint(entry.sequence)
    }
  }

  fileprivate mutating func write<Value>(
    _ register: Register<Value>, after last: inout Dot?, _ short: inout Shorthand,
    _ value: (inout CBORWriter, Value, inout Shorthand) -> Void
  ) {
    array(register.siblings.count)
    for sibling in register.siblings {
      if sibling.dot == last { null() } else { write(sibling.dot, &short) }
      last = sibling.dot
      value(&self, sibling.value, &short)
    }
  }
}

extension CBORReader {
  mutating func readDot(_ short: Shorthand) throws(WireFault) -> Dot {
    let start = offset
    let number = try readUInt()
    let sequence = try readUInt()
    guard let replica = short.replica(number), let dot = Dot(replica, sequence) else {
      throw WireFault(.badValue, at: start)
    }
    return dot
  }

  /// A vector with numbers for its replicas.
  package mutating func readVector(_ short: Shorthand) throws(WireFault) -> VersionVector {
    let start = offset
    let count = try readArrayHeader(max: RecordCoding.itemLimit)
    var entries: [VersionVector.Entry] = []
    for _ in 0..<(count / 2) {
      let dot = try readDot(short)
      entries.append(VersionVector.Entry(replica: dot.replica, sequence: dot.sequence))
    }
    guard count % 2 == 0, let vector = VersionVector(sorted: entries) else {
      throw WireFault(.badOrder, at: start)
    }
    return vector
  }

  fileprivate mutating func readRegister<Value>(
    _ last: inout Dot?, _ short: Shorthand,
    _ value: (inout CBORReader) throws(WireFault) -> Value
  ) throws(WireFault) -> Register<Value> {
    let start = offset
    let count = try readArrayHeader(max: RecordCoding.itemLimit)
    var siblings: [Register<Value>.Sibling] = []
    for _ in 0..<count {
      if isNull { try readNull() } else { last = try readDot(short) }
      guard let dot = last else { throw WireFault(.badValue, at: start) }
      siblings.append(Register<Value>.Sibling(dot: dot, value: try value(&self)))
    }
    guard let register = Register(sorted: siblings) else { throw WireFault(.badOrder, at: start) }
    return register
  }
}
