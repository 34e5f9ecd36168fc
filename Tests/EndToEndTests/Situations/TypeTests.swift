import Testing

/// Situations 15 and 17 to 19: swaps, and one type in the place of another.
@Suite struct `A path that became something else` {
  @Test func `15: by a swap or a chain of renames arrives as it is`() throws {
    let lab = try Lab()
    try lab.base(["a1": "one", "b1": "two", "x": "x", "y": "y", "case": "lower"])
    try lab.rename("a", "a1", "tmp")
    try lab.rename("a", "b1", "a1")
    try lab.rename("a", "tmp", "b1")
    try lab.rename("a", "y", "z")
    try lab.rename("a", "x", "y")
    try lab.rename("a", "case", "CASE")
    try lab.settle()
    try lab.expectNoConflicts()
    try lab.expectEqualTrees()
    #expect(try lab.read("c", "a1") == "two")
    #expect(try lab.read("c", "b1") == "one")
    #expect(try lab.read("c", "z") == "y")
    #expect(try lab.read("c", "CASE") == "lower")
    #expect(!lab.exists("c", "case"))
  }

  @Test func `15: directories swapped arrive with all that is in them`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["p/f": "one", "p/g": "only p", "q/f": "two"])
    try lab.rename("a", "p", "tmp")
    try lab.rename("a", "q", "p")
    try lab.rename("a", "tmp", "q")
    try lab.sync("a")
    try lab.expectEqualTrees()
  }

  @Test func `17: a file turned into a directory replaces it`() throws {
    let lab = try Lab()
    try lab.base(["p": "file", "other": "x"])
    try lab.remove("a", "p")
    try lab.write("a", "p/inner/f", "deep")
    try lab.settle()
    try lab.expectEqualTrees()
    #expect(try lab.read("c", "p/inner/f") == "deep")
  }

  @Test func `17: a directory turned into a file replaces it with all its children`() throws {
    let lab = try Lab()
    try lab.base(["p/f": "file", "p/q/g": "x", "other": "x"])
    try lab.remove("a", "p")
    try lab.write("a", "p", "now a file")
    try lab.settle()
    try lab.expectEqualTrees()
    #expect(try lab.contents("p") == ["now a file", "now a file", "now a file"])
  }

  @Test func `17: a directory does not give way while it holds a child its author never saw`()
    throws
  {
    let lab = try Lab(["a", "b"])
    try lab.base(["p/f": "file"])
    try lab.remove("a", "p")
    try lab.write("a", "p", "now a file")
    try lab.write("b", "p/unseen", "precious")
    _ = try lab.run("a", "sync")
    _ = try lab.run("b", "sync")
    _ = try lab.run("a", "sync")
    #expect(try lab.read("b", "p/unseen") == "precious")
    #expect(try lab.read("a", "p") == "now a file")
    #expect(try lab.run("b", "sync").status != 0)
  }

  @Test func `17: a link turned into a directory, and back`() throws {
    let lab = try Lab(["a", "b"])
    try lab.up()
    try lab.write("a", "real/f", "text")
    try lab.link("a", "p", to: "real")
    try lab.settle()
    #expect(try lab.target("b", "p") == "real")
    try lab.remove("a", "p")
    try lab.write("a", "p/g", "inside p")
    try lab.settle()
    try lab.expectEqualTrees()
    #expect(!lab.exists("b", "real/g"))
    try lab.remove("b", "p")
    try lab.link("b", "p", to: "real")
    try lab.settle()
    try lab.expectEqualTrees()
    #expect(try lab.target("a", "p") == "real")
  }

  @Test func `18: on one host and was edited on another is a conflict of types`() throws {
    let lab = try Lab()
    try lab.base(["p": "file"])
    try lab.remove("a", "p")
    try lab.makeDirectory("a", "p")
    try lab.write("b", "p", "edited")
    try lab.settle(exits: 1)
    try lab.expectConflict("p", kind: "type")
    #expect(lab.sight("a", "p")?.type == "dir")
    #expect(try lab.read("b", "p") == "edited")
  }

  @Test func `18: with a child inside keeps the child and the other host's file`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["p": "file"])
    try lab.remove("a", "p")
    try lab.write("a", "p/child", "kept")
    try lab.write("b", "p", "edited")
    _ = try lab.run("a", "sync")
    _ = try lab.run("b", "sync")
    #expect(try lab.run("a", "sync").status != 0)
    #expect(try lab.read("a", "p/child") == "kept")
    #expect(try lab.read("b", "p") == "edited")
    #expect(try lab.conflicts("a").contains { $0["kind"].text == "type" })
  }

  @Test func `19: two links to different places conflict and two to the same do not`() throws {
    let lab = try Lab()
    try lab.up()
    try lab.link("a", "differs", to: "here")
    try lab.link("b", "differs", to: "there")
    for host in ["a", "b"] { try lab.link(host, "same", to: "anywhere") }
    try lab.settle(exits: 1)
    try lab.expectConflict("differs", kind: nil)
    #expect(try lab.target("a", "differs") == "here")
    #expect(try lab.target("b", "differs") == "there")
    #expect(try lab.target("c", "same") == "anywhere")
  }
}
