import Testing

/// A file in the place of a directory, and something in the directory that its author never saw.
@Suite struct `A directory that became a file and got a new child at once` {
  /// Host a has made a file of the directory, host b has made a child in it.
  private func contested() throws -> Lab {
    let lab = try Lab()
    try lab.base(["p/f": "base", "p/q/g": "base"])
    try lab.remove("a", "p")
    try lab.write("a", "p", "now a file")
    try lab.write("b", "p/unseen", "precious")
    try meet(lab)
    return lab
  }

  /// The child waits for the decision: nobody is in sync before it.
  private func meet(_ lab: Lab, exits: Int32 = 2) throws {
    for host in lab.hosts + lab.hosts { expect(try lab.run(host, "sync"), [0, 1, 2], at: here) }
    for host in lab.hosts {
      let outcome = try lab.run(host, "sync")
      expect(outcome, [exits], at: here)
      #expect(outcome.complaints == [], "nothing has failed: \(outcome)")
    }
  }

  private let here = #_sourceLocation

  @Test func `is a conflict of types with one id, and each host keeps its own`() throws {
    let lab = try contested()
    try lab.expectConflict("p", kind: "type")
    #expect(try lab.read("a", "p") == "now a file")
    #expect(
      try lab.tree("b", []).filter { $0.hasPrefix("p") } == [
        "p dir 755", "p/unseen file 644 'precious'",
      ])
    let before = try lab.hosts.map { try lab.sights($0) }
    try meet(lab)
    try lab.expectConflict("p", kind: "type")
    for (host, sights) in zip(lab.hosts, before) { try lab.expectUntouched(host, since: sights) }
  }

  @Test(arguments: ["a", "b", "c"])
  func `settled for the directory gives everybody the child`(resolver: String) throws {
    let lab = try contested()
    try lab.resolve(resolver, lab.path(resolver, "p"), "--host", "b")
    try meet(lab, exits: 0)
    try lab.expectNoConflicts()
    try lab.expectEqualTrees()
    #expect(try lab.read("a", "p/unseen") == "precious")
  }

  @Test(arguments: ["a", "b", "c"])
  func `settled for the file takes the directory with all that is known in it`(resolver: String)
    throws
  {
    let lab = try contested()
    try lab.resolve(resolver, lab.path(resolver, "p"), "--host", "a")
    try meet(lab, exits: 0)
    try lab.expectNoConflicts()
    for text in try lab.contents("p") { #expect(text == "now a file") }
  }

  @Test func `settled for the file comes up again for a child that was made meanwhile`() throws {
    let lab = try contested()
    try lab.down("b")
    try lab.resolve("a", lab.path("a", "p"), "--host", "a")
    try lab.write("b", "p/later", "precious as well")
    try lab.up("b")
    try meet(lab)
    try lab.expectConflict("p", kind: "type")
    #expect(try lab.read("b", "p/later") == "precious as well")
    #expect(try lab.read("a", "p") == "now a file")
  }

  @Test func `forced for the file is the file everywhere`() throws {
    let lab = try contested()
    expect(try lab.run("a", "force", lab.path("a", "p")), [0, 2], at: here)
    try meet(lab, exits: 0)
    try lab.expectNoConflicts()
    for text in try lab.contents("p") { #expect(text == "now a file") }
  }

  @Test func `and an edited child are two conflicts`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["p/f": "base", "p/g": "base"])
    try lab.remove("a", "p")
    try lab.write("a", "p", "now a file")
    try lab.write("b", "p/f", "edited")
    try meet(lab, exits: 1)
    for host in lab.hosts {
      let open = try lab.conflicts(host).map { "\($0["kind"].text ?? "")" }
      #expect(open == ["type", "delete-edit"], "\(host)")
    }
    #expect(try lab.read("b", "p/f") == "edited")
    #expect(!lab.exists("b", "p/g"))
    try lab.resolve("b", lab.path("b", "p"), "--host", "a", exits: 0, 1)
    try meet(lab, exits: 0)
    for text in try lab.contents("p") { #expect(text == "now a file") }
  }

  @Test func `both at once on two hosts yields to a decision for the file as well`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["p": "file"])
    try lab.remove("a", "p")
    try lab.write("a", "p/child", "below")
    try lab.write("b", "p", "edited")
    try meet(lab)
    try lab.expectConflict("p", kind: "type")
    try lab.resolve("a", lab.path("a", "p"), "--host", "b")
    try meet(lab, exits: 0)
    try lab.expectEqualTrees()
    #expect(try lab.contents("p") == ["edited", "edited"])
  }

  @Test func `one that holds only what is left out stays, and that is told in one line`() throws {
    let lab = try Lab(["a", "b"])
    try lab.put(try lab.configuration(more: "exclude *.o;"), in: lab.config)
    try lab.base(["p/f": "base"])
    try lab.write("b", "p/f.o", "not shared")
    try lab.remove("a", "p")
    try lab.write("a", "p", "now a file")
    _ = try lab.run("a", "sync")
    let outcome = try lab.run("b", "sync")
    expect(outcome, [4], at: here)
    expectOneLine(outcome, naming: lab.path("b", "p"), "not empty")
    #expect(try lab.read("b", "p/f.o") == "not shared")
    try lab.remove("b", "p/f.o")
    try lab.settle()
    #expect(try lab.contents("p") == ["now a file", "now a file"])
  }
}
