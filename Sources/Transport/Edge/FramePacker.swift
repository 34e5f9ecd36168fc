import Glibc
import Model
import Transport

/// Sends frames, packed where that pays. Used by the sending thread alone.
final class FramePacker: @unchecked Sendable {
  // Only the sending thread touches it.
  private var choice: PackingChoice
  private let link: any Link

  /// `CONCORD_COMPRESS`: `auto`, `always` or `never`.
  init(_ link: any Link) {
    self.link = link
    let asked = getenv("CONCORD_COMPRESS").map { String(cString: $0) }
    choice = PackingChoice(asked.flatMap(PackingChoice.Rule.init) ?? .auto)
  }

  func send(_ frame: [UInt8]) throws(Failure) {
    let payload = choice.packs(frame.count) ? packed(frame) : frame
    let start = Self.now
    try link.send(payload)
    guard frame.count >= PackingChoice.leastBytes else { return }
    choice.noteSent(
      payload.count, nanoseconds: Self.now - start, lineShare: link.lineShare)
  }

  private func packed(_ frame: [UInt8]) -> [UInt8] {
    let start = Self.now
    let bytes = Zstd.packed(frame)
    choice.notePacked(
      frame.count, to: bytes?.count ?? frame.count, nanoseconds: Self.now - start)
    guard let bytes, choice.takes(bytes.count, for: frame.count) else { return frame }
    return PackedFrame(size: frame.count, bytes: bytes).encoded
  }

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
  }
}
