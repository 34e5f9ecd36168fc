import Testing

/// Hosts in parentheses: c takes what a and b make, and keeps what it changes to itself.
@Suite struct `A receive-only host` {
  private func lab(_ files: KeyValuePairs<Name, String>) throws -> Lab {
    let lab = try Lab()
    try lab.put(try lab.configuration(receiving: ["c"]), in: lab.config)
    try lab.base(files)
    return lab
  }

  /// What c says that it has alone: `new /path`.
  private func local(_ lab: Lab) throws -> [String] {
    try lab.status("c")["local_only"].items.map {
      "\($0["what"].text ?? "") \($0["path"].text ?? "")"
    }
  }

  private func reconfigure(_ lab: Lab, receiving: Set<String>) throws {
    try lab.down()
    try lab.put(try lab.configuration(receiving: receiving), in: lab.config)
    try lab.up()
  }

  @Test(arguments: Form.allCases)
  func `keeps a file of its own, and no status is other than 0`(form: Form) throws {
    let lab = try lab(["f": "base"])
    if form == .alone { try lab.down("c") }
    try lab.write("c", "NEW", "new")
    #expect(try lab.sync("c").silent)
    if form == .alone { try lab.up("c") }
    try lab.settle()
    #expect(try lab.contents("NEW") == [nil, nil, "new"])
    #expect(try local(lab) == ["new \(lab.path("c", "NEW"))"])
    for host in lab.hosts { expect(try lab.run(host, "status"), [0], at: #_sourceLocation) }
    #expect(try lab.opinion("a", of: "c")["state"].text == "in-sync")
    #expect(try lab.opinion("c", of: "a")["state"].text == "in-sync")
    let screen = try lab.run("c", "status").out
    #expect(screen.contains("local-only") && screen.contains("made on this host alone"))
    #expect(screen.contains("concord resolve \(lab.path("c", "NEW")) --theirs"))
    #expect(try lab.run("c", "why", lab.path("c", "NEW")).out.contains("on this host alone"))
    #expect(try lab.run("c", "doctor").out.contains("1 paths were changed on this host alone"))
  }

  @Test(arguments: Form.allCases)
  func `keeps its change, whatever others do with the path`(form: Form) throws {
    let lab = try lab(["edit": "base", "delete": "base", "gone": "base", "mode": "base"])
    if form == .alone { try lab.down("c") }
    for name in ["edit", "delete"] as [Name] { try lab.write("c", name, "on c") }
    try lab.remove("c", "gone")
    try lab.chmod("c", "mode", 0o600)
    for name in ["edit", "gone", "mode"] as [Name] { try lab.write("a", name, "on a") }
    try lab.remove("a", "delete")
    // What c does not take it cannot pass on: b may have to wait for a.
    try lab.sync("c", exits: 0, 2)
    if form == .alone { try lab.up("c") }
    try lab.settle()
    #expect(try lab.contents("edit") == ["on a", "on a", "on c"])
    #expect(try lab.contents("delete") == [nil, nil, "on c"])
    #expect(try lab.contents("gone") == ["on a", "on a", nil])
    #expect(try lab.contents("mode") == ["on a", "on a", "base"])
    #expect(
      try local(lab) == [
        "changed \(lab.path("c", "delete"))", "changed \(lab.path("c", "edit"))",
        "deleted \(lab.path("c", "gone"))", "changed \(lab.path("c", "mode"))",
      ])
    try lab.expectNoConflicts()
    expect(try lab.run("c", "status"), [0], at: #_sourceLocation)
  }

  @Test func `keeps the directory of a file of its own`() throws {
    let lab = try lab(["d/x": "base"])
    try lab.write("c", "d/own", "on c")
    try lab.remove("a", "d")
    try lab.settle()
    #expect(try lab.contents("d/own") == [nil, nil, "on c"])
    #expect(!lab.exists("c", "d/x") && !lab.exists("b", "d"))
    expect(
      try lab.run("c", "resolve", lab.path("c", "d/own"), "--theirs"), [0], at: #_sourceLocation)
    try lab.settle()
    #expect(!lab.exists("c", "d"))
  }

  @Test func `asks about no deletions, and makes none`() throws {
    let lab = try lab(["f": "base"])
    for number in 0..<70 { try lab.write("a", Name("many/\(number)"), "\(number)") }
    try lab.settle()
    try lab.remove("c", "many")
    try lab.sync("c")
    try lab.settle()
    #expect(try lab.read("a", "many/7") == "7" && !lab.exists("c", "many"))
    #expect(try local(lab).count == 71)
    expect(
      try lab.run("c", "resolve", lab.path("c", "many"), "--theirs"), [0], at: #_sourceLocation)
    try lab.settle()
    try lab.expectEqualTrees()
    #expect(try local(lab).isEmpty)
  }

  @Test(arguments: Form.allCases)
  func `gives a change up for the group's version, and for nothing else`(form: Form) throws {
    let lab = try lab(["f": "base", "gone": "base"])
    if form == .alone { try lab.down("c") }
    try lab.write("c", "f", "on c")
    try lab.write("c", "NEW", "on c")
    try lab.remove("c", "gone")
    try lab.sync("c")
    let (f, new) = (lab.path("c", "f"), lab.path("c", "NEW"))
    for verb in ["--ours", "--delete", "--merge"] {
      let outcome = try lab.run("c", "resolve", f, verb)
      #expect(outcome.status == 77, "\(outcome)")
      expectOneLine(outcome, naming: "this host only receives in group web")
    }
    let forced = try lab.run("c", "force", f)
    #expect(forced.status == 77, "\(forced)")
    expectOneLine(forced, naming: "this host only receives in group web")
    #expect(try lab.read("c", "f") == "on c")
    expect(
      try lab.run("c", "resolve", f, new, lab.path("c", "gone"), "--theirs"), [0],
      at: #_sourceLocation)
    if form == .alone { try lab.up("c") }
    try lab.settle()
    #expect(try lab.contents("f") == ["base", "base", "base"])
    #expect(try lab.contents("gone") == ["base", "base", "base"])
    #expect(try lab.contents("NEW") == [nil, nil, nil])
    #expect(try local(lab).isEmpty)
  }

  @Test func `shows a conflict of others and settles none`() throws {
    let lab = try lab(["f": "base"])
    try lab.down("b")
    try lab.write("a", "f", "on a")
    try lab.write("b", "f", "on b")
    try lab.sync("a", exits: 2)
    try lab.up("b")
    try lab.settle(exits: 1)
    let id = try lab.expectConflict("f")
    for arguments in [
      [id, "--ours"], [id, "--host", "a"], ["--all", "--rule", "host:a", "--yes"],
    ] {
      let outcome = try lab.start("c", ["resolve"] + arguments).wait()
      #expect(outcome.status == 77, "\(outcome)")
      expectOneLine(outcome, naming: "this host only receives in group web")
    }
    try lab.resolve("a", id, "--ours")
    try lab.settle()
    #expect(try lab.contents("f") == ["on a", "on a", "on a"])
  }

  @Test func `passes on what others made while they are away`() throws {
    let lab = try lab(["f": "base"])
    try lab.down("b")
    try lab.write("a", "f", "on a")
    try lab.sync("a", exits: 2)
    try lab.down("a")
    try lab.up("b")
    try lab.meet("b", "c")
    #expect(try lab.contents("f") == ["on a", "on a", "on a"])
  }

  @Test func `is waited for, compared, and forgets deletions as others do`() throws {
    let lab = try lab(["f": "base", "gone": "base"])
    try lab.write("c", "NEW", "on c")
    try lab.write("c", "f", "on c")
    try lab.remove("a", "gone")
    expect(
      try lab.run("a", "wait", "--hosts", "all", "--timeout", "60"), [0], at: #_sourceLocation)
    try lab.settle()
    try lab.settle()
    for host in lab.hosts {
      let group = try lab.status(host)["groups"].items.front
      #expect(group["tombstones"].number == 0, "\(host)")
      #expect(group["pending"].number == 0, "\(host)")
    }
    let found = try lab.run("c", "verify", "--peer", "a")
    #expect(found.status == 2)
    #expect(
      found.out == "L\tc\ta\t\(lab.path("c", "NEW"))\nX\tc\ta\t\(lab.path("c", "f"))\n", "\(found)")
    #expect(try lab.run("a", "verify", "--peer", "b").status == 0)
  }

  @Test func `keeps what it had not told, when it is taken into parentheses`() throws {
    let lab = try Lab()
    try lab.base(["f": "base"])
    try lab.down()
    try lab.write("c", "f", "on c")
    try lab.write("c", "NEW", "on c")
    expect(try lab.run("c", "scan"), [0], at: #_sourceLocation)
    try lab.put(try lab.configuration(receiving: ["c"]), in: lab.config)
    try lab.up()
    try lab.settle()
    #expect(try lab.contents("f") == ["base", "base", "on c"])
    #expect(try lab.contents("NEW") == [nil, nil, "on c"])
    #expect(
      try local(lab) == ["new \(lab.path("c", "NEW"))", "changed \(lab.path("c", "f"))"])
  }

  @Test func `leaves it to full members to pass on what it made before`() throws {
    let lab = try Lab()
    try lab.base(["f": "base"])
    try lab.down("b")
    try lab.write("c", "f", "on c")
    try lab.sync("c", exits: 2)
    try lab.down()
    try lab.put(try lab.configuration(receiving: ["c"]), in: lab.config)
    try lab.up("b", "c")
    for (host, peer) in [("c", "b"), ("b", "c")] {
      let outcome = try lab.meet(host, peer, exits: 2)
      expectOneLine(outcome, naming: "which hosts wrote that only receive by now")
    }
    #expect(try lab.contents("f") == ["on c", "base", "on c"])
    try lab.up("a")
    try lab.meet("a", "b")
    try lab.settle()
    #expect(try lab.contents("f") == ["on c", "on c", "on c"])
    try lab.expectNoConflicts()
  }

  @Test func `spreads what it has, when it is taken out of them`() throws {
    let lab = try lab(["f": "base", "both": "base", "gone": "base"])
    try lab.write("c", "f", "on c")
    try lab.write("c", "both", "on c")
    try lab.write("c", "NEW", "on c")
    try lab.remove("c", "gone")
    try lab.write("a", "both", "on a")
    try lab.settle()
    try reconfigure(lab, receiving: [])
    for host in lab.hosts { _ = try lab.run(host, "sync") }
    try lab.settle(exits: 1)
    #expect(try lab.contents("f") == ["on c", "on c", "on c"])
    #expect(try lab.contents("NEW") == ["on c", "on c", "on c"])
    #expect(try lab.contents("gone") == [nil, nil, nil])
    #expect(try lab.contents("both") == ["on a", "on a", "on c"])
    try lab.expectConflict("both")
    #expect(try local(lab).isEmpty)
  }
}
