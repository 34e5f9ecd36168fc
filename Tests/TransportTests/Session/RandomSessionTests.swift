import Model
import TestKit
import Testing
import Transport

@Suite struct `Hosts that edit, meet and are cut off` {
  private func run(_ seeds: ClosedRange<UInt64>, hosts: Int, steps: Int) throws {
    for seed in seeds {
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

  @Test func `agree in the end: two`() throws { try run(1...600, hosts: 2, steps: 30) }

  @Test func `agree in the end: three`() throws { try run(1...600, hosts: 3, steps: 50) }
}
