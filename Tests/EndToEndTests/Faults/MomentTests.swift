import Foundation
import Testing

/// What others see of a tree while it is being synced, and of a sync that was cut short.
@Suite(.tags(.long)) struct `At every moment of a sync` {
  private static let count = 120

  private func name(_ index: Int) -> Name { Name("d\(index % 5)/f\(index)") }

  /// Some are longer than a buffer, so that a torn one would show.
  private func text(_ index: Int, _ generation: Int) -> String {
    String(repeating: "file \(index) generation \(generation)\n", count: index % 8 == 0 ? 9_000 : 1)
  }

  private func write(_ lab: Lab, _ host: String, generation: Int) throws {
    for index in 0..<Self.count { try lab.write(host, name(index), text(index, generation)) }
  }

  @Test func `each path has its former or its final content, whole, and no other name appears`()
    throws
  {
    let lab = try Lab(["a", "b"])
    try write(lab, "a", generation: 0)
    try lab.base([:])
    let names = Set(try Tree.names(lab.root("b")))
    var looks = 0
    for generation in 1...3 {
      try write(lab, "a", generation: generation)
      let sync = try lab.start("a", ["sync"])
      repeat {
        for index in 0..<Self.count {
          let held = try lab.read("b", name(index))
          #expect(
            held == text(index, generation) || held == text(index, generation - 1),
            "\(name(index)): \(held.map { "\($0.prefix(40))" } ?? "absent")")
        }
        let foreign = Set(try Tree.names(lab.root("b"))).subtracting(names)
        #expect(foreign.isEmpty)
        looks += 1
      } while sync.poll() == nil
      #expect(try sync.wait().status == 0)
    }
    #expect(looks > 3)
    try lab.expectEqualTrees()
  }

  /// Killed before the n-th exchange that it makes.
  private func killed(_ lab: Lab, nth: Int) throws {
    try lab.down("b")
    try lab.up(
      "b",
      wrapper: [
        "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=renameat2", "-e",
        "inject=renameat2:signal=KILL:when=\(nth)",
      ], mayEnd: true)
    _ = try lab.run("a", "sync")
    try lab.kill9("b")
  }

  @Test(arguments: [1, 20, 60])
  func `a kill leaves a state that takes nothing half-done for a local change`(nth: Int) throws {
    let lab = try Lab(["a", "b"])
    try write(lab, "a", generation: 0)
    try lab.base([:])
    try write(lab, "a", generation: 1)
    try killed(lab, nth: nth)
    let report = try lab.json("b", "scan", exits: 0)
    #expect(report["groups"].items.map { $0["events"].number } == [0], "\(report)")
    for index in 0..<Self.count {
      let held = try lab.read("b", name(index))
      #expect(held == text(index, 0) || held == text(index, 1), "\(name(index))")
    }
    try lab.up("b")
    try lab.settle()
    try lab.expectEqualTrees()
  }

  @Test(arguments: [1, 20, 60])
  func `a kill and a copy by hand are in sync without a conflict`(nth: Int) throws {
    let lab = try Lab(["a", "b"])
    try write(lab, "a", generation: 0)
    try lab.base([:])
    try write(lab, "a", generation: 1)
    try killed(lab, nth: nth)
    // Somebody does not wait for the next run.
    for index in 0..<Self.count { try lab.write("b", name(index), text(index, 1)) }
    let before = try lab.sights("b")
    try lab.up("b")
    try lab.settle()
    try lab.expectNoConflicts()
    try lab.expectEqualTrees()
    for index in 0..<Self.count {
      #expect(lab.sight("b", name(index))?.inode == before[name(index).description]?.inode)
    }
  }
}
