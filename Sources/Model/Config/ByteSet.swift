/// A set of bytes: what one place of a pattern accepts.
struct ByteSet: Hashable, Sendable {
  private var low: (UInt64, UInt64) = (0, 0)
  private var high: (UInt64, UInt64) = (0, 0)

  /// The named classes of POSIX, for ASCII.
  static func named(_ name: String) -> ByteSet? {
    let test: (UInt8) -> Bool
    switch name {
    case "alnum": test = { isLetter($0) || isDigit($0) }
    case "alpha": test = isLetter
    case "blank": test = { $0 == 0x20 || $0 == 0x09 }
    case "cntrl": test = { $0 < 0x20 || $0 == 0x7F }
    case "digit": test = isDigit
    case "graph": test = { (0x21...0x7E).contains($0) }
    case "lower": test = { (0x61...0x7A).contains($0) }
    case "print": test = { (0x20...0x7E).contains($0) }
    case "punct": test = { (0x21...0x7E).contains($0) && !isLetter($0) && !isDigit($0) }
    case "space": test = { $0 == 0x20 || (0x09...0x0D).contains($0) }
    case "upper": test = { (0x41...0x5A).contains($0) }
    case "xdigit": test = { isDigit($0) || (0x41...0x46).contains($0 & 0xDF) }
    default: return nil
    }
    var set = ByteSet()
    for byte in UInt8.min...UInt8.max where test(byte) { set.insert(byte) }
    return set
  }

  func contains(_ byte: UInt8) -> Bool {
    let bit = UInt64(1) << UInt64(byte & 63)
    switch byte >> 6 {
    case 0: return low.0 & bit != 0
    case 1: return low.1 & bit != 0
    case 2: return high.0 & bit != 0
    default: return high.1 & bit != 0
    }
  }

  mutating func insert(_ byte: UInt8) {
    let bit = UInt64(1) << UInt64(byte & 63)
    switch byte >> 6 {
    case 0: low.0 |= bit
    case 1: low.1 |= bit
    case 2: high.0 |= bit
    default: high.1 |= bit
    }
  }

  mutating func formUnion(_ other: ByteSet) {
    low = (low.0 | other.low.0, low.1 | other.low.1)
    high = (high.0 | other.high.0, high.1 | other.high.1)
  }

  mutating func remove(_ byte: UInt8) {
    guard contains(byte) else { return }
    var others = ByteSet()
    others.insert(byte)
    low = (low.0 & ~others.low.0, low.1 & ~others.low.1)
    high = (high.0 & ~others.high.0, high.1 & ~others.high.1)
  }

  mutating func invert() {
    low = (~low.0, ~low.1)
    high = (~high.0, ~high.1)
  }

  var isEmpty: Bool { low.0 | low.1 | high.0 | high.1 == 0 }

  func meets(_ other: ByteSet) -> Bool {
    low.0 & other.low.0 | low.1 & other.low.1 | high.0 & other.high.0 | high.1 & other.high.1 != 0
  }

  static func == (left: ByteSet, right: ByteSet) -> Bool {
    left.low == right.low && left.high == right.high
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(low.0)
    hasher.combine(low.1)
    hasher.combine(high.0)
    hasher.combine(high.1)
  }
}

private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

private func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) }
