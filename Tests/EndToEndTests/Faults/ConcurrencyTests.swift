import Testing

/// Several commands at once on one host, and hosts that call each other.
@Suite struct `Commands at the same time` {
  private func expectFine(
    _ outcomes: [Outcome], _ statuses: [Int32] = [0], at place: SourceLocation = #_sourceLocation
  ) {
    for outcome in outcomes {
      expect(outcome, statuses, at: place)
      #expect(!outcome.err.contains("locked"), "\(outcome)", sourceLocation: place)
    }
  }

  @Test(arguments: Form.allCases)
  func `on one host all finish`(form: Form) throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    if form == .alone { try lab.down("a") }
    for index in 0..<30 { try lab.write("a", Name("d/f\(index)"), "text \(index)") }
    let running = try (0..<5).map { _ in try lab.start("a", ["sync"]) }
    expectFine(try running.map { try $0.wait() })
    try lab.expectEqualTrees()
  }

  @Test func `of many kinds on one host all finish`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    try lab.write("a", "f", "from a")
    try lab.write("b", "f", "from b")
    try lab.settle(exits: 1)
    let commands = [
      ["sync"], ["status"], ["conflicts"], ["scan"], ["show", lab.path("a", "f")], ["sync"],
      ["verify"], ["host", "list"],
    ]
    let running = try commands.map { try lab.start("a", $0) }
    expectFine(try running.map { try $0.wait() }, [0, 1, 2])
    try lab.expectConflict("f")
  }

  @Test(arguments: Form.allCases)
  func `on two hosts that call each other both finish`(form: Form) throws {
    let lab = try Lab(["a", "b", "c"])
    try lab.base(["f": "base"])
    if form == .alone { try lab.down("a") }
    for round in 0..<Scale.rounds(3) {
      for host in lab.hosts { try lab.write(host, Name("from \(host)"), "round \(round)") }
      let running = try lab.hosts.map { try lab.start($0, ["sync"]) }
      expectFine(try running.map { try $0.wait() }, form == .alone ? [0, 2] : [0])
    }
    if form == .alone { try lab.up("a") }
    try lab.settle()
    try lab.expectEqualTrees()
  }

  @Test func `beside a server say the same as without it`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    try lab.write("a", "f", "from a")
    try lab.write("b", "f", "from b")
    try lab.settle(exits: 1)
    let commands = [["conflicts", "--json"], ["show", lab.path("a", "f")], ["config", "show"]]
    let with = try commands.map { try lab.start("a", $0).wait() }
    try lab.down("a")
    let without = try commands.map { try lab.start("a", $0).wait() }
    // The moment of the answer may be another.
    let moment = /"generated":"[^"]*"/
    for (one, other) in zip(with, without) {
      let same = one.out.replacing(moment, with: "") == other.out.replacing(moment, with: "")
      #expect(one.status == other.status && same, "\(one)\n\(other)")
    }
  }

  @Test func `a second server on one host is refused`() throws {
    let lab = try Lab(["a", "b"])
    try lab.up("a")
    let second = try lab.run("a", "serve")
    #expect(second.status != 0, "\(second)")
    expectOneLine(second)
    #expect(try lab.port("a").answers)
  }

  @Test func `a server for one connection ends after it`() throws {
    let lab = try Lab(["a", "b"])
    try lab.write("a", "f", "text")
    let server = try lab.start("b", ["serve", "--once"])
    // No probe here: the first connection is the only one.
    let done = try until(seconds: 30) { try lab.run("a", "sync").status == 0 }
    #expect(done, "\(server.errorsSoFar)")
    #expect(try server.wait(seconds: 30).status == 0)
    #expect(try lab.read("b", "f") == "text")
  }

  @Test func `a server told to stop in a sync stops, and nothing is lost`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    for index in 0..<50 { try lab.write("a", Name("d/f\(index)"), "text \(index)") }
    let sync = try lab.start("a", ["sync"])
    try lab.down("b")
    _ = try sync.wait()
    try lab.up("b")
    try lab.sync("a")
    try lab.expectEqualTrees()
  }

  @Test func `the control socket is for the owner only`() throws {
    let lab = try Lab(["a", "b"])
    try lab.up("a")
    let sockets = try Tree.names(lab.state("a")).compactMap {
      Sight($0.pointer(in: lab.state("a")))
    }.filter { $0.type == "socket" }
    #expect(sockets.allSatisfy { $0.mode & 0o077 == 0 }, "\(sockets)")
    let state = try #require(Sight(lab.state("a").utf8CString.map { $0 }))
    #expect(state.mode & 0o077 == 0, "\(state)")
  }
}
