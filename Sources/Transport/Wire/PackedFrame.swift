package import Model

/// A frame whose payload is another one, compressed: `[16, size, bytes]`.
package struct PackedFrame: Hashable, Sendable {
  /// Stands where messages have their kind.
  private static let kind: UInt64 = 16
  /// A payload is at most so many times as long as what it is packed in: no honest one is longer.
  package static let mostRatio = 1_000

  /// Bytes of the payload that is packed, 1 to `Limits.frameBytes`.
  package var size: Int
  package var bytes: [UInt8]

  package init(size: Int, bytes: [UInt8]) {
    self.size = size
    self.bytes = bytes
  }

  package var encoded: [UInt8] {
    var out = CBORWriter(capacity: bytes.count + 16)
    out.array(3)
    out.uint(Self.kind)
    out.uint(UInt64(size))
    out.bytes(bytes)
    return out.bytes
  }

  /// Whether a payload is a packed one, going by its first bytes.
  package static func isPacked(_ payload: [UInt8]) -> Bool {
    payload.count > 2 && payload[0] == 0x83 && payload[1] == UInt8(kind)
  }

  package init(encoded payload: [UInt8]) throws(WireFault) {
    var reader = CBORReader(payload)
    guard try reader.readArrayHeader(max: 3) == 3 else { throw WireFault(.wrongType, at: 0) }
    guard try reader.readUInt(max: Self.kind) == Self.kind else {
      throw WireFault(.wrongType, at: 1)
    }
    let start = reader.offset
    size = Int(try reader.readUInt(max: UInt64(Limits.frameBytes)))
    bytes = try reader.readBytes(max: Limits.frameBytes)
    guard size > 0, size <= bytes.count * Self.mostRatio else {
      throw WireFault(.badValue, at: start)
    }
    try reader.finish()
  }
}
