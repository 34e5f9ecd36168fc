import Testing

/// What a person can do with conflicts, beside choosing a side.
@Suite struct `A decision` {
  private func conflicting(
    _ names: [String] = ["f"], hosts: [String] = ["a", "b", "c"]
  ) throws -> Lab {
    let lab = try Lab(hosts)
    for name in names { try lab.write("a", Name(name), "base of \(name)\n") }
    try lab.up()
    try lab.settle()
    for name in names {
      try lab.write("a", Name(name), "\(name) from a\n")
      try lab.write("b", Name(name), "\(name) from b, longer\n")
    }
    try lab.settle(exits: 1)
    return lab
  }

  @Test func `about many conflicts says what it would do and does nothing unasked`() throws {
    let lab = try conflicting(["f", "g", "h"])
    let plan = try lab.resolve("c", "--all", "--rule", "host:b", exits: 1)
    let lines = plan.out.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines.allSatisfy { $0.contains("b's version (") }, "\(plan)")
    expectOneLine(plan, naming: "--yes", "3 conflicts")
    #expect(try lab.conflicts("c").count == 3)
  }

  @Test func `about many conflicts settles them on every host`() throws {
    let lab = try conflicting(["f", "g", "h"])
    try lab.resolve("c", "--all", "--rule", "host:b", "--yes", exits: 0)
    try lab.settle()
    try lab.expectNoConflicts()
    for name in ["f", "g", "h"] {
      let text = "\(name) from b, longer\n"
      #expect(try lab.contents(Name(name)) == [text, text, text])
    }
  }

  @Test(arguments: [("larger", "b"), ("smaller", "a"), ("newest", "b"), ("oldest", "a")])
  func `by a rule takes the version that the rule means`(_ rule: String, _ winner: String) throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    try lab.write("a", "f", "short")
    try lab.touch("a", "f", seconds: 1_000_000)
    try lab.write("b", "f", "somewhat longer")
    try lab.touch("b", "f", seconds: 2_000_000)
    try lab.settle(exits: 1)
    try lab.resolve("a", "--all", "--rule", rule, "--yes", exits: 0)
    try lab.settle()
    let text = winner == "a" ? "short" : "somewhat longer"
    #expect(try lab.contents("f") == [text, text])
  }

  @Test func `by a rule leaves open what the rule cannot tell apart, and says so`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base", "g": "base"])
    try lab.write("a", "f", "one")
    try lab.write("b", "f", "two")
    try lab.write("a", "g", "edited")
    try lab.remove("b", "g")
    try lab.settle(exits: 1)
    let outcome = try lab.resolve("a", "--all", "--rule", "larger", "--yes", exits: 1)
    #expect(outcome.err.contains("the same size") && outcome.err.contains("not every version"))
    #expect(try lab.conflicts("a").count == 2)
  }

  @Test func `can be limited to a directory or a kind`() throws {
    let lab = try conflicting(["d/f", "d/g", "h"])
    let inside = lab.path("c", "d")
    try lab.resolve("c", inside, "--all", "--rule", "host:a", "--yes", exits: 1)
    #expect(try lab.conflicts("c").map { $0["path"].text } == [lab.path("c", "h")])
    try lab.resolve(
      "c", "--all", "--kind", "delete-edit", "--rule", "host:a", "--yes", exits: 1)
    #expect(try lab.conflicts("c").count == 1)
  }

  @Test func `that is taken back opens the conflict again, on every host`() throws {
    let lab = try conflicting()
    let id = try lab.expectConflict("f")
    try lab.resolve("a", id, "--host", "b", "--reason", "b is newer")
    try lab.settle()
    try lab.expectNoConflicts()
    let listed = try lab.run("a", "conflicts", "--resolved")
    #expect(listed.out.contains(id) && listed.out.contains("b is newer"), "\(listed)")
    try lab.resolve("a", "--undo", id, exits: 1)
    try lab.settle(exits: 1)
    let again = try lab.expectConflict("f")
    #expect(again != id)
    let authors = try lab.conflicts("c")[0]["versions"].items
      .flatMap { $0["hosts"].items.map(\.text) }
    #expect(Set(authors) == ["a", "b"])
    try lab.resolve("c", again, "--host", "a")
    try lab.settle()
    let text = "f from a\n"
    #expect(try lab.contents("f") == [text, text, text])
  }

  @Test func `cannot be taken back once somebody has gone on from it`() throws {
    let lab = try conflicting(hosts: ["a", "b"])
    let id = try lab.expectConflict("f")
    try lab.resolve("a", id, "--host", "b")
    try lab.settle()
    try lab.write("b", "f", "edited since")
    try lab.settle()
    let refused = try lab.resolve("a", "--undo", id, exits: 66)
    expectOneLine(refused, naming: "changed since")
    #expect(try lab.contents("f") == ["edited since", "edited since"])
  }

  @Test func `is refused with 75 if another version has arrived since the author looked`() throws {
    let lab = try Lab()
    try lab.base(["f": "base"])
    try lab.down("c")
    try lab.write("a", "f", "from a")
    try lab.write("b", "f", "from b")
    try lab.write("c", "f", "from c")
    try lab.sync("a", exits: 2)
    let id = try #require(try lab.conflicts("a")[0]["id"].text)
    try lab.up("c")
    try lab.sync("c", exits: 1)
    let refused = try lab.resolve("a", id, "--host", "b", exits: 75)
    expectOneLine(refused, naming: "another version")
    let now = try #require(try lab.conflicts("a")[0]["id"].text)
    #expect(refused.out.contains(now) && refused.out.contains("c"), "\(refused)")
    #expect(try lab.conflicts("a")[0]["versions"].items.count == 3)
  }

  @Test func `about what was settled elsewhere says so`() throws {
    let lab = try conflicting()
    let id = try lab.expectConflict("f")
    try lab.resolve("b", id, "--host", "b")
    try lab.settle()
    let refused = try lab.resolve("a", id, "--host", "a", exits: 66)
    expectOneLine(refused, naming: "settled on another host")
    let again = try lab.resolve("b", id, "--host", "a", exits: 66)
    expectOneLine(again, naming: "--undo \(id)")
  }

  @Test func `for both keeps the loser under another name, on every host`() throws {
    let lab = try conflicting()
    let id = try lab.expectConflict("f")
    try lab.resolve("a", id, "--both")
    try lab.settle()
    try lab.expectNoConflicts()
    let (mine, other) = ("f from a\n", "f from b, longer\n")
    #expect(try lab.contents("f") == [mine, mine, mine])
    #expect(try lab.contents("f.b") == [other, other, other])
    try lab.expectEqualTrees()
  }

  @Test func `for both never overwrites what has that name`() throws {
    let lab = try conflicting(["f"], hosts: ["a", "b"])
    try lab.write("a", "f.b", "mine")
    try lab.settle(exits: 1)
    let id = try lab.expectConflict("f")
    let refused = try lab.resolve("a", id, "--both", exits: 73)
    expectOneLine(refused, naming: "something is there")
    #expect(try lab.contents("f.b") == ["mine", "mine"])
    try lab.expectConflict("f")
    try lab.resolve("a", id, "--both", "--suffix", ".old")
    try lab.settle()
    #expect(try lab.contents("f.old") == ["f from b, longer\n", "f from b, longer\n"])
  }

  @Test func `with a file takes its content, on every host`() throws {
    let lab = try conflicting()
    let id = try lab.expectConflict("f")
    try lab.put("written by hand\n", in: lab.folder + "/mine")
    try lab.resolve("b", id, "--file", lab.folder + "/mine")
    #expect(try lab.read("b", "f") == "written by hand\n")
    try lab.settle()
    let text = "written by hand\n"
    #expect(try lab.contents("f") == [text, text, text])
  }

  @Test func `with a file that is none is refused`() throws {
    let lab = try conflicting(hosts: ["a", "b"])
    let id = try lab.expectConflict("f")
    for file in ["/nowhere", lab.folder] {
      expectOneLine(try lab.resolve("a", id, "--file", file, exits: 66), naming: "not read")
    }
    try lab.expectConflict("f")
  }

  @Test func `that cannot be made says so by the name on this disk, and what to do next`() throws {
    let lab = try conflicting(hosts: ["a", "b"])
    let path = lab.path("a", "f")
    expectOneLine(
      try lab.resolve("a", path, "--host", "z", exits: 64), naming: "\(path): not resolved",
      "--take a")
    expectOneLine(
      try lab.resolve("a", "deadbeef", "--ours", exits: 66), naming: "no such conflict",
      "concord conflicts")
    expectOneLine(
      try lab.resolve("a", path, "--file", "/nowhere", exits: 66), naming: "name a regular file")
    let id = try lab.expectConflict("f")
    try lab.resolve("a", id, "--host", "b")
    expectOneLine(
      try lab.resolve("a", path, "--ours", exits: 66), naming: "no such conflict", "versions agree")
    try lab.write("a", "f", "edited since")
    try lab.settle()
    expectOneLine(
      try lab.resolve("a", "--undo", id, exits: 66), naming: "\(path): not undone",
      "concord log \(path)")
  }
}
