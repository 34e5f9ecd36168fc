import Testing

/// Files that were restored from an old backup under a current database.
@Suite struct `A restored backup` {
  private let names = (0..<60).map { Name(stringLiteral: "d/f\($0)") }

  /// Three hosts that agree on the newer content of 60 files; `b` has the older ones on its disk.
  private func lab() throws -> Lab {
    let lab = try Lab()
    try lab.base([:])
    for text in ["old", "newer"] {
      for (number, name) in names.enumerated() { try lab.write("a", name, "\(text) \(number)") }
      try lab.sync("a")
    }
    try lab.settle()
    for (number, name) in names.enumerated() { try lab.write("b", name, "old \(number)") }
    return lab
  }

  @Test(arguments: Form.allCases)
  func `is a question, and nothing is sent before somebody answers it`(form: Form) throws {
    let lab = try lab()
    if form == .alone { try lab.down("b") }
    let (a, c) = (try lab.sights("a"), try lab.sights("c"))
    let outcome = try lab.sync("b", exits: 2)
    #expect(outcome.err.contains("60 of"), "\(outcome)")
    #expect(outcome.err.contains("--discard-reverts"), "\(outcome)")
    try lab.sync("b", "--yes", exits: 2)
    try lab.expectUntouched("a", since: a)
    try lab.expectUntouched("c", since: c)
    #expect(try lab.run("b", "sync", "--accept-reverts", "--discard-reverts").status == 64)
  }

  @Test func `is taken back on request, without an event`() throws {
    let lab = try lab()
    let before = try lab.json("b", "log")["events"].items.count
    let outcome = try lab.sync("b", "--discard-reverts")
    try lab.expectEqualTrees()
    #expect(try lab.read("b", "d/f7") == "newer 7", "\(outcome)")
    #expect(try lab.json("b", "log")["events"].items.count == before)
    let events = try lab.json("b", "log", lab.path("b", "d/f7"))["events"].items
    #expect(events.compactMap { $0["host"].text } == ["a", "a"], "\(events)")
    try lab.settle()
    try lab.expectNoConflicts()
  }

  @Test func `is spread on request, and the log says that it was a revert`() throws {
    let lab = try lab()
    try lab.sync("b", "--accept-reverts")
    try lab.settle()
    try lab.expectEqualTrees()
    #expect(try lab.contents("d/f7") == ["old 7", "old 7", "old 7"])
    for host in lab.hosts {
      let log = try lab.run(host, "log", lab.path(host, "d/f7"))
      #expect(log.out.split(separator: "\n").first?.contains("revert") == true, "\(log)")
    }
  }
}
