/// How many zeros a piece of kind `hole` stands for.
package struct HoleLength: Hashable, Sendable {
  /// The least that is worth a piece, and the most that one piece says: whoever takes it goes over
  /// all of them.
  package static let least: UInt64 = 64 << 10
  package static let most: UInt64 = 256 << 20

  /// Bytes, from `least` to `most`.
  package let count: UInt64

  package init(count: UInt64) { self.count = min(Self.most, max(Self.least, count)) }

  /// Eight bytes, most significant first.
  package var encoded: [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: count >> UInt64(56 - 8 * $0)) }
  }

  /// Nil for anything that `encoded` would not have given.
  package init?(encoded bytes: [UInt8]) {
    guard bytes.count == 8 else { return nil }
    count = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard (Self.least...Self.most).contains(count) else { return nil }
  }
}
