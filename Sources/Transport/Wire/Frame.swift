package import Model

/// The unit of the talk: four bytes of length, most significant first, and that many of payload.
package enum Frame {
  /// Bytes before the payload.
  package static let headerBytes = 4

  /// Appends the header of a payload of `count` bytes, 1 to `Limits.frameBytes`.
  package static func appendHeader(_ count: Int, to out: inout [UInt8]) {
    precondition(count >= 1 && count <= Limits.frameBytes, "a frame of \(count) bytes")
    appendBigEndian(UInt32(count), to: &out)
  }

  /// The length of the payload behind `header`, or a fault if it is 0 or above `limit`.
  package static func length(
    of header: some Collection<UInt8>, limit: Int = Limits.frameBytes
  ) throws(WireFault) -> Int {
    guard header.count == headerBytes else { throw WireFault(.truncated, at: 0) }
    var value: UInt32 = 0
    for byte in header { value = value << 8 | UInt32(byte) }
    guard value >= 1 else { throw WireFault(.badValue, at: 0) }
    guard let length = Int(exactly: value), length <= limit else {
      throw WireFault(.tooLarge, at: 0)
    }
    return length
  }
}
