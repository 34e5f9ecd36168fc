import Testing

/// `host retire`, and the host that comes back after all.
@Suite struct `Retiring` {
  /// c is down; a and b delete without it.
  private func deletedWithoutC() throws -> Lab {
    let lab = try Lab()
    try lab.base(["kept": "base", "gone": "base", "edited": "base"])
    try lab.settle()
    try lab.down("c")
    try lab.remove("a", "gone")
    try lab.remove("b", "edited")
    for host in ["a", "b", "a", "b"] { try lab.sync(host, exits: 2) }
    return lab
  }

  private func group(_ lab: Lab, _ host: String) throws -> JSON {
    try lab.status(host)["groups"].items.front
  }

  @Test(arguments: Form.allCases)
  func `lets the others go on as if the host had never been`(form: Form) throws {
    let lab = try deletedWithoutC()
    #expect(try group(lab, "a")["tombstones"].number == 2)
    let waiting = try group(lab, "a")["waiting_for"].items
    #expect(waiting.map { $0["name"].text } == ["c"], "\(waiting)")
    #expect(waiting.front["tombstones"].number == 2)
    if form == .alone { try lab.down("a") }
    expect(try lab.run("a", "host", "retire", "C", "--yes"), [0], at: #_sourceLocation)
    #expect(try lab.opinion("a", of: "c")["state"].text == "retired")
    #expect(try lab.sync("a", exits: 0).silent)
    #expect(try lab.opinion("b", of: "c")["state"].text == "retired", "b has heard of it")
    if form == .alone { try lab.up("a") }
    try lab.sync("b", exits: 0)
    #expect(try lab.run("b", "status").status == 0)
    for host in ["a", "b"] { #expect(try group(lab, host)["tombstones"].number == 0, "\(host)") }
    let list = try lab.json("b", "host", "list")["hosts"].items
    #expect(list.filter { $0["retired"].flag == true }.map { $0["name"].text } == ["c"])
  }

  @Test func `asks, and refuses without an answer, this host and strangers`() throws {
    let lab = try Lab(["a", "b", "c"])
    try lab.up("a", "b")
    try lab.sync("a", exits: 2)
    let unanswered = try lab.run("a", "host", "retire", "b")
    #expect(unanswered.status == 64)
    expectOneLine(unanswered, naming: "--yes")
    for (name, words) in [("a", "this host"), ("zz", "no group")] {
      let outcome = try lab.run("a", "host", "retire", name, "--yes")
      #expect(outcome.status == 64)
      expectOneLine(outcome, naming: words)
    }
    let unheard = try lab.run("a", "host", "retire", "c", "--yes")
    #expect(unheard.status == 66)
    expectOneLine(unheard, naming: "nothing was ever heard of it")
    #expect(try lab.opinion("a", of: "b")["state"].text == "in-sync")
  }

  @Test(arguments: Form.allCases)
  func `refuses the host that comes back, on both sides, and loses nothing`(form: Form) throws {
    let lab = try deletedWithoutC()
    expect(try lab.run("a", "host", "retire", "c", "--yes"), [0], at: #_sourceLocation)
    try lab.sync("a", exits: 0)
    try lab.write("c", "edited", "on c")
    try lab.write("c", "new", "made on c")
    let before = try lab.hosts.map { try lab.tree($0) }
    if form == .throughDaemon { try lab.up("c") }
    let back = try lab.run("c", "sync")
    #expect(back.status == 77, "\(back)")
    #expect(back.err.contains("this host was retired by a"), "\(back)")
    #expect(back.err.contains("concord host rejoin"), "\(back)")
    for (host, lines) in zip(lab.hosts, before) { #expect(try lab.tree(host) == lines, "\(host)") }
    #expect(try lab.opinion("c", of: "a")["state"].text == "refused")
    if form == .throughDaemon {
      let called = try lab.run("a", "sync", "--peer", "c")
      #expect(called.status == 77 && called.err.contains("it was retired by a"), "\(called)")
    }
    expect(try lab.run("c", "host", "rejoin"), [0], at: #_sourceLocation)
    try lab.sync("c")
    if form == .alone { try lab.up("c") }
    try lab.settle()
    try lab.expectEqualTrees()
    try lab.expectNoConflicts()
    #expect(!lab.exists("c", "gone") && !lab.exists("a", "gone"))
    #expect(try lab.contents("edited") == ["on c", "on c", "on c"])
    #expect(try lab.contents("new") == ["made on c", "made on c", "made on c"])
    #expect(try lab.opinion("a", of: "c")["state"].text == "in-sync")
  }

  @Test func `holds edits of both sides as a conflict after the return`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    try lab.down("b")
    expect(try lab.run("a", "host", "retire", "b", "--yes"), [0], at: #_sourceLocation)
    try lab.write("a", "f", "on a")
    try lab.sync("a")
    try lab.write("b", "f", "on b")
    expect(try lab.run("b", "host", "rejoin"), [0], at: #_sourceLocation)
    try lab.up("b")
    try lab.settle(exits: 1)
    #expect(try lab.contents("f") == ["on a", "on b"])
    try lab.expectConflict("f")
  }

  @Test func `is not needed for rejoin, which touches no file where all are equal`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base", "d/g": "base"])
    let before = try lab.sights("b").filter { $0.key != "." }
    expect(try lab.run("b", "host", "rejoin"), [0], at: #_sourceLocation)
    try lab.settle()
    #expect(try lab.sights("b").filter { $0.key != "." } == before)
    try lab.expectNoConflicts()
  }
}
