import Foundation
import Testing

/// `kill -9` anywhere between a change and the end of what follows from it: every change is
/// followed by its action, once or more often, and nothing is left hanging.
@Suite(.tags(.long)) struct `An action of a killed concord` {
  /// Rounds of random kills: `CONCORD_ACTION_KILLS`, or some.
  private static let kills =
    ProcessInfo.processInfo.environment["CONCORD_ACTION_KILLS"].flatMap(Int.init)
    ?? Scale.rounds(10)

  /// The action appends the file that has changed: what the log holds was in its place before.
  private func lab() throws -> Lab {
    let lab = try Lab.acting(
      #"action { pattern %root%/f; exec "cat %% >>FOLDER/ran"; retry 1000; }"#)
    try lab.write("a", "keep", "x")
    try lab.write("a", "f", "generation 0\n")
    try lab.up("a")
    try lab.sync("b")
    #expect(lab.madeLines("ran") == ["generation 0"])
    return lab
  }

  /// The next command brings everything to its end.
  private func expectEnd(_ lab: Lab, _ generation: Int, _ note: String) throws {
    let outcome = try lab.run("b", "sync")
    #expect([0, 3].contains(outcome.status), "\(note): \(outcome)")
    // An action that the kill itself has hit waits for its next try: somebody asks for it now.
    for run in try lab.actions("b") where run["state"].text != "done" {
      #expect(run["state"].text == "waiting", "\(note): \(run)")
      _ = try lab.run("b", "actions", "retry", "\(Int(run["id"].number ?? 0))")
    }
    #expect(
      try lab.actions("b").allSatisfy { $0["state"].text == "done" }, "\(note): nothing is left")
    #expect(try lab.read("b", "f") == "generation \(generation)\n", "\(note)")
    #expect(lab.madeLines("ran").contains("generation \(generation)"), "\(note)")
    #expect(try lab.run("b", "sync").silent, "\(note)")
  }

  /// Deterministic: before the n-th call of a kind. The calls round starting and ending a program
  /// are made by nobody else; those of the database come before, between and after.
  @Test(arguments: [
    ("memfd_create", 1), ("clone", 1), ("pidfd_open", 1), ("wait4", 1), ("setsid", 1),
    ("renameat2", 1), ("fdatasync,fsync", 3), ("fdatasync,fsync", 6), ("pwrite64", 20),
    ("unlink,unlinkat", 1), ("listen", 1),
  ])
  func `before a call of its own has run when all is over`(calls: String, nth: Int) throws {
    let lab = try lab()
    try lab.write("a", "f", "generation 1\n")
    let strace = [
      "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(calls)", "-e",
      "inject=\(calls):signal=KILL:when=\(nth)",
    ]
    let outcome = try lab.run("b", "sync", wrapper: strace)
    #expect(outcome.status != 0, "\(calls) \(nth): the kill has hit: \(outcome)")
    try expectEnd(lab, 1, "\(calls) \(nth)")
  }

  @Test(arguments: Owner.allCases)
  func `at any moment has run when all is over`(owner: Owner) throws {
    print("seed of the kills: CONCORD_E2E_SEED=\(Scale.seed)")
    var dice = Dice(seed: Scale.seed &+ (owner == .command ? 2 : 3))
    let lab = try lab()
    let clock = ContinuousClock()
    try lab.write("a", "f", "generation 1\n")
    let span = try clock.measure { try lab.sync("b") }
    let usual = UInt64(max(span / .milliseconds(1), 10)) * 1_100
    var killed = 0
    var generation = 1
    while killed < Self.kills {
      generation += 1
      try lab.write("a", "f", "generation \(generation)\n")
      // The later kills of a generation meet what the first has left.
      for _ in 0..<(1 + Int.random(in: 0..<4, using: &dice)) {
        let moment = UInt32(UInt64.random(in: 0..<usual, using: &dice))
        try kill(lab, owner, after: moment)
        killed += 1
      }
      try expectEnd(lab, generation, "seed \(Scale.seed) \(owner) generation \(generation)")
    }
    print("kills of \(owner): \(killed), generations: \(generation)")
  }

  /// Ends `b` so many microseconds after it has begun to take what `a` has.
  private func kill(_ lab: Lab, _ owner: Owner, after microseconds: UInt32) throws {
    switch owner {
    case .command:
      let sync = try lab.start("b", ["sync"])
      usleep(microseconds)
      sync.signal(SIGKILL)
      _ = try sync.wait()
    case .daemon:
      try lab.up("b")
      let sync = try lab.start("a", ["sync"])
      usleep(microseconds)
      try lab.kill9("b")
      _ = try sync.wait()
    }
  }
}
