import Testing

/// Commands beside `sync`.
@Suite struct `A command` {
  private func lab() throws -> Lab {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base", "d/g": "base"])
    return lab
  }

  @Test func `scan records what changed and sends nothing`() throws {
    let lab = try lab()
    try lab.write("a", "f", "changed")
    let before = try lab.sights("b")
    expect(try lab.run("a", "scan"), [0, 2], at: #_sourceLocation)
    try lab.expectUntouched("b", since: before)
    #expect(try lab.opinion("a", of: "b")["state"].text == "behind")
  }

  @Test func `status is silent about trouble when there is none`() throws {
    let lab = try lab()
    try lab.settle()
    let status = try lab.run("a", "status")
    #expect(status.status == 0 && status.out.contains("web") && status.stderr.isEmpty, "\(status)")
  }

  @Test func `status ends with what is open`() throws {
    let lab = try lab()
    try lab.write("a", "f", "from a")
    try lab.write("b", "f", "from b")
    try lab.settle(exits: 1)
    #expect(try lab.run("a", "status").status == 1)
  }

  @Test func `verify ends with 0 when trees are equal and with 2 when they are not`() throws {
    let lab = try lab()
    try lab.settle()
    #expect(try lab.run("a", "verify").status == 0)
    try lab.write("b", "f", "changed behind the back")
    let outcome = try lab.run("a", "verify")
    #expect(outcome.status == 2, "\(outcome)")
    #expect(outcome.out.contains("f"), "\(outcome)")
    #expect(try lab.contents("f") == ["base", "changed behind the back"])
  }

  @Test func `force lets this host's file win everywhere`() throws {
    let lab = try lab()
    try lab.write("a", "f", "from a")
    try lab.write("b", "f", "from b")
    try lab.settle(exits: 1)
    expect(try lab.run("b", "force", lab.path("b", "f")), [0, 2], at: #_sourceLocation)
    try lab.settle()
    #expect(try lab.contents("f") == ["from b", "from b"])
  }

  @Test func `sync of a path brings that path and nothing else`() throws {
    let lab = try lab()
    try lab.write("a", "f", "changed")
    try lab.write("a", "d/g", "changed")
    try lab.sync("a", lab.path("a", "d"), exits: 0, 2)
    #expect(try lab.contents("d/g") == ["changed", "changed"])
    #expect(try lab.contents("f") == ["changed", "base"])
    try lab.settle()
    try lab.expectEqualTrees()
    try lab.expectNoConflicts()
  }

  @Test func `host fingerprint is the same as its peers list`() throws {
    let lab = try lab()
    let mine = try lab.run("b", "host", "fingerprint").out
    let word = try #require(
      mine.split { $0 == " " || $0 == "\n" }.first { $0.hasPrefix("sha256:") })
    let list = try lab.run("a", "host", "list")
    #expect(list.status == 0 && list.out.contains(word), "\(list)")
  }

  @Test func `with its output closed or full still syncs`() throws {
    let lab = try lab()
    for (index, drain) in [">&- 2>&-", ">/dev/full 2>/dev/full", "| true"].enumerated() {
      try lab.write("a", "f", "round \(index)")
      let script = "\"$@\" -v \(drain); true"
      let words = ["sh", "-c", script, "sh"] + lab.words("a", ["sync"])
      _ = try Child(words, scratch: lab.scratch).wait()
      #expect(try lab.read("b", "f") == "round \(index)")
    }
  }

  @Test func `sync is silent when it has changed something, and says it with -v`() throws {
    let lab = try lab()
    try lab.write("a", "f", "changed")
    #expect(try lab.sync("a").silent)
    try lab.write("a", "f", "changed again")
    let told = try lab.sync("a", "-v")
    #expect((told.out + told.err).contains(lab.path("a", "f")), "\(told)")
  }

  @Test func `resolve needs to know what and how`() throws {
    let lab = try lab()
    try lab.write("a", "f", "from a")
    try lab.write("b", "f", "from b")
    try lab.settle(exits: 1)
    #expect(try lab.run("a", "resolve").status == 64)
    #expect(try lab.run("a", "resolve", lab.path("a", "f")).status == 64)
    #expect(try lab.run("a", "resolve", lab.path("a", "f"), "--host", "zz").status != 0)
    #expect(try lab.run("a", "resolve", lab.path("a", "f"), "--ours", "--delete").status == 64)
    try lab.expectConflict("f")
  }
}
