import Testing

extension Lab {
  /// Hosts whose group has these statements as well.
  convenience init(_ hosts: [String] = ["a", "b"], saying statements: String) throws {
    try self.init(hosts)
    try put(try configuration(more: statements), in: config)
  }
}

/// What a group says about attributes, deletions and kinds of objects.
@Suite struct `A group that` {
  @Test func `ignores owner and mode leaves them as they are on each host`() throws {
    let lab = try Lab(saying: "ignore uid gid mod;")
    try lab.up()
    try lab.write("a", "run", "#!/bin/sh\n", mode: 0o755)
    try lab.chown("a", "run", 5001, 5001)
    try lab.sync("a")
    #expect(lab.sight("b", "run")?.mode == 0o600)
    #expect(lab.sight("b", "run")?.user == 0)
    try lab.chmod("b", "run", 0o750)
    #expect(try lab.sync("b").silent)
    try lab.write("a", "run", "#!/bin/sh\ntrue\n", mode: 0o755)
    try lab.settle()
    #expect(try lab.contents("run") == ["#!/bin/sh\ntrue\n", "#!/bin/sh\ntrue\n"])
    #expect(lab.sight("b", "run")?.mode == 0o750)
    #expect(lab.sight("a", "run")?.user == 5001)
    #expect(try lab.run("a", "verify").status == 0)
  }

  @Test func `sets the numbers of unknown owners, until the name is known`() throws {
    let lab = try Lab(saying: "unknown-owner numeric;")
    try lab.people("a", People(users: ["shop": 5001]))
    try lab.people("b", People(users: ["mail": 5002]))
    try lab.base([:])
    try lab.write("a", "f", "text")
    try lab.chown("a", "f", 5001, 5001)
    try lab.settle()
    #expect(lab.sight("b", "f")?.user == 5001)
    #expect(try lab.held("b").count == 2)
    try lab.addUser("b", "shop", 6001)
    try lab.settle()
    #expect(lab.sight("b", "f")?.user == 6001)
    #expect(lab.sight("a", "f")?.user == 5001)
    #expect(try lab.held("b") == [])
  }

  @Test func `maps unknown owners makes no event of it`() throws {
    let lab = try Lab(saying: "unknown-owner map mail;")
    try lab.people("a", People(users: ["shop": 5001]))
    try lab.people("b", People(users: ["mail": 5002]))
    try lab.base([:])
    try lab.write("a", "f", "text")
    try lab.chown("a", "f", 5001, 5001)
    try lab.settle()
    #expect(lab.sight("b", "f")?.user == 5002)
    #expect(lab.sight("a", "f")?.user == 5001)
    try lab.addUser("b", "shop", 6001)
    try lab.settle()
    #expect(lab.sight("b", "f")?.user == 6001)
  }

  @Test func `takes no deletions on one host says what is kept there`() throws {
    let lab = try Lab(saying: "no-delete b;")
    try lab.base(["d/f": "text", "g": "text"])
    try lab.remove("a", "d")
    try lab.settle()
    #expect(try lab.contents("d/f") == [nil, "text"])
    #expect(try lab.status("b")["groups"].items.first?["kept"].number == 2)
    #expect(try lab.run("b", "status").out.contains("2 kept against a deletion"))
    #expect(try lab.run("b", "why", lab.path("b", "d/f")).out.contains("takes no deletions"))
    #expect(try lab.run("b", "verify").status == 0)
    #expect(try lab.sync("b").silent)
    try lab.write("b", "d/f", "edited")
    try lab.settle()
    #expect(try lab.contents("d/f") == ["edited", "edited"])
  }

  @Test func `sets a limit to deletions is asked about more, in its own words`() throws {
    let lab = try Lab(saying: "max-delete 1;")
    try lab.base(["f": "1", "g": "2", "h": "3"])
    try lab.remove("a", "f")
    try lab.sync("a")
    #expect(!lab.exists("b", "f"))
    for name in ["g", "h"] { try lab.remove("a", Name(name)) }
    let told = try lab.run("a", "sync")
    #expect(told.status != 0)
    #expect(told.err.contains("more than max-delete 1 of group web, "), "\(told)")
    #expect(told.err.contains("concord.cfg:2:1 lets go unasked"), "\(told)")
    #expect(lab.exists("b", "g"))
    _ = try lab.run("a", "sync", "--yes")
    #expect(!lab.exists("b", "g"))
  }

  @Test func `takes set-id bits and devices makes both`() throws {
    let lab = try Lab(saying: "setid yes; devices yes;")
    try lab.base([:])
    try lab.write("a", "tool", "#!/bin/sh\n", mode: 0o4755)
    try lab.tool("mknod", lab.path("a", "null"), "c", "1", "3")
    try lab.settle()
    #expect(lab.sight("b", "tool")?.mode == 0o4755)
    #expect(try lab.tool("stat", "-c", "%t:%T", lab.path("b", "null")) == "1:3\n")
    let log = try lab.run("b", "log", lab.path("b", "null")).out
    #expect(log.contains("character device 1:3"), "\(log)")
    try lab.remove("b", "null")
    try lab.settle()
    #expect(!lab.exists("a", "null"))
    #expect(try lab.held("b") == [])
  }

  @Test func `crosses mounts syncs what is on them, and takes no unmounting for a deletion`() throws
  {
    let lab = try Lab(saying: "cross-mounts yes;")
    try lab.base(["m/.keep": ""])
    let mount = lab.path("b", "m")
    try lab.tool("mount", "-t", "tmpfs", "none", mount)
    lab.mounts.append(mount)
    try lab.write("b", "m/.keep", "")
    try lab.settle()
    try lab.write("a", "m/f", "from a")
    try lab.write("b", "m/g", "from b")
    try lab.settle()
    #expect(try lab.contents("m/f") == ["from a", "from a"])
    #expect(try lab.contents("m/g") == ["from b", "from b"])
    #expect(try lab.tool("ls", "-A", mount) == ".keep\nf\ng\n")
    try lab.down("b")
    try lab.tool("umount", mount)
    let told = try lab.run("b", "sync")
    #expect(told.err.contains("nothing is mounted at \(mount) any more; mount it"), "\(told)")
    #expect(try lab.read("a", "m/f") == "from a")
  }

  @Test func `compares more than it syncs is told what differs there`() throws {
    let lab = try Lab(saying: "exclude %root%/log; compare %root%/log;")
    try lab.base(["f": "text"])
    try lab.write("a", "log/x", "of a")
    try lab.write("b", "log/x", "of b")
    try lab.write("a", "log/y", "alike")
    try lab.write("b", "log/y", "alike")
    try lab.settle()
    #expect(try lab.contents("log/x") == ["of a", "of b"])
    let told = try lab.run("a", "verify", lab.path("a", "log"))
    #expect(told.status == 2, "\(told)")
    #expect(told.out == "X\ta\tb\t\(lab.path("a", "log/x"))\n")
    #expect(try lab.run("a", "verify", lab.path("a", "f")).status == 0)
    #expect(try lab.sync("a").silent)
    #expect(try lab.contents("log/x") == ["of a", "of b"])
  }
}
