/// A stretch of a former content that stands in a new one: what a piece of kind `copy` says.
package struct CopiedStretch: Hashable, Sendable {
  /// In the former content, in bytes.
  package var offset: UInt64
  /// Bytes; never 0.
  package var length: UInt64

  package init(offset: UInt64, length: UInt64) {
    self.offset = offset
    self.length = length
  }

  /// Eight bytes each, most significant first.
  package var encoded: [UInt8] {
    [offset, length].flatMap { number in
      (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
    }
  }

  /// Nil for anything that `encoded` would not have given.
  package init?(encoded bytes: [UInt8]) {
    guard bytes.count == 16 else { return nil }
    let read = { (part: ArraySlice<UInt8>) in part.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
    self.init(offset: read(bytes[..<8]), length: read(bytes[8...]))
    if length == 0 { return nil }
  }
}
