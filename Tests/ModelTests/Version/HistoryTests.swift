import Glibc
import Model
import TestKit
import Testing

@Suite struct `A random history` {
  static let share: UInt64 = 5000

  @Test(arguments: 0..<4 as Range<UInt64>)
  func `ends with equal hosts and with just the events that none superseded`(part: UInt64) {
    var campaign = Campaign()
    campaign.run((part * Self.share + 1)...((part + 1) * Self.share))
    #expect(campaign.failure == nil, "\(campaign.failure ?? "")")
    #expect(campaign.count == Int(Self.share))
    #expect(campaign.conflicts > campaign.count / 10, "too few conflicts to mean anything")
  }

  @Test(arguments: AutoMethod.allCases.filter { $0 != .manual && $0 != .merge })
  func `under a policy ends with equal disks, and nothing is lost`(method: AutoMethod) {
    var campaign = Campaign()
    campaign.run(1...(Self.share / 8), method: method)
    #expect(campaign.failure == nil, "\(method): \(campaign.failure ?? "")")
    #expect(campaign.conflicts > campaign.count / 20, "too few conflicts to mean anything")
    #expect(campaign.decided > campaign.count / 10, "too few edits of what was decided")
  }

  @Test(.enabled(if: Soak.seconds != nil))
  func `under each policy keeps its word for as long as we care to look`() {
    let seed = Soak.seed ?? 1
    let clock = ContinuousClock()
    let methods = AutoMethod.allCases.filter { $0 != .manual && $0 != .merge }
    for (place, method) in methods.enumerated() {
      let share = (Soak.seconds ?? 0) / methods.count + 1
      let end = clock.now + .seconds(share)
      var campaign = Campaign()
      campaign.run((seed + UInt64(place))...UInt64.max, method: method) { clock.now >= end }
      print("soak: \(campaign.count) histories under \(method), \(campaign.events) events")
      #expect(campaign.failure == nil, "\(method): \(campaign.failure ?? "")")
    }
  }

  @Test(.enabled(if: Soak.seconds != nil))
  func `keeps its word for as long as we care to look`() {
    let seed = Soak.seed ?? 1
    let clock = ContinuousClock()
    let end = clock.now + .seconds(Soak.seconds ?? 0)
    var campaign = Campaign()
    campaign.run(seed...UInt64.max) { clock.now >= end }
    print("soak: \(campaign.count) histories from seed \(seed), \(campaign.events) events")
    #expect(campaign.failure == nil, "\(campaign.failure ?? "")")
  }

  /// Each mistake is one that the statement would not survive.
  @Test(arguments: Flaw.allCases)
  func `shows every mistake that is built in`(flaw: Flaw) {
    var campaign = Campaign()
    campaign.run(
      1...(4 * Self.share), method: flaw.method, flaw: flaw, isWatched: false)
    #expect(campaign.failure != nil, "\(flaw): not found in \(campaign.count) histories")
  }
}

/// How long to go on, from which seed: `CONCORD_SOAK_SECONDS` and `CONCORD_SOAK_SEED`.
private enum Soak {
  static let seconds = number("CONCORD_SOAK_SECONDS").map { Int($0) }
  static let seed = number("CONCORD_SOAK_SEED")

  private static func number(_ name: String) -> UInt64? {
    guard let text = getenv(name) else { return nil }
    return UInt64(String(cString: text))
  }
}
