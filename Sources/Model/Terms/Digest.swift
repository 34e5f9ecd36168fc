/// A SHA-256 digest: the identity of a content.
package struct Digest: Hashable, Sendable {
  /// Bytes of a digest.
  package static let byteCount = 32

  // Four words instead of an array: no allocation a file. Big-endian, so that order is byte order.
  private let words: (UInt64, UInt64, UInt64, UInt64)

  /// A digest from exactly 32 bytes, else nil.
  package init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    self.init(Array(bytes))
  }

  /// The same without generic code: this is asked for each file.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    words = (
      Self.word(bytes, 0), Self.word(bytes, 8), Self.word(bytes, 16), Self.word(bytes, 24)
    )
  }

  private static func word(_ bytes: [UInt8], _ start: Int) -> UInt64 {
    var word: UInt64 = 0
    for index in start..<(start + 8) { word = word << 8 | UInt64(bytes[index]) }
    return word
  }

  package var bytes: [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(Self.byteCount)
    Self.append(words.0, to: &out)
    Self.append(words.1, to: &out)
    Self.append(words.2, to: &out)
    Self.append(words.3, to: &out)
    return out
  }

  private static func append(_ word: UInt64, to out: inout [UInt8]) {
    var rest = word
    for _ in 0..<8 {
      out.append(UInt8(truncatingIfNeeded: rest >> 56))
      rest <<= 8
    }
  }

  /// The first 64 bits.
  package var prefix: UInt64 { words.0 }

  /// 64 lower-case hexadecimal digits.
  package var hex: String { hexadecimal(bytes) }

  package static func == (left: Digest, right: Digest) -> Bool { left.words == right.words }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
  }
}

extension Digest: Comparable {
  package static func < (left: Digest, right: Digest) -> Bool { left.words < right.words }
}

extension Digest: CustomStringConvertible {
  package var description: String { hex }
}

/// Lower-case hexadecimal, two digits a byte.
package func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
  var out: [UInt8] = []
  out.reserveCapacity(2 * bytes.underestimatedCount)
  for byte in bytes {
    out.append(digit(byte >> 4))
    out.append(digit(byte & 15))
  }
  return String(decoding: out, as: UTF8.self)
}
