import Testing

/// Rules that come and go: what they leave out is not changed by that anywhere.
@Suite struct `A rule that leaves files out` {
  private func rules(_ lab: Lab, _ statements: String, on host: String? = nil) throws {
    let text = try lab.configuration(more: statements)
    guard let host else { return try lab.put(text, in: lab.config) }
    lab.configurations[host] = "\(lab.folder)/\(host).cfg"
    try lab.put(text, in: "\(lab.folder)/\(host).cfg")
  }

  /// The same rules on all hosts from now on, and everybody has met everybody.
  private func change(
    _ lab: Lab, _ statements: String, exits: Int32 = 0,
    at place: SourceLocation = #_sourceLocation
  ) throws {
    try lab.down()
    try rules(lab, statements)
    try lab.up()
    try lab.settle(exits: exits, at: place)
  }

  private let out = "exclude *.log;"

  @Test func `deletes nothing and makes nothing, and neither do changes of what it leaves out`()
    throws
  {
    let lab = try Lab(["a", "b"])
    try lab.base(["x.log": "x", "y.log": "y", "z.log": "z"])
    let before = try lab.hosts.map { try lab.sights($0) }
    try change(lab, out)
    for (host, sights) in zip(lab.hosts, before) { try lab.expectUntouched(host, since: sights) }
    try lab.remove("a", "x.log")
    try lab.write("b", "y.log", "of b")
    try lab.write("a", "new.log", "of a")
    try lab.settle()
    try lab.expectNoConflicts()
    #expect(try lab.contents("x.log") == [nil, "x"])
    #expect(try lab.contents("y.log") == ["y", "of b"])
    #expect(try lab.contents("new.log") == ["of a", nil])
    #expect(try lab.sync("b").silent)
  }

  @Test func `and is taken back touches nothing that stayed equal`() throws {
    let lab = try Lab()
    try lab.base(["d/x.log": "x", "y.log": "y"])
    try lab.chmod("a", "y.log", 0o600)
    try lab.settle()
    try change(lab, out)
    for host in lab.hosts { try lab.write(host, "made.log", "alike on all") }
    let before = try lab.hosts.map { try lab.sights($0).filter { $0.key != "." } }
    try change(lab, "")
    try lab.expectNoConflicts()
    for (host, sights) in zip(lab.hosts, before) {
      // The root bears the mark of how far its host's numbers have gone.
      #expect(try lab.sights(host).filter { $0.key != "." } == sights, "\(host)")
    }
    try lab.write("c", "y.log", "edited again")
    try lab.settle()
    try lab.expectEqualTrees()
  }

  @Test func `and is taken back holds what became different and brings what only one host has`()
    throws
  {
    let lab = try Lab(["a", "b"])
    try lab.base(["edited.log": "base", "deleted.log": "base", "gone.log": "base"])
    try change(lab, out)
    try lab.write("b", "edited.log", "of b")
    try lab.remove("a", "deleted.log")
    for host in lab.hosts { try lab.remove(host, "gone.log") }
    try lab.write("a", "new.log", "of a")
    try change(lab, "", exits: 1)
    #expect(try lab.contents("edited.log") == ["base", "of b"])
    #expect(try lab.contents("deleted.log") == [nil, "base"])
    #expect(try lab.contents("gone.log") == [nil, nil])
    #expect(try lab.contents("new.log") == ["of a", "of a"])
    for host in lab.hosts {
      let open = try lab.conflicts(host).map { $0["path"].text ?? "" }
      #expect(open == [lab.path(host, "deleted.log"), lab.path(host, "edited.log")])
    }
  }

  @Test(arguments: [false, true])
  func `does not make peers believe that they knew what they were never told`(byPart: Bool) throws {
    let lab = try Lab()
    try lab.base([:])
    try lab.write("a", "only.log", "the only copy")
    expect(try lab.run("a", "scan"), [0], at: #_sourceLocation)
    try lab.down()
    try rules(lab, out)
    try lab.up()
    // Also where only a part was asked for while the rule stood.
    for host in lab.hosts + lab.hosts {
      let part = byPart ? [lab.path(host, "keep")] : []
      expect(try lab.start(host, ["sync"] + part).wait(), [0], at: #_sourceLocation)
    }
    try change(lab, "")
    // A host that comes anew makes all tell each other everything.
    try lab.down("c")
    try lab.forget("c", sparing: ["identity"])
    try lab.up("c")
    try lab.settle()
    for text in try lab.contents("only.log") { #expect(text == "the only copy") }
  }

  @Test func `ends what was open about it until it is taken back`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f.log": "base"])
    for host in lab.hosts { try lab.write(host, "f.log", "from \(host)") }
    try lab.settle(exits: 1)
    try change(lab, out)
    try lab.expectNoConflicts()
    try change(lab, "", exits: 1)
    try lab.expectConflict("f.log")
    #expect(try lab.contents("f.log") == ["from a", "from b"])
  }

  @Test func `on one host only refuses the group, names both, and deletes nothing`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["x.log": "x"])
    try lab.down("b")
    try rules(lab, out, on: "b")
    try lab.up("b")
    try lab.write("a", "f", "not sent now")
    try lab.remove("a", "x.log")
    for host in lab.hosts {
      let outcome = try lab.run(host, "sync")
      expect(outcome, [78], at: #_sourceLocation)
      expectOneLine(outcome, naming: "web", host == "a" ? "b" : "a", "configurations")
    }
    #expect(try lab.contents("f") == ["not sent now", nil])
    #expect(try lab.contents("x.log") == [nil, "x"])
    try lab.down("b")
    lab.configurations = [:]
    try lab.up("b")
    _ = try lab.run("a", "sync")
    #expect(try lab.read("b", "f") == "not sent now")
  }

  @Test func `may not be one of two for the same files with other hosts`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["sub/f": "base"])
    let again = """
      group other {
        host a@127.0.0.1:\(try lab.port("a").number);
        key \(lab.key);
        include %root%/sub;
      }

      """
    try lab.put(try lab.configuration() + again, in: lab.config)
    for command in ["config check", "sync", "scan"] {
      let outcome = try lab.start("a", command.split(separator: " ").map(String.init)).wait()
      expect(outcome, [78], at: #_sourceLocation)
      #expect(outcome.err.contains("`other`") && outcome.err.contains("`web`"), "\(outcome)")
    }
    #expect(try lab.contents("sub/f") == ["base", "base"])
  }
}
