import Testing

/// What csync2's users type in a certain order, to begin and to mend.
@Suite struct `A ritual of csync2's` {
  private let a = "a.lab"
  private let b = "b.lab"
  private let c = "c.lab"

  private func fresh() throws -> Lab {
    let lab = try Lab.csync2()
    for host in lab.hosts {
      try lab.write(host, "same", "equal everywhere")
      try lab.write(host, "F", "of \(host)")
      try lab.write(host, "own of \(host)", "x")
    }
    try lab.up()
    return lab
  }

  @Test func `-cIr on all hosts, then -TUXI on the master, makes all like the master`() throws {
    let lab = try fresh()
    for host in lab.hosts { try lab.csync2(host, "-cIr", "/", exits: 0) }
    let test = try lab.csync2(a, "-TUXI", exits: 0)
    #expect(test.out.contains("X\ta.lab\tb.lab\t%d%/F\n"))
    #expect(!test.out.contains("same"))
    #expect(try lab.contents("F") == ["of a.lab", "of b.lab", "of c.lab"], "nothing is sent yet")
    try lab.csync2(a, "-xv", exits: 0)
    for host in lab.hosts {
      #expect(try lab.read(host, "F") == "of a.lab")
      #expect(
        Set(try lab.sights(host).keys.map { "\($0)" }) == ["same", "F", "own\\x20of\\x20a.lab"])
    }
    try lab.cronRuns()
    for host in lab.hosts { try lab.csync2(host, "-T", exits: 2) }
    try lab.expectNoConflicts()
  }

  @Test func `-cIr on all hosts, then -x, joins what is equal and loses nothing`() throws {
    let lab = try fresh()
    for host in lab.hosts { try lab.csync2(host, "-cIr", "/", exits: 0) }
    for host in lab.hosts { try lab.csync2(host, "-x", exits: 1) }
    #expect(try lab.contents("F") == ["of a.lab", "of b.lab", "of c.lab"])
    try lab.expectConflict("F", kind: nil, versions: 3)
    for host in lab.hosts {
      for other in lab.hosts { #expect(lab.exists(host, "own of \(other)")) }
    }
    try lab.csync2(b, "-fr", "/", exits: 0)
    for _ in 0..<2 { for host in lab.hosts { _ = try lab.csync2(host, "-x") } }
    #expect(try lab.contents("F") == ["of b.lab", "of b.lab", "of b.lab"])
    try lab.cronRuns()
  }

  @Test func `-TI alone takes nothing away`() throws {
    let lab = try Lab.csync2()
    try lab.base(["F": "base"])
    try lab.write(b, "F", "newer")
    try lab.write(b, "only", "there")
    try lab.csync2(b, "-x", "-P", c, exits: 0)
    try lab.csync2(a, "-TI", exits: 0)
    try lab.csync2(a, "-u", exits: 0)
    try lab.cronRuns()
    #expect(try lab.contents("F") == ["base", "base", "base"])
    #expect(try lab.contents("only") == ["there", "there", "there"])
  }

  /// There, files that were deleted elsewhere come back by it.
  @Test func `-TUXI brings back what is here and deletes what is not`() throws {
    let lab = try Lab.csync2()
    try lab.base(["F": "base", "G": "base"])
    try lab.remove(b, "F")
    try lab.write(b, "made/there", "x")
    try lab.csync2(b, "-x", "-P", c, exits: 0)
    try lab.csync2(a, "-TUXI", a, b, exits: 0)
    try lab.csync2(a, "-x", exits: 0)
    try lab.cronRuns()
    #expect(try lab.contents("F") == ["base", "base", "base"])
    for host in lab.hosts { #expect(!lab.exists(host, "made/there") && !lab.exists(host, "made")) }
  }

  /// There, the change is forgotten: the hosts differ from then on.
  @Test func `-cI on a change of today is a conflict, and a deletion comes back`() throws {
    let lab = try Lab.csync2()
    try lab.base(["F": "base", "G": "base"])
    try lab.write(a, "F", "changed")
    try lab.remove(a, "G")
    try lab.csync2(a, "-cIr", "/", exits: 0)
    try lab.csync2(a, "-u", exits: 1)
    #expect(try lab.contents("F") == ["changed", "base", "base"])
    #expect(try lab.contents("G") == ["base", "base", "base"])
    try lab.expectConflict("F")
    try lab.csync2(a, "-f", lab.path(a, "F"), exits: 0)
    try lab.csync2(a, "-u", exits: 0)
    try lab.cronRuns()
    #expect(try lab.contents("F") == ["changed", "changed", "changed"])
  }

  @Test func `-m, -f and -u make one file win`() throws {
    let lab = try Lab.csync2()
    try lab.base(["F": "base"])
    try lab.write(a, "F", "from a")
    try lab.write(b, "F", "from b")
    try lab.csync2(a, "-x", exits: 1)
    for option in ["-m", "-f"] { try lab.csync2(a, option, lab.path(a, "F"), exits: 0) }
    try lab.csync2(a, "-u", lab.path(a, "F"), exits: 0)
    try lab.cronRuns()
    #expect(try lab.contents("F") == ["from a", "from a", "from a"])
    // There, status 0 and no word.
    try lab.csync2(a, "-f", lab.path(a, "not there"), exits: 1)
    try lab.csync2(a, "-m", lab.path(a, "not there"), exits: 1)
  }

  @Test(arguments: [["-xF"], ["-cFr", "/"]])
  func `-F lets the changes that are found win`(words: [String]) throws {
    let lab = try Lab.csync2()
    try lab.base(["F": "base"])
    try lab.write(a, "F", "from a")
    try lab.write(b, "F", "from b")
    let outcome = try lab.startCsync2(a, words).wait()
    #expect(outcome.status == 0, "\(outcome)")
    _ = try lab.csync2(a, "-u")
    try lab.cronRuns()
    #expect(try lab.contents("F") == ["from a", "from a", "from a"])
  }

  /// There, marks stay, and time stamps are really set on the peer.
  @Test(arguments: [["-xd"], ["-xdv"], ["-ud"], ["-cd", "/"], ["-xrd", "/"], ["-xFd"], ["-xId"]])
  func `-d changes nothing anywhere`(words: [String]) throws {
    let lab = try Lab.csync2()
    try lab.base(["F": "base", "G": "base"])
    try lab.write(a, "F", "changed")
    try lab.touch(a, "G", seconds: 1_000_000_000)
    try lab.write(b, "G", "from b")
    let before = try lab.hosts.map { try lab.sights($0) }
    let outcome = try lab.startCsync2(a, words).wait()
    #expect(outcome.status == 0, "\(outcome)")
    for (host, sights) in zip(lab.hosts, before) { try lab.expectUntouched(host, since: sights) }
    for host in lab.hosts { try lab.csync2(host, "-M", exits: 2) }
  }

  @Test func `-R lets go of what nothing needs, and calls nobody`() throws {
    let lab = try Lab.csync2()
    try lab.base(["F": "base", "G": "base"])
    try lab.remove(a, "G")
    try lab.cronRuns()
    try lab.csync2(a, "-h", lab.path(a, "F"), exits: 0)
    try lab.down()
    #expect(try lab.csync2(a, "-Rv", exits: 0).err.contains("0 errors"))
    try lab.csync2(a, "-H", exits: 0)
    #expect(try lab.status(a)["groups"].items.first?["tombstones"].number == 0)
  }
}
