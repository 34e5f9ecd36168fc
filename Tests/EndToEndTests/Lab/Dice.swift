import Foundation

/// Chance from a printed seed (SplitMix64), so that a failure can be had again.
struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// Text of a given length that does not compress.
  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
  }
}

/// How much of the long tests runs: `CONCORD_E2E_SCALE`, 1 if it is not set.
enum Scale {
  static let factor =
    ProcessInfo.processInfo.environment["CONCORD_E2E_SCALE"].flatMap(Double.init) ?? 1

  /// A number of rounds, at least one.
  static func rounds(_ usual: Int) -> Int { max(1, Int(Double(usual) * factor)) }

  /// Kill rounds: `CONCORD_E2E_KILLS`, or six times the scale.
  static let kills =
    ProcessInfo.processInfo.environment["CONCORD_E2E_KILLS"].flatMap(Int.init) ?? rounds(6)

  /// The seed of this run: `CONCORD_E2E_SEED`, or a fresh one.
  static let seed =
    ProcessInfo.processInfo.environment["CONCORD_E2E_SEED"].flatMap(UInt64.init)
    ?? UInt64.random(in: 0...UInt64(UInt32.max))
}
