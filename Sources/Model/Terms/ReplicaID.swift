/// The identity of one database: a random 128-bit number, its *incarnation*.
///
/// A host name is only a label for it. A lost, restored or copied database gets a new one.
package struct ReplicaID: Hashable, Sendable {
  package static let byteCount = 16

  package let high: UInt64
  package let low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// From exactly 16 bytes, else nil.
  package init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    var words: (UInt64, UInt64) = (0, 0)
    for (index, byte) in bytes.enumerated() {
      if index < 8 {
        words.0 = words.0 << 8 | UInt64(byte)
      } else {
        words.1 = words.1 << 8 | UInt64(byte)
      }
    }
    self.init(high: words.0, low: words.1)
  }

  package var bytes: [UInt8] {
    var out: [UInt8] = []
    for word in [high, low] {
      for shift in stride(from: UInt64(56), through: 0, by: -8) {
        out.append(UInt8(truncatingIfNeeded: word >> shift))
      }
    }
    return out
  }
}

extension ReplicaID: Comparable {
  package static func < (left: ReplicaID, right: ReplicaID) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}

extension ReplicaID: CustomStringConvertible {
  /// The first eight hexadecimal digits: enough to tell hosts apart on a screen.
  package var description: String { hexadecimal(bytes.prefix(4)) }
}
