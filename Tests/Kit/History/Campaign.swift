package import Model

/// Many histories, one after the other, from a range of seeds.
package struct Campaign: Sendable {
  /// How many were run.
  package private(set) var count = 0
  package private(set) var events = 0
  package private(set) var conflicts = 0
  package private(set) var endless = 0
  /// Edits of what a policy had decided.
  package private(set) var decided = 0
  /// The first history that went wrong, in words, with its seed and its steps.
  package private(set) var failure: String?
  package private(set) var failedSeed: UInt64?

  package init() {}

  /// Runs until the seeds are used up, something goes wrong, or `isOver`, asked now and then, says
  /// so.
  package mutating func run(
    _ seeds: ClosedRange<UInt64>, method: AutoMethod = .manual, flaw: Flaw? = nil,
    isWatched: Bool = true, until isOver: () -> Bool = { false }
  ) {
    for seed in seeds {
      if count & 63 == 0, isOver() { return }
      var setup = History.Setup(seed: seed)
      setup.method = method
      var history = History(seed: seed, setup: setup, flaw: flaw, isWatched: isWatched)
      history.run()
      count += 1
      events += history.log.events.count
      if history.isEndless { endless += 1 }
      decided += history.editsOfDecided
      if history.isInConflict { conflicts += 1 }
      if !history.violations.isEmpty {
        failedSeed = seed
        failure = Self.report(seed, method: method, flaw: flaw, isWatched: isWatched)
        return
      }
    }
  }

  /// The shortest prefix of a history that goes wrong, told step by step.
  package static func report(
    _ seed: UInt64, method: AutoMethod = .manual, flaw: Flaw? = nil, isWatched: Bool = true
  ) -> String {
    var setup = History.Setup(seed: seed)
    setup.method = method
    for steps in 0...setup.steps {
      setup.steps = steps
      var history = History(
        seed: seed, setup: setup, flaw: flaw, isWatched: isWatched, isTraced: true)
      history.run()
      if !history.violations.isEmpty {
        return "seed \(seed), \(setup)\n" + (history.trace ?? []).joined(separator: "\n")
      }
    }
    return "seed \(seed): goes wrong only in full length"
  }
}
