import Foundation
import Testing

/// `kill -9` at any moment of a sync: every file is the old or the new one, and the next run ends
/// it.
@Suite(.tags(.long)) struct `A killed sync` {
  enum Side: String, CaseIterable, CustomTestStringConvertible {
    case caller, answerer
    var testDescription: String { rawValue }
  }

  private static let count = 300

  private func text(_ index: Int, _ generation: Int) -> String {
    // Some files are longer than a buffer, so that a torn one would show.
    let word = "file \(index) generation \(generation)\n"
    return String(repeating: word, count: index % 10 == 0 ? 4_000 : 1)
  }

  private func name(_ index: Int) -> String { "d\(index % 7)/f\(index)" }

  /// Every fifth file comes and goes with the generations; the others change.
  private func exists(_ index: Int, _ generation: Int) -> Bool {
    index % 5 != 0 || (index / 5 + generation) % 6 != 0
  }

  private func write(_ lab: Lab, on author: String = "a", generation: Int) throws {
    for index in 0..<Self.count {
      let name = Name(name(index))
      if exists(index, generation) {
        try lab.write(author, name, text(index, generation))
      } else if lab.exists(author, name) {
        try lab.remove(author, name)
      }
    }
  }

  /// Every path holds one generation's whole file, or nothing where a generation had nothing.
  private func expectWhole(_ lab: Lab, _ host: String, _ allowed: ClosedRange<Int>, _ note: String)
    throws
  {
    var expected: Set<String> = ["keep"]
    var bad: [String] = []
    for index in 0..<Self.count {
      expected.insert(name(index))
      let held = try lab.read(host, Name(name(index)))
      let good = allowed.contains { generation in
        held == (exists(index, generation) ? text(index, generation) : nil)
      }
      if !good { bad.append("\(name(index)): \(held.map { "\($0.prefix(40))" } ?? "absent")") }
    }
    #expect(bad.isEmpty, "\(note): \(bad.count) on \(host): \(bad.prefix(5))")
    for found in try Tree.names(lab.root(host)) where lab.sight(host, found)?.type != "dir" {
      #expect(expected.contains(found.description), "\(note): foreign \(found) on \(host)")
    }
    let folders = try Tree.names(lab.root(host)).filter { lab.sight(host, $0)?.type == "dir" }
    #expect(folders.allSatisfy { $0.description.hasPrefix("d") }, "\(note): \(folders)")
  }

  @Test(arguments: Side.allCases)
  func `leaves whole files, nothing foreign, and work that the next sync finishes`(side: Side)
    throws
  {
    print("seed of the kills: CONCORD_E2E_SEED=\(Scale.seed)")
    var dice = Dice(seed: Scale.seed &+ (side == .caller ? 0 : 1))
    let lab = try Lab(["a", "b"])
    try write(lab, generation: 0)
    try lab.base([:])
    try lab.down("a")
    let clock = ContinuousClock()
    try write(lab, generation: 1)
    let span = try clock.measure { try lab.sync("a") }
    let usual = UInt64(max(span / .milliseconds(1), 10)) * 1_000
    var oldest = 1
    for round in 0..<Scale.kills {
      let generation = round + 2
      // Either host is the one that receives; the author changes where both are equal.
      let author = (round + 1) / 2 % 2 == 0 ? "a" : "b"
      try write(lab, on: author, generation: generation)
      let sync = try lab.start("a", ["sync"])
      // The moment is the random thing here; nothing is concluded from it.
      usleep(UInt32(UInt64.random(in: 0..<usual, using: &dice)))
      switch side {
      case .caller: sync.signal(SIGKILL)
      case .answerer: try lab.kill9("b")
      }
      let ended = try sync.wait()
      let note = "seed \(Scale.seed) round \(round) \(side) exit \(ended.status)"
      try expectWhole(lab, author, generation...generation, note)
      try expectWhole(lab, author == "a" ? "b" : "a", oldest...generation, note)
      if side == .answerer { try lab.up("b") }
      // Every other time the next kill finds the rests of this one.
      guard round % 2 == 0 || round == Scale.kills - 1 else { continue }
      try lab.sync("a")
      try lab.expectEqualTrees()
      try expectWhole(lab, "b", generation...generation, note)
      oldest = generation
    }
    try lab.expectNoConflicts()
    #expect(try lab.sync("a").silent)
  }

  /// Deterministic kills: before the n-th exchange, sync or commit that a process makes.
  @Test(arguments: ["renameat2", "fsync,fdatasync", "pwrite64", "linkat,openat2", "fchown,fchmod"])
  func `before its n-th call of a kind leaves the same`(calls: String) throws {
    let lab = try Lab(["a", "b"])
    for index in 0..<6 { try lab.write("a", Name("d/f\(index)"), "old \(index)") }
    try lab.base([:])
    try lab.down()
    for round in 0..<Scale.rounds(3) {
      let nth = 1 + round * 2
      for index in 0..<6 { try lab.write("a", Name("d/f\(index)"), "new \(index) \(round)") }
      let before = try lab.tree("b")
      try lab.up(
        "b",
        wrapper: [
          "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(calls)", "-e",
          "inject=\(calls):signal=KILL:when=\(nth)",
        ], mayEnd: true)
      _ = try lab.run("a", "sync")
      try lab.kill9("b")
      let after = try lab.tree("a")
      for line in try lab.tree("b") {
        #expect(before.contains(line) || after.contains(line), "\(calls) \(nth): \(line)")
      }
      try lab.up("b")
      try lab.sync("a")
      try lab.expectEqualTrees()
      try lab.expectNoConflicts()
      try lab.down("b")
    }
  }
}

extension Tag {
  /// Takes more than some seconds; grows with `CONCORD_E2E_SCALE`.
  @Tag static var long: Self
}
