import Testing

@Suite struct `A list of conflicts` {
  private func lab() throws -> Lab {
    let lab = try Lab(["a", "b"])
    try lab.base(["d/f": "base", "d/e/g": "base", "dd": "base", "x": "base"])
    for name in ["d/f", "d/e/g", "dd"] {
      try lab.write("a", Name(name), "from a")
      try lab.write("b", Name(name), "from b!")
    }
    try lab.write("a", "x", "from a")
    try lab.remove("b", "x")
    try lab.settle(exits: 1)
    return lab
  }

  private func names(_ lab: Lab, _ words: String...) throws -> [String] {
    let outcome = try lab.start("a", ["conflicts"] + words + ["--json"]).wait()
    let found = try JSON(outcome.stdout)["conflicts"].items.compactMap { $0["path"].text }
    #expect(outcome.status == (found.isEmpty ? 0 : 1), "\(outcome)")
    return found.map { String($0.dropFirst(lab.root("a").count + 1)) }.sorted()
  }

  @Test func `can be of paths, kinds and groups`() throws {
    let lab = try lab()
    #expect(try names(lab) == ["d/e/g", "d/f", "dd", "x"])
    #expect(try names(lab, lab.path("a", "d")) == ["d/e/g", "d/f"])
    #expect(try names(lab, "list", lab.path("a", "d/e"), "%root%/x") == ["d/e/g", "x"])
    #expect(try names(lab, lab.folder) == ["d/e/g", "d/f", "dd", "x"])
    #expect(try names(lab, "/") == ["d/e/g", "d/f", "dd", "x"])
    #expect(try names(lab, lab.path("a", "keep")) == [])
    #expect(try names(lab, "--kind", "delete-edit") == ["x"])
    #expect(try names(lab, "--kind", "delete-edit", "--kind", "content", "%root%/dd") == ["dd"])
    #expect(try names(lab, "--kind", "type") == [])
    #expect(try names(lab, "--group", "web", "%root%/d/f") == ["d/f"])
  }

  @Test func `says what it does not know`() throws {
    let lab = try lab()
    let kind = try lab.run("a", "conflicts", "--kind", "odd")
    #expect(kind.status == 64 && kind.err.contains("delete-edit"), "\(kind)")
    let group = try lab.run("a", "conflicts", "--group", "odd")
    #expect(group.status == 64 && group.err.contains("web"), "\(group)")
    let path = try lab.run("a", "conflicts", "/no/such/place")
    #expect(path.status == 66, "\(path)")
  }

  @Test func `keeps one note of when they were first seen, and of no others`() throws {
    let lab = try lab()
    // A daemon would keep the database to itself.
    try lab.down()
    let first = try lab.conflicts("a").map { [$0["id"], $0["since"]] }
    #expect(first.count == 4)
    func notes() throws -> String {
      try lab.tool(
        "python3", "-c",
        "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); print([(n, len(v)) for n, v in "
          + "c.execute(\"select name, value from note where name like 'conflict%'\")])",
        "\(lab.state("a"))/state.db")
    }
    try lab.tool("sleep", "1.1")
    #expect(try lab.conflicts("a").map { [$0["id"], $0["since"]] } == first)
    let full = try notes()
    #expect(full.contains("conflicts web") && full.split(separator: "(").count == 2, "\(full)")
    for name in ["d/f", "d/e/g", "dd"] {
      try lab.resolve("a", lab.path("a", name), "--ours", exits: 0, 1, 2)
    }
    #expect(try lab.conflicts("a").map { [$0["id"], $0["since"]] } == [first[3]])
    #expect(try notes() != full)
    try lab.resolve("a", lab.path("a", "x"), "--ours")
    #expect(try lab.conflicts("a").isEmpty)
    #expect(try notes() == "[]\n")
  }
}
