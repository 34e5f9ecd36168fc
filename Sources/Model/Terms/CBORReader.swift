/// Reads deterministic CBOR (RFC 8949, section 4.2.1) from bytes of a peer or a file.
///
/// Strict: what `CBORWriter` would not have written is refused. Each length has a limit that the
/// caller gives, and none can exceed the bytes that are left, so that nothing is allocated on a
/// peer's word alone. No input makes it trap. After a throw the position is unspecified.
package struct CBORReader: Sendable {
  private let bytes: [UInt8]

  /// The byte that is read next, from 0. Never beyond `bytes.count`.
  package private(set) var offset = 0

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// How many bytes are left.
  package var remaining: Int { bytes.count - offset }

  package var isAtEnd: Bool { offset == bytes.count }

  /// Whether the next value is null; it is not consumed.
  package var isNull: Bool { offset < bytes.count && bytes[offset] == 0xF6 }

  /// The major type (0 to 7) of the next value; nil at the end. Nothing is consumed.
  package var majorType: UInt8? { offset < bytes.count ? bytes[offset] >> 5 : nil }

  /// Throws unless everything was read.
  package func finish() throws(WireFault) {
    if !isAtEnd { throw WireFault(.trailing, at: offset) }
  }

  /// An unsigned number of at most `max`.
  package mutating func readUInt(max: UInt64 = .max) throws(WireFault) -> UInt64 {
    let start = offset
    let value = try head(0)
    guard value <= max else { throw WireFault(.tooLarge, at: start) }
    return value
  }

  /// A signed number.
  package mutating func readInt() throws(WireFault) -> Int64 {
    let start = offset
    guard offset < bytes.count else { throw WireFault(.truncated, at: start) }
    let negative = bytes[offset] >> 5 == 1
    let value = try head(negative ? 1 : 0)
    guard let magnitude = Int64(exactly: value) else { throw WireFault(.tooLarge, at: start) }
    return negative ? ~magnitude : magnitude
  }

  /// A byte string of at most `max` bytes.
  package mutating func readBytes(max: Int) throws(WireFault) -> [UInt8] {
    Array(try run(2, max))
  }

  /// A byte string of at most `max` bytes, without a copy.
  package mutating func readSlice(max: Int) throws(WireFault) -> ArraySlice<UInt8> {
    try run(2, max)
  }

  /// A text of at most `max` bytes.
  package mutating func readText(max: Int) throws(WireFault) -> String {
    let start = offset
    guard let text = String(validating: try run(3, max), as: UTF8.self) else {
      throw WireFault(.badText, at: start)
    }
    return text
  }

  /// The number of items, at most `max`, of the array that follows.
  package mutating func readArrayHeader(max: Int) throws(WireFault) -> Int {
    let start = offset
    // An item takes a byte at least.
    return try count(4, max, room: { $0 }, start)
  }

  /// The number of pairs, at most `max`, of the map that follows.
  package mutating func readMapHeader(max: Int) throws(WireFault) -> Int {
    let start = offset
    return try count(5, max, room: { $0 / 2 }, start)
  }

  /// The next key of a map with numbers for keys: above `previous`, the key before it.
  package mutating func readKey(after previous: inout UInt64?) throws(WireFault) -> UInt64 {
    let start = offset
    let key = try readUInt()
    if let previous, key <= previous { throw WireFault(.badOrder, at: start) }
    previous = key
    return key
  }

  package mutating func readBool() throws(WireFault) -> Bool {
    guard offset < bytes.count else { throw WireFault(.truncated, at: offset) }
    let byte = bytes[offset]
    guard byte == 0xF4 || byte == 0xF5 else { throw WireFault(.wrongType, at: offset) }
    offset += 1
    return byte == 0xF5
  }

  package mutating func readNull() throws(WireFault) {
    guard offset < bytes.count else { throw WireFault(.truncated, at: offset) }
    guard bytes[offset] == 0xF6 else { throw WireFault(.wrongType, at: offset) }
    offset += 1
  }

  // `room` turns the bytes that are left into the most items they can hold.
  @inline(__always)
  private mutating func count(
    _ major: UInt8, _ max: Int, room: (Int) -> Int, _ start: Int
  ) throws(WireFault) -> Int {
    let value = try head(major)
    guard let count = Int(exactly: value), count <= max else {
      throw WireFault(.tooLarge, at: start)
    }
    guard count <= room(remaining) else { throw WireFault(.truncated, at: start) }
    return count
  }

  @inline(__always)
  private mutating func run(_ major: UInt8, _ max: Int) throws(WireFault) -> ArraySlice<UInt8> {
    let start = offset
    let length = try count(major, max, room: { $0 }, start)
    let slice = bytes[offset..<(offset + length)]
    offset += length
    return slice
  }

  // The argument of a head of this major type, which must be in its shortest form.
  @inline(__always)
  private mutating func head(_ major: UInt8) throws(WireFault) -> UInt64 {
    let start = offset
    guard start < bytes.count else { throw WireFault(.truncated, at: start) }
    let first = bytes[start]
    guard first >> 5 == major else { throw WireFault(.wrongType, at: start) }
    offset = start + 1
    let low = first & 0x1F
    if low < 24 { return UInt64(low) }
    return try longArgument(low, start)
  }

  private mutating func longArgument(_ low: UInt8, _ start: Int) throws(WireFault) -> UInt64 {
    guard low < 28 else {
      throw WireFault(low == 31 ? .indefinite : .wrongType, at: start)
    }
    let width = 1 << Int(low - 24)
    guard remaining >= width else { throw WireFault(.truncated, at: start) }
    var value: UInt64 = 0
    for index in offset..<(offset + width) { value = value << 8 | UInt64(bytes[index]) }
    // The least value that needs this width: 24, 2^8, 2^16, 2^32.
    let least: UInt64 = width == 1 ? 24 : 1 << UInt64(width * 4)
    guard value >= least else { throw WireFault(.notShortest, at: start) }
    offset += width
    return value
  }
}
