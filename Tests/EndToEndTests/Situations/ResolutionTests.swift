import Testing

/// Situations 20 to 22: the end of a conflict.
@Suite struct `A resolution` {
  private func conflicting(_ hosts: [String] = ["a", "b"]) throws -> Lab {
    let lab = try Lab(hosts)
    try lab.base(["f": "base"])
    try lab.write("a", "f", "from a")
    try lab.write("b", "f", "from b")
    try lab.settle(exits: 1)
    return lab
  }

  @Test func `20: that two hosts reach alike and apart closes the conflict`() throws {
    let lab = try conflicting()
    try lab.down()
    try lab.resolve("a", lab.path("a", "f"), "--host", "b")
    try lab.resolve("b", lab.path("b", "f"), "--host", "b")
    try lab.up()
    try lab.settle()
    try lab.expectNoConflicts()
    #expect(try lab.contents("f") == ["from b", "from b"])
  }

  @Test func `21: that differs between two hosts is a conflict again and nobody gives way`() throws
  {
    let lab = try conflicting()
    try lab.down()
    try lab.resolve("a", lab.path("a", "f"), "--ours")
    try lab.resolve("b", lab.path("b", "f"), "--ours")
    try lab.up()
    for _ in 0..<2 {
      try lab.settle(exits: 1)
      #expect(try lab.contents("f") == ["from a", "from b"])
    }
    try lab.expectConflict("f", kind: nil)
  }

  @Test func `22: made while a third version was on its way leaves that one open`() throws {
    let lab = try Lab()
    try lab.base(["f": "base"])
    try lab.down("c")
    try lab.write("a", "f", "from a")
    try lab.write("b", "f", "from b")
    try lab.write("c", "f", "from c")
    try lab.sync("a", exits: 2)
    try lab.resolve("a", lab.path("a", "f"), "--ours")
    try lab.sync("a", exits: 2)
    #expect(try lab.contents("f") == ["from a", "from a", "from c"])
    try lab.up("c")
    try lab.settle(exits: 1)
    try lab.expectConflict("f", kind: nil, versions: 2)
    #expect(try lab.contents("f") == ["from a", "from a", "from c"])
  }

  @Test func `can be made with every other host down`() throws {
    let lab = try conflicting(["a", "b", "c"])
    try lab.down()
    try lab.resolve("c", lab.path("c", "f"), "--host", "b")
    // Every version of the conflict is kept on every host.
    #expect(try lab.read("c", "f") == "from b")
    try lab.up()
    try lab.settle()
    #expect(try lab.contents("f") == ["from b", "from b", "from b"])
  }

  @Test func `to delete removes the file everywhere`() throws {
    let lab = try conflicting(["a", "b", "c"])
    try lab.resolve("b", lab.path("b", "f"), "--delete")
    try lab.settle()
    try lab.expectNoConflicts()
    #expect(try lab.contents("f") == [nil, nil, nil])
  }

  @Test func `is by id as well as by path`() throws {
    let lab = try conflicting()
    let id = try lab.expectConflict("f")
    try lab.resolve("b", id, "--host", "a")
    try lab.settle()
    #expect(try lab.contents("f") == ["from a", "from a"])
  }

  @Test func `an edit during a conflict does not settle it by stealth`() throws {
    let lab = try conflicting()
    try lab.write("a", "f", "from a, again")
    try lab.settle(exits: 1)
    try lab.expectConflict("f")
    #expect(try lab.contents("f") == ["from a, again", "from b"])
  }

  @Test func `of a deletion against an edit can go either way`() throws {
    for keep in [true, false] {
      let lab = try Lab(["a", "b"])
      try lab.base(["f": "base"])
      try lab.write("a", "f", "edited")
      try lab.remove("b", "f")
      try lab.settle(exits: 1)
      try lab.resolve("b", lab.path("b", "f"), "--host", keep ? "a" : "b")
      try lab.settle()
      #expect(try lab.contents("f") == (keep ? ["edited", "edited"] : [nil, nil]))
    }
  }

  @Test func `of modes leaves the content alone`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    try lab.chmod("a", "f", 0o600)
    try lab.chmod("b", "f", 0o640)
    try lab.settle(exits: 1)
    try lab.resolve("a", lab.path("a", "f"), "--theirs")
    try lab.settle()
    try lab.expectEqualTrees()
    #expect(try lab.tree("a") == ["f file 640 0:0 'base'", "keep file 644 0:0 'x'"])
  }

  @Test func `of a path without a conflict is refused`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    let outcome = try lab.run("a", "resolve", lab.path("a", "f"), "--ours")
    #expect(outcome.status != 0)
    expectOneLine(outcome)
  }
}
