import Testing

/// `log`, `why` and `show`: who changed what, how it got here, and why a path is not in sync.
@Suite struct `The log` {
  @Test(arguments: Form.allCases)
  func `tells of each event who made it, what it did and how it came here`(form: Form) throws {
    let lab = try Lab()
    try lab.base(["f": "one"])
    if form == .alone { try lab.down("b") }
    try lab.down("c")
    try lab.write("b", "f", "longer")
    try lab.sync("b", exits: 2)
    try lab.down("b")
    try lab.up("c")
    try lab.meet("c", "a")
    let told = try lab.run("c", "log", lab.path("c", "f"))
    let lines = told.out.split(separator: "\n")
    #expect(told.status == 0 && lines.count == 2, "\(told)")
    #expect(lines.first?.hasPrefix("b.") == true, "\(told)")
    #expect(lines.first?.contains("edit 3 B → 6 B") == true, "\(told)")
    #expect(lines.first?.contains("via a ") == true, "\(told)")
    #expect(lines.last?.hasPrefix("a.") == true && told.out.contains("create 3 B"), "\(told)")
    let document = try lab.json("c", "log", lab.path("c", "f"), exits: 0)
    #expect(document["schema"].text == "concord.log/1")
    let event = document["events"].items.front
    #expect(event["deed"].text == "edit" && event["host"].text == "b", "\(event)")
    #expect(event["path"].text == lab.path("c", "f") && event["via"].text == "a", "\(event)")
    #expect(event["size_before"].number == 3 && event["size"].number == 6, "\(event)")
    #expect(event["user"].text?.isEmpty == false && event["time"].text != nil, "\(event)")
    #expect(event["also_on"].items.compactMap(\.text).contains("a"), "\(event)")
    #expect(event["replaced"].items.front.text == document["events"].items.last?["event"].text)
  }

  @Test func `of a command names the user who gave it, to a daemon too`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "one"])
    try lab.write("a", "f", "two")
    let words = lab.words("a", ["sync"], wrapper: ["env", "SUDO_USER=carol"])
    expect(try Child(words, scratch: lab.scratch).wait(), [0], at: #_sourceLocation)
    #expect(try lab.run("b", "log", lab.path("b", "f")).out.contains("by carol"))
  }

  @Test func `of everything has the newest events first, as many as were asked for`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "one", "g": "one"])
    try lab.remove("a", "g")
    try lab.sync("a")
    let lines = try lab.run("b", "log").out.split(separator: "\n")
    #expect(
      lines.filter { $0.contains("delete 3 B") && $0.hasSuffix(lab.path("b", "g")) }.count == 1)
    #expect(lines.count > 3, "\(lines)")
    #expect(try lab.run("b", "log", "-n", "2").out.split(separator: "\n").count == 2)
    #expect(try lab.run("b", "log", "-n", "0").status == 64)
    #expect(try lab.run("b", "log", lab.path("b", "nothing")).status == 66)
  }
}

@Suite struct `Why` {
  @Test func `a path is in sync, waits for a host, or is in no group`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "one"])
    try lab.settle()
    let fine = try lab.run("a", "why", lab.path("a", "f"))
    #expect(fine.status == 0 && fine.out.contains("in sync on every host"), "\(fine)")
    #expect(fine.out.contains("include %root%"), "\(fine)")
    try lab.down("b")
    try lab.write("a", "f", "two")
    let changed = try lab.run("a", "why", lab.path("a", "f"))
    #expect(changed.status == 2 && changed.out.contains("since the last scan"), "\(changed)")
    try lab.sync("a", exits: 2)
    let waits = try lab.run("a", "why", lab.path("a", "f"))
    #expect(waits.status == 2 && waits.out.contains("b does not have it yet"), "\(waits)")
    let document = try lab.json("a", "why", lab.path("a", "f"), exits: 2)
    #expect(document["schema"].text == "concord.why/1" && document["in_sync"].flag == false)
    #expect(document["groups"].items.front["hosts"].items.front["has_it"].flag == false)
    try lab.write("a", "new", "x")
    #expect(try lab.run("a", "why", lab.path("a", "new")).out.contains("not recorded yet"))
    let foreign = try lab.run("a", "why", "/etc/passwd")
    #expect(foreign.status == 66 && foreign.out.contains("no group"), "\(foreign)")
  }

  @Test func `a path is in conflict, and where the deleted content went`() throws {
    let lab = try Lab()
    try lab.base(["one": "base"])
    try lab.rename("a", "one", "two")
    try lab.write("b", "one", "edited")
    try lab.settle(exits: 1)
    let id = try lab.expectConflict("one", kind: "delete-edit")
    for host in lab.hosts {
      let why = try lab.run(host, "why", lab.path(host, "one"))
      #expect(why.status == 1 && why.out.contains(id), "\(why)")
      #expect(why.out.contains("content moved to \(lab.path(host, "two")) on a"), "\(why)")
      let shown = try lab.run(host, "conflicts", "show", id)
      #expect(shown.out.contains("content moved to \(lab.path(host, "two")) on a"), "\(shown)")
    }
    let record = try lab.json("c", "show", lab.path("c", "one"))["records"].items.front
    #expect(record["ancestor"]["size"].number == 4, "\(record)")
    let deeds = record["events"].items.compactMap { $0["deed"].text }
    #expect(Set(deeds) == ["create", "delete", "edit"], "\(record)")
  }

  @Test func `a deletion beside an edit that moved nothing gives no hint`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["one": "base", "copy": "base"])
    try lab.remove("b", "one")
    try lab.write("a", "one", "edited")
    try lab.settle(exits: 1)
    let why = try lab.run("a", "why", lab.path("a", "one"))
    #expect(why.status == 1 && !why.out.contains("moved"), "\(why)")
  }

  @Test func `two decisions of two people are a conflict of decisions, on every host`() throws {
    let lab = try Lab()
    try lab.base(["f": "base"])
    try lab.write("a", "f", "from a")
    try lab.write("b", "f", "from b")
    try lab.settle(exits: 1)
    try lab.resolve("a", lab.path("a", "f"), "--host", "a", exits: 0, 1, 2)
    try lab.resolve("b", lab.path("b", "f"), "--host", "b", exits: 0, 1, 2)
    try lab.settle(exits: 1)
    try lab.expectConflict("f", kind: "resolution")
  }
}
