import Glibc
import Model
import TestKit
import Testing
import Transport

@Suite struct `Hosts that edit, meet and are cut off` {
  /// `CONCORD_RUNS=20000 swift test --filter 'cut off'` looks further than every day.
  private func run(from first: UInt64, _ usual: UInt64, hosts: Int, steps: Int) throws {
    let asked = getenv("CONCORD_RUNS").flatMap { UInt64(String(cString: $0)) }
    for seed in first..<(first + (asked ?? usual)) {
      let world = SessionWorld(seed: seed, hosts: hosts)
      try world.live(steps: steps)
      try world.heal()
      world.check()
      guard world.complaints.isEmpty else {
        Issue.record("\(world.complaints[0])")
        return
      }
    }
  }

  @Test func `agree in the end: two`() throws {
    try run(from: 1, 600, hosts: 2, steps: 30)
  }

  @Test func `agree in the end: three`() throws {
    try run(from: 1_000_000, 400, hosts: 3, steps: 50)
  }
}
