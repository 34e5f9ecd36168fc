import Testing

/// Owners travel by name; each host numbers its users as it likes.
@Suite struct `An owner` {
  private func lab(_ hosts: [String] = ["a", "b", "c"]) throws -> Lab {
    let lab = try Lab(hosts)
    try lab.people("a", People(users: ["shop": 5001, "web": 5002]))
    try lab.people("b", People(users: ["shop": 6001, "web": 6002, "mail": 5001]))
    if hosts.contains("c") { try lab.people("c", People(users: ["web": 5001, "shop": 5002])) }
    return lab
  }

  @Test func `arrives by name on hosts that give the name another number`() throws {
    let lab = try lab()
    try lab.base([:])
    try lab.write("a", "f", "text")
    try lab.chown("a", "f", 5001, 5002)
    try lab.makeDirectory("a", "d", mode: 0o750)
    try lab.chown("a", "d", 5002, 5001)
    try lab.link("a", "l", to: "nowhere")
    try lab.chown("a", "l", 5001, 5001)
    try lab.settle()
    let owners = try lab.hosts.map { host in
      try ["f", "d", "l"].map { name in
        let sight = try #require(lab.sight(host, Name(name)))
        return [sight.user, sight.group]
      }
    }
    #expect(owners[0] == [[5001, 5002], [5002, 5001], [5001, 5001]])
    #expect(owners[1] == [[6001, 6002], [6002, 6001], [6001, 6001]])
    #expect(owners[2] == [[5002, 5001], [5001, 5002], [5002, 5002]])
  }

  @Test func `is no change on the host that maps it to another number`() throws {
    let lab = try lab()
    try lab.base([:])
    try lab.write("a", "f", "text")
    try lab.chown("a", "f", 5001, 5001)
    try lab.settle()
    let before = try lab.hosts.map { try lab.sights($0) }
    for host in lab.hosts.reversed() { #expect(try lab.sync(host).silent) }
    for (host, sights) in zip(lab.hosts, before) { try lab.expectUntouched(host, since: sights) }
  }

  @Test func `changed on another host changes by name everywhere and leaves the content`() throws {
    let lab = try lab()
    try lab.base(["f": "text"])
    try lab.chown("b", "f", 6001, 0)
    try lab.settle()
    #expect(lab.sight("a", "f")?.user == 5001)
    #expect(lab.sight("c", "f")?.user == 5002)
    #expect(lab.sight("c", "f")?.group == 0)
    #expect(try lab.contents("f") == ["text", "text", "text"])
  }

  @Test func `that is number 0 stays 0 whatever its name is`() throws {
    let lab = try Lab(["a", "b"])
    try lab.people("a", People(users: ["shop": 5001]))
    try lab.people("b", People(users: ["root": 6000, "shop": 6001], root: "toor"))
    try lab.base(["f": "root's"])
    #expect(lab.sight("b", "f")?.user == 0)
    #expect(lab.sight("b", "f")?.group == 0)
    try lab.chown("b", "f", 6001, 0)
    try lab.settle()
    try lab.chown("b", "f", 0, 0)
    try lab.settle()
    #expect(lab.sight("a", "f")?.user == 0)
  }

  @Test(arguments: Form.allCases)
  func `unknown on one host is held there, passed on, and applied when the user comes`(form: Form)
    throws
  {
    let lab = try lab()
    try lab.people("b", People(users: ["web": 6002]))
    try lab.base([:])
    try lab.write("a", "f", "text", mode: 0o640)
    try lab.chown("a", "f", 5001, 5002)
    // From a to b only, then from b to c: what b cannot show it still hands on.
    try lab.down("c")
    _ = try lab.run("a", "sync")
    #expect(try lab.read("b", "f") == "text")
    #expect(lab.sight("b", "f")?.group == 6002)
    #expect(try lab.held("b") == [lab.path("b", "f")])
    let entry = try lab.status("b")["held"].items.front
    #expect(entry["what"].text?.isEmpty == false && entry["why"].text?.contains("shop") == true)
    try lab.down("a")
    try lab.up("c")
    _ = try lab.run("c", "sync")
    #expect(lab.sight("c", "f")?.user == 5002)
    try lab.up("a")

    for host in lab.hosts { _ = try lab.run(host, "sync") }
    #expect(lab.sight("a", "f")?.user == 5001)
    #expect(lab.sight("c", "f")?.user == 5002)
    try lab.expectNoConflicts()

    let before = [try lab.sights("a"), try lab.sights("c")]
    try lab.addUser("b", "shop", 6001)
    if form == .alone { try lab.down("b") }
    try lab.sync("b")
    if form == .alone { try lab.up("b") }
    #expect(lab.sight("b", "f")?.user == 6001)
    #expect(lab.sight("b", "f")?.mode == 0o640)
    #expect(try lab.held("b").isEmpty)
    try lab.settle()
    try lab.expectUntouched("a", since: before[0])
    try lab.expectUntouched("c", since: before[1])
  }

  @Test func `held on a host does not stand in the way of an edit made there`() throws {
    let lab = try lab(["a", "b"])
    try lab.people("b", People(users: ["web": 6002]))
    try lab.base([:])
    try lab.write("a", "f", "text")
    try lab.chown("a", "f", 5001, 5001)
    _ = try lab.run("a", "sync")
    try lab.write("b", "f", "edited on b")
    _ = try lab.run("b", "sync")
    #expect(try lab.read("a", "f") == "edited on b")
    #expect(lab.sight("a", "f")?.user == 5001)
  }

  @Test func `held and then changed on the host that held it is a change`() throws {
    let lab = try lab(["a", "b"])
    try lab.people("b", People(users: ["web": 6002]))
    try lab.base([:])
    try lab.write("a", "f", "text")
    try lab.chown("a", "f", 5001, 5001)
    _ = try lab.run("a", "sync")
    try lab.chown("b", "f", 6002, 6002)
    try lab.sync("b")
    #expect(lab.sight("a", "f")?.user == 5002)
    #expect(try lab.held("b").isEmpty)
  }

  @Test func `without a name never becomes a user who happens to have the number`() throws {
    let lab = try Lab(["a", "b"])
    try lab.people("a", People(users: ["shop": 5001]))
    try lab.people("b", People(users: ["shop": 6001, "other": 60001]))
    try lab.base([:])
    try lab.write("a", "f", "text", mode: 0o600)
    try lab.chown("a", "f", 60001, 60001)
    for host in ["a", "b", "a", "b"] { _ = try lab.run(host, "sync") }
    #expect(lab.sight("a", "f")?.user == 60001)
    #expect(lab.sight("b", "f")?.user != 60001)
    let last = try lab.run("a", "sync")
    let told = try lab.held("b") + lab.held("a")
    #expect(!told.isEmpty || last.status != 0, "nobody says what became of it")
    try lab.expectNoConflicts()
  }
}
