import CLinux
import Model

/// What a row says about its object, read where it stands in the database's memory: whether it is
/// plainly what a stat says. It knows the common rows only, and says no to all others.
struct RowStamp {
  /// Of a row: whether nothing about it asks for more than the stat.
  static func isPlain(_ state: EntryState, ignoring: EntryState) -> Bool {
    state.isDisjoint(with: [.leftOut, .localOnly, .keptDeleted])
      && state.intersection(.ignoring) == ignoring
  }

  private var kind: UInt32 = 0
  private var size: UInt64 = 0
  private var seconds: Int64 = 0
  private var nanoseconds: UInt64 = 0
  private var mode: UInt64 = 0

  /// - Parameters:
  ///   - record: The column of that name, of a row whose disk shows what is settled.
  ///   - seen: The column of that name.
  static func matches(
    record: UnsafeRawBufferPointer, seen: UnsafeRawBufferPointer, _ stat: cl_stat
  ) -> Bool {
    var stamp = RowStamp()
    var reader = RawReader(record)
    stamp.readRecord(&reader)
    guard reader.isSound else { return false }
    var rest = RawReader(seen)
    return stamp.agrees(&rest, stat) && rest.isSound && rest.isAtEnd
  }

  /// What the record says of content and mode, where each has one version.
  private mutating func readRecord(_ reader: inout RawReader) {
    let flags = reader.uint()
    if flags & RecordCoding.inlineStem != 0 { reader.skipNumbers(reader.array()) }
    let isUniform = flags & RecordCoding.uniform != 0
    if isUniform { reader.skipNumbers(2) } else { reader.enterRegister() }
    readContent(&reader)
    if !isUniform { reader.enterRegister() }
    mode = reader.uint()
  }

  private mutating func readContent(_ reader: inout RawReader) {
    switch reader.major {
    case 4:
      // A device has three items, and is for others to judge.
      guard reader.array() == 5, reader.string() == Digest.byteCount else { return reader.fail() }
      kind = 0o100000
      size = reader.uint()
      seconds = reader.int()
      nanoseconds = reader.uint()
      reader.skipBool()
    case 2:
      kind = 0o120000
      size = UInt64(reader.string())
    default:
      guard reader.uint() == 1 else { return reader.fail() }
      kind = 0o040000
      size = 4_096
    }
  }

  private mutating func agrees(_ reader: inout RawReader, _ stat: cl_stat) -> Bool {
    let flags = reader.uint()
    guard flags & 1 == 0, reader.uint() == stat.inode, reader.uint() == UInt64(stat.uid),
      reader.uint() == UInt64(stat.gid)
    else { return false }
    if flags & 2 != 0 { size = reader.uint() }
    if flags & 4 != 0 { (seconds, nanoseconds) = (reader.int(), reader.uint()) }
    if flags & 8 != 0 { mode = reader.uint() }
    guard size == stat.size, seconds == stat.modified_seconds,
      nanoseconds == UInt64(stat.modified_nanoseconds)
    else { return false }
    if flags & 16 != 0 { (seconds, nanoseconds) = (reader.int(), reader.uint()) }
    return seconds == stat.changed_seconds && nanoseconds == UInt64(stat.changed_nanoseconds)
      && UInt64(stat.mode & 0o7777) == mode && stat.mode & 0o170000 == kind
  }
}

/// Reads the few kinds of CBOR items that plain rows are made of, in place. After anything else it
/// is unsound, and gives zeros.
private struct RawReader {
  private let all: UnsafeRawBufferPointer
  private var offset = 0
  private(set) var isSound = true

  init(_ bytes: UnsafeRawBufferPointer) { all = bytes }

  var isAtEnd: Bool { offset == all.count }
  var major: UInt8 { offset < all.count ? all[offset] >> 5 : 0xFF }

  mutating func fail() { isSound = false }

  mutating func uint() -> UInt64 { head(0) }

  mutating func int() -> Int64 {
    let isNegative = major == 1
    guard let value = Int64(exactly: head(isNegative ? 1 : 0)) else {
      fail()
      return 0
    }
    return isNegative ? ~value : value
  }

  mutating func array() -> Int { Int(clamping: head(4)) }

  /// Passes over a string of bytes; gives its length.
  mutating func string() -> Int {
    let count = Int(clamping: head(2))
    guard count <= all.count - offset else {
      fail()
      return 0
    }
    offset += count
    return count
  }

  mutating func skipBool() {
    guard offset < all.count, all[offset] & 0xFE == 0xF4 else { return fail() }
    offset += 1
  }

  mutating func skipNumbers(_ count: Int) {
    var left = count
    while left > 0, isSound {
      _ = uint()
      left -= 1
    }
  }

  /// Passes over what stands before the one value of a register: its dot, or null for the same.
  mutating func enterRegister() {
    guard array() == 1, offset < all.count else { return fail() }
    if all[offset] == 0xF6 { offset += 1 } else { skipNumbers(2) }
  }

  private mutating func head(_ wanted: UInt8) -> UInt64 {
    guard isSound, major == wanted else {
      fail()
      return 0
    }
    let low = all[offset] & 0x1F
    offset += 1
    if low < 24 { return UInt64(low) }
    let width = low < 28 ? 1 << Int(low - 24) : 9
    guard width <= 8, width <= all.count - offset else {
      fail()
      return 0
    }
    var value: UInt64 = 0
    for index in offset..<(offset + width) { value = value << 8 | UInt64(all[index]) }
    offset += width
    return value
  }
}
