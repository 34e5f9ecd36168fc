import Testing

/// csync2's short options with csync2's meaning and csync2's exit codes.
@Suite struct `A short option` {
  private func lab() throws -> Lab {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base", "d/g": "base"])
    return lab
  }

  @Test(arguments: Form.allCases)
  func `-x looks for changes and brings them to the peers`(form: Form) throws {
    let lab = try lab()
    if form == .alone { try lab.down("a") }
    try lab.write("a", "f", "changed")
    try lab.remove("a", "d/g")
    let outcome = try lab.run("a", "-x")
    #expect(outcome.status == 0 && outcome.silent, "\(outcome)")
    try lab.expectEqualTrees()
    #expect(try lab.run("a", "-x").status == 0)
  }

  @Test func `-xv says what it does`() throws {
    let lab = try lab()
    try lab.write("a", "f", "changed")
    let outcome = try lab.run("a", "-xv")
    #expect(outcome.status == 0 && (outcome.out + outcome.err).contains("f"), "\(outcome)")
    #expect(!outcome.silent)
    #expect(try lab.read("b", "f") == "changed")
  }

  @Test(arguments: [["-xd"], ["-x", "-d"], ["-xvd"]])
  func `-d only says what would happen`(options: [String]) throws {
    let lab = try lab()
    try lab.write("a", "f", "changed")
    let before = try lab.hosts.map { try lab.sights($0) }
    let outcome = try lab.start("a", options).wait()
    #expect(outcome.out == "b\tupdate\t%root%/f\n", "\(outcome)")
    #expect(outcome.status == 0)
    for (host, sights) in zip(lab.hosts, before) { try lab.expectUntouched(host, since: sights) }
  }

  @Test func `-x ends with 1 when anything is amiss`() throws {
    let lab = try lab()
    try lab.write("a", "f", "from a")
    try lab.write("b", "f", "from b")
    #expect(try lab.run("a", "-x").status == 1)
    try lab.down("b")
    #expect(try lab.run("a", "-x").status == 1)
    #expect(try lab.contents("f") == ["from a", "from b"])
  }

  @Test func `-x with a path brings that path`() throws {
    let lab = try lab()
    try lab.write("a", "f", "changed")
    try lab.write("a", "d/g", "changed")
    #expect(try lab.run("a", "-x", lab.path("a", "f")).status == 0)
    #expect(try lab.contents("f") == ["changed", "changed"])
    #expect(try lab.contents("d/g") == ["changed", "base"])
    #expect(try lab.run("a", "-x").status == 0)
    #expect(try lab.contents("d/g") == ["changed", "changed"])
  }

  @Test func `-f makes this host's version win a conflict`() throws {
    let lab = try lab()
    try lab.write("a", "f", "from a")
    try lab.write("b", "f", "from b")
    #expect(try lab.run("a", "-x").status == 1)
    let force = try lab.run("a", "-f", lab.path("a", "f"))
    #expect(force.status == 0, "\(force)")
    #expect(try lab.run("a", "-x").status == 0)
    try lab.settle()
    #expect(try lab.contents("f") == ["from a", "from a"])
    try lab.expectNoConflicts()
  }

  @Test func `-f also wins against a peer that was not met since`() throws {
    let lab = try lab()
    try lab.down("b")
    try lab.write("a", "f", "from a")
    try lab.write("b", "f", "from b")
    _ = try lab.run("a", "-x")
    #expect(try lab.run("a", "-f", lab.path("a", "f")).status == 0)
    try lab.up("b")
    try lab.settle()
    #expect(try lab.contents("f") == ["from a", "from a"])
  }

  @Test func `-fr forces whole trees`() throws {
    let lab = try lab()
    for name in ["d/g", "d/h"] {
      try lab.write("a", Name(name), "from a")
      try lab.write("b", Name(name), "from b")
    }
    #expect(try lab.run("a", "-x").status == 1)
    #expect(try lab.run("b", "-f", "-r", lab.path("b", "d")).status == 0)
    try lab.settle()
    #expect(try lab.contents("d/g") == ["from b", "from b"])
    #expect(try lab.contents("d/h") == ["from b", "from b"])
  }

  @Test func `-T ends with 2 when all is equal and with 0 when it is not`() throws {
    let lab = try lab()
    #expect(try lab.run("a", "-T").status == 2)
    try lab.write("b", "f", "from b")
    let different = try lab.run("a", "-T")
    #expect(different.status == 0, "\(different)")
    #expect(different.out.contains("f"), "\(different)")
    #expect(try lab.contents("f") == ["base", "from b"])
    try lab.down("b")
    #expect(try lab.run("a", "-T").status == 1)
  }

  @Test func `-c and -cr find changes and send nothing`() throws {
    let lab = try lab()
    try lab.write("a", "f", "changed")
    let before = try lab.sights("b")
    #expect(try lab.run("a", "-cr", lab.root("a")).status == 0)
    #expect(try lab.run("a", "-c", lab.path("a", "f")).status == 0)
    #expect(try lab.run("a", "-c").status == 0)
    try lab.expectUntouched("b", since: before)
    #expect(try lab.run("a", "-x").status == 0)
    #expect(try lab.read("b", "f") == "changed")
  }

  @Test func `-k makes a key and never overwrites one`() throws {
    let lab = try Lab(["a"])
    let key = "\(lab.folder)/short.key"
    #expect(try Child([lab.binary, "-k", key], scratch: lab.scratch).wait().status == 0)
    #expect(Sight(key.utf8CString.map { $0 })?.mode == 0o600)
    #expect(try Child([lab.binary, "-k", key], scratch: lab.scratch).wait().status == 1)
  }

  @Test func `of a mode that does not exist, or of two modes, is a usage error`() throws {
    let lab = try Lab(["a", "b"])
    #expect(try lab.run("a", "-Z").status != 0)
    #expect(try lab.run("a", "-x", "-T").status != 0)
  }

  @Test func `that has nothing to change here is taken all the same`() throws {
    let lab = try lab()
    for words in [["-xAB"], ["-xr", "/"], ["-x", "-P", "B", "-G", "web"]] {
      let outcome = try lab.start("a", words).wait()
      #expect(outcome.status == 0 && outcome.silent, "\(outcome)")
    }
    #expect(try lab.run("a", "-T", "-G", "web").status == 2)
  }
}
