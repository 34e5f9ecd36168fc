/// Writes deterministic CBOR (RFC 8949, section 4.2.1) at the end of a byte array.
///
/// Heads are as short as they can be and lengths are definite. The caller writes the keys of a map
/// in ascending order of their bytes. It never fails and never looks at what it has written.
package struct CBORWriter: Sendable {
  /// All that was written so far.
  package private(set) var bytes: [UInt8]

  /// An empty writer with room for `capacity` bytes.
  package init(capacity: Int = 256) {
    bytes = []
    bytes.reserveCapacity(capacity)
  }

  /// A writer that goes on after bytes that exist already, as behind a frame's header.
  package init(after bytes: consuming [UInt8]) { self.bytes = bytes }

  /// Makes room for `count` more bytes at once: cheaper than to grow piece by piece.
  package mutating func reserve(_ count: Int) {
    if bytes.capacity - bytes.count < count {
      // Doubling keeps repeated small reservations linear; `reserveCapacity` alone is exact.
      bytes.reserveCapacity(max(bytes.count + count, bytes.capacity * 2))
    }
  }

  /// Forgets what was written and keeps the room.
  package mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  /// An unsigned number (major type 0).
  package mutating func uint(_ value: UInt64) { head(0x00, value) }

  /// A signed number (major type 0 or 1).
  package mutating func int(_ value: Int64) {
    if value >= 0 {
      head(0x00, UInt64(value))
    } else {
      // -1 - n, written as n: the complement of the two's complement, which cannot overflow.
      head(0x20, ~UInt64(bitPattern: value))
    }
  }

  /// A byte string (major type 2).
  package mutating func bytes(_ value: [UInt8]) {
    head(0x40, UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  /// A byte string from a part of an array.
  package mutating func bytes(_ value: ArraySlice<UInt8>) {
    head(0x40, UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  /// A text (major type 3).
  package mutating func text(_ value: String) {
    head(0x60, UInt64(value.utf8.count))
    bytes.append(contentsOf: value.utf8)
  }

  /// The head of an array: `count` items follow (major type 4).
  package mutating func array(_ count: Int) { head(0x80, UInt64(count)) }

  /// The head of a map: `count` pairs of key and value follow (major type 5).
  package mutating func map(_ count: Int) { head(0xA0, UInt64(count)) }

  package mutating func bool(_ value: Bool) { bytes.append(value ? 0xF5 : 0xF4) }

  package mutating func null() { bytes.append(0xF6) }

  @inline(__always)
  private mutating func head(_ major: UInt8, _ value: UInt64) {
    if value < 24 {
      bytes.append(major | UInt8(truncatingIfNeeded: value))
    } else {
      longHead(major, value)
    }
  }

  private mutating func longHead(_ major: UInt8, _ value: UInt64) {
    if value <= 0xFF {
      bytes.append(major | 24)
      bytes.append(UInt8(truncatingIfNeeded: value))
    } else if value <= 0xFFFF {
      bytes.append(major | 25)
      appendBigEndian(UInt16(truncatingIfNeeded: value), to: &bytes)
    } else if value <= 0xFFFF_FFFF {
      bytes.append(major | 26)
      appendBigEndian(UInt32(truncatingIfNeeded: value), to: &bytes)
    } else {
      bytes.append(major | 27)
      appendBigEndian(value, to: &bytes)
    }
  }
}

private func appendBigEndian<Number: FixedWidthInteger>(_ number: Number, to out: inout [UInt8]) {
  var shift = Number.bitWidth - 8
  while shift >= 0 {
    out.append(UInt8(truncatingIfNeeded: number >> Number(truncatingIfNeeded: shift)))
    shift -= 8
  }
}
