import Model

/// What recovery needs to know of one prepared installation.
struct Token: Equatable {
  /// How the object gets to its place.
  enum Move: UInt8 {
    /// Nothing is there and nothing is to be.
    case none = 0
    /// A new object under a free name.
    case create = 1
    /// A new object changes places with the one that is there.
    case replace = 2
    /// The object moves into staging.
    case remove = 3
    /// An empty directory is removed where it is.
    case removeDirectory = 4
    /// The object stays and gets other attributes.
    case change = 5
  }

  var move: Move
  /// The label of the staging area, and the name there: of the new object until it is moved, then
  /// of the displaced one.
  var area: [UInt8]
  var name: [UInt8]
  /// The new object, as it was complete in staging.
  var fresh: FileStat?
  var expected: FileStat?
  /// For `change`.
  var change: AttributeChange?
}

/// Attributes to be set on an object where it stands.
struct AttributeChange: Equatable {
  var uid: UInt32
  var gid: UInt32
  var mode: UInt16
  /// Nil: the list is removed.
  var access: [UInt8]?
  var inherited: [UInt8]?
  var modified: Timestamp?
}

// The bytes: a version, then each field in order, numbers big-endian, arrays behind a 32-bit count,
// an optional behind a byte 0 or 1.
extension Token {
  private static let version: UInt8 = 1

  var bytes: [UInt8] {
    var out = TokenWriter()
    out.bytes.reserveCapacity(192)
    out.put(Self.version)
    out.put(move.rawValue)
    out.put(area)
    out.put(name)
    out.put(fresh) { $0.put($1) }
    out.put(expected) { $0.put($1) }
    out.put(change) { out, change in
      out.put(change.uid)
      out.put(change.gid)
      out.put(change.mode)
      out.put(change.access) { $0.put($1) }
      out.put(change.inherited) { $0.put($1) }
      out.put(change.modified) { $0.put($1) }
    }
    return out.bytes
  }

  /// Nil if the bytes are no token of this version, to the last byte.
  init?(_ bytes: [UInt8]) {
    var reader = TokenReader(bytes)
    do {
      guard try reader.number(UInt8.self) == Self.version,
        let move = Move(rawValue: try reader.number())
      else { return nil }
      self.move = move
      area = try reader.array()
      name = try reader.array()
      fresh = try reader.optional { (r) throws(TokenReader.Bad) in try r.stat() }
      expected = try reader.optional { (r) throws(TokenReader.Bad) in try r.stat() }
      change = try reader.optional { (r) throws(TokenReader.Bad) in try r.change() }
    } catch {
      return nil
    }
    guard reader.isAtEnd, TreePath.isSoundName(name), area.isEmpty || TreePath.isSoundName(area)
    else { return nil }
  }
}

private struct TokenWriter {
  var bytes: [UInt8] = []

  mutating func put(_ number: some FixedWidthInteger) {
    for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }

  mutating func put(_ array: [UInt8]) {
    put(UInt32(array.count))
    bytes += array
  }

  mutating func put(_ time: Timestamp) {
    put(time.seconds)
    put(time.nanoseconds)
  }

  mutating func put(_ stat: FileStat) {
    put(stat.kind.rawValue)
    put(stat.device)
    put(stat.inode)
    put(stat.size)
    put(stat.modified)
    put(stat.changed)
    put(stat.mode)
    put(stat.uid)
    put(stat.gid)
    put(stat.links)
  }

  mutating func put<Value>(_ value: Value?, _ body: (inout TokenWriter, Value) -> Void) {
    put(UInt8(value == nil ? 0 : 1))
    if let value { body(&self, value) }
  }
}

private struct TokenReader {
  struct Bad: Error {}

  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func number<Number: FixedWidthInteger>(
    _: Number.Type = Number.self
  ) throws(Bad) -> Number {
    let count = Number.bitWidth / 8
    guard rest.count >= count else { throw Bad() }
    let value = rest.prefix(count).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    rest = rest.dropFirst(count)
    return Number(truncatingIfNeeded: value)
  }

  mutating func array() throws(Bad) -> [UInt8] {
    let count = Int(try number(UInt32.self))
    guard count <= rest.count else { throw Bad() }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  mutating func optional<Value>(
    _ body: (inout TokenReader) throws(Bad) -> Value
  ) throws(Bad) -> Value? {
    switch try number(UInt8.self) {
    case 0: return nil
    case 1: return try body(&self)
    default: throw Bad()
    }
  }

  mutating func time() throws(Bad) -> Timestamp {
    let time = Timestamp(seconds: try number(), nanoseconds: try number())
    guard time.nanoseconds < 1_000_000_000 else { throw Bad() }
    return time
  }

  mutating func stat() throws(Bad) -> FileStat {
    guard let kind = FileStat.Kind(rawValue: try number()) else { throw Bad() }
    return FileStat(
      kind: kind, device: try number(), inode: try number(), size: try number(),
      modified: try time(), changed: try time(), mode: try number(), uid: try number(),
      gid: try number(), links: try number())
  }

  mutating func change() throws(Bad) -> AttributeChange {
    AttributeChange(
      uid: try number(), gid: try number(), mode: try number(),
      access: try optional { (r) throws(Bad) in try r.array() },
      inherited: try optional { (r) throws(Bad) in try r.array() },
      modified: try optional { (r) throws(Bad) in try r.time() })
  }
}
