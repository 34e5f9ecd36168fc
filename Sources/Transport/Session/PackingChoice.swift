/// Whether frames are worth packing: where the line is slower than the processor packs, and only as
/// long as they get shorter by it.
package struct PackingChoice: Sendable {
  package enum Rule: String, Sendable { case auto, always, never }

  /// Frames below that are never packed.
  package static let leastBytes = 4 << 10
  /// How often it is tried whether packing would pay.
  private static let trialFrames = 32
  /// A line that takes no longer for a byte is never worth it: 400 MB a second.
  private static let fastNanoseconds = 2.5

  private let rule: Rule
  /// Nanoseconds a byte: of the line, and of packing; how long a packed frame is, of 1.
  private var line = 0.0
  private var packing = 0.0
  private var share = 1.0
  private var sinceTrial = trialFrames

  package init(_ rule: Rule = .auto) { self.rule = rule }

  /// Whether to pack the next frame.
  package mutating func packs(_ count: Int) -> Bool {
    guard count >= Self.leastBytes, rule != .never else { return false }
    if rule == .always { return true }
    guard line > Self.fastNanoseconds else { return false }
    sinceTrial += 1
    if sinceTrial >= Self.trialFrames {
      sinceTrial = 0
      return true
    }
    return packing + share * line < 0.9 * line
  }

  /// Whether a packed frame is short enough to be sent in the place of the plain one, and not so
  /// short that the peer would take it for an attack.
  package func takes(_ packed: Int, for plain: Int) -> Bool {
    packed < plain - plain / 8 && plain <= packed * PackedFrame.mostRatio
  }

  package mutating func notePacked(_ plain: Int, to packed: Int, nanoseconds: Double) {
    guard plain > 0 else { return }
    packing = mixed(packing, nanoseconds / Double(plain))
    // A change of what is sent is seen at once.
    share = Double(min(plain, packed)) / Double(plain)
  }

  /// - Parameter lineShare: Which part of the time it was the line that held things up, and not the
  ///   peer; nil: unknown, and then nothing is packed for it.
  package mutating func noteSent(_ count: Int, nanoseconds: Double, lineShare: Double?) {
    guard count > 0 else { return }
    line = mixed(line, nanoseconds / Double(count) * (lineShare ?? 0))
  }

  private func mixed(_ old: Double, _ new: Double) -> Double { old * 0.8 + new * 0.2 }
}
