import Glibc
import Model
import TestKit
import Testing
import Transport

@Suite struct `Hosts that edit, meet and are cut off` {
  /// `CONCORD_RUNS=20000 swift test --filter 'cut off'` looks further than every day.
  private func run(
    from first: UInt64, _ usual: UInt64, hosts: Int, steps: Int,
    _ statements: String = "include /w;"
  ) throws {
    let asked = getenv("CONCORD_RUNS").flatMap { UInt64(String(cString: $0)) }
    for seed in first..<(first + (asked ?? usual)) {
      let world = SessionWorld(seed: seed, hosts: hosts, statements)
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
    try run(from: 1, 700, hosts: 2, steps: 25)
  }

  @Test func `agree in the end: three`() throws {
    try run(from: 1_000_000, 300, hosts: 3, steps: 45)
  }

  @Test func `agree in the end, whatever is ignored`() throws {
    try run(
      from: 2_000_000, 200, hosts: 3, steps: 40, "include /w; ignore uid gid mod mtime;")
    try run(from: 3_000_000, 100, hosts: 3, steps: 40, "include /w; ignore uid;")
    try run(from: 4_000_000, 100, hosts: 2, steps: 30, "include /w; ignore mod;")
  }

  @Test func `agree in the end where one keeps what others delete`() throws {
    try run(from: 5_000_000, 200, hosts: 3, steps: 40, "include /w; no-delete b;")
  }
}
