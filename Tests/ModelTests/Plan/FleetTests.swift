import Glibc
import Model
import Testing

/// `make fleet` prints what `spec/fleet.md` shows.
@Suite struct `A fleet of a thousand hosts` {
  private static let size = 1_000
  private static let seeds: [UInt64] = getenv("CONCORD_FLEET") == nil ? [1] : [1, 2, 3, 4, 5]

  private func runs(_ fanout: Int?, _ deadPercent: Int) -> [FleetSimulation.Result] {
    Self.seeds.map { seed in
      var fleet = FleetSimulation(
        hosts: Self.size, fanout: fanout, deadPercent: deadPercent, seed: seed)
      return fleet.run()
    }
  }

  @Test(arguments: [2, 3, 4, 8], [0, 5, 20])
  func `is told of an edit, whoever is dead`(fanout: Int, deadPercent: Int) {
    for (seed, result) in zip(Self.seeds, runs(fanout, deadPercent)) {
      let alive = Self.size - Self.size * deadPercent / 100
      #expect(result.reached == alive, "seed \(seed)")
      #expect(result.meetings <= alive * (2 * fanout + 8))
      if deadPercent == 0 {
        #expect(result.steps <= 10)
        #expect(result.meetings <= alive * fanout)
        #expect(result.most <= 2 * fanout)
      }
    }
  }

  @Test func `is told by a ring, one after the other`() {
    for result in runs(1, 0) {
      #expect(result.reached == Self.size)
      #expect(result.steps == Self.size - 1)
    }
  }

  /// The simulation can see a fleet that is not told.
  @Test func `would show it if nobody went around the dead`() {
    var fleet = FleetSimulation(hosts: Self.size, fanout: 1, deadPercent: 60, seed: 1)
    #expect(fleet.run().reached < fleet.alive)
  }

  @Test func `can be looked at`() {
    guard getenv("CONCORD_FLEET") != nil else { return }
    print(
      "fleet: | fanout | dead | told | meetings | of use | unanswered | most of one host "
        + "| in a row | until the last | greetings |")
    for deadPercent in [0, 5, 20] {
      for fanout in [nil, 1, 2, 3, 4, 8] { show(fanout, deadPercent) }
    }
    for editors in [1, 10, 100] {
      let bytes = [10, 100, 1_000].map {
        FleetSimulation.greetingBytes(hosts: $0, editors: min($0, editors))
      }
      print("fleet: greeting, \(editors) editors: \(bytes)")
    }
  }

  private func show(_ fanout: Int?, _ deadPercent: Int) {
    let results = runs(fanout, deadPercent)
    func most(_ value: (FleetSimulation.Result) -> Int) -> Int { results.map(value).max() ?? 0 }
    let alive = Self.size - Self.size * deadPercent / 100
    let least = results.map(\.reached).min() ?? 0
    let seconds = Double(most(\.told)) / 1_000
    let greeting = FleetSimulation.greetingBytes(hosts: Self.size, editors: 1)
    print(
      "fleet: | \(fanout.map { "\($0)" } ?? "all") | \(deadPercent) % | \(least) of \(alive) "
        + "| \(most(\.meetings)) | \(most(\.useful)) | \(most(\.calls)) | \(most(\.most)) "
        + "| \(most(\.steps)) | \(seconds) s | \(most(\.meetings) * 2 * greeting / 1_000_000) MB |")
  }
}
