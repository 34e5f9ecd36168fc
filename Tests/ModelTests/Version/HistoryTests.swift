import Model
import TestKit
import Testing

@Suite struct `Random histories` {
  @Test func `converge to what no event has superseded`() {
    let clock = ContinuousClock()
    let start = clock.now
    var failed = 0
    for seed in UInt64(1)...1000 {
      var history = History(seed: seed)
      history.run()
      if !history.violations.isEmpty {
        failed += 1
        if failed < 12 { print(seed, history.setup, history.violations.prefix(3)) }
      }
    }
    print("failed", failed, clock.now - start)
  }
}
