import Testing

/// The JSON documents: a script may rely on each of these keys.
@Suite struct `A JSON document` {
  private func conflicting() throws -> Lab {
    let lab = try Lab()
    try lab.base(["f": "base", "g": "base"])
    try lab.write("a", "f", "from a")
    try lab.write("b", "f", "from b")
    try lab.settle(exits: 1)
    return lab
  }

  private func expectKeys(
    _ value: JSON, _ keys: Set<String>, at place: SourceLocation = #_sourceLocation
  ) {
    #expect(
      keys.subtracting(value.keys).isEmpty, "\(keys.subtracting(value.keys)) missing in \(value)",
      sourceLocation: place)
    for key in value.keys {
      #expect(
        key.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "_" }, "\(key)",
        sourceLocation: place)
    }
  }

  @Test(arguments: Form.allCases)
  func `of a sync tells of each peer`(form: Form) throws {
    let lab = try Lab()
    try lab.base(["f": "base", "gone": "x"])
    try lab.write("a", "f", "changed")
    try lab.write("b", "g", "new on b")
    try lab.remove("a", "gone")
    try lab.down("c")
    if form == .alone { try lab.down("a") }
    let document = try lab.json("a", "sync", exits: 2)
    expectKeys(document, ["schema", "host", "peers", "problems"])
    #expect(document["schema"].text == "concord.sync/1")
    #expect(document["host"].text == "a")
    let peers = document["peers"].items
    #expect(Set(peers.compactMap { $0["name"].text }) == ["b", "c"])
    for peer in peers {
      expectKeys(
        peer,
        [
          "name", "ok", "sent", "received", "deleted", "conflicts", "bytes_out", "bytes_in",
          "seconds", "problem",
        ])
    }
    let b = try #require(peers.first { $0["name"].text == "b" })
    #expect(b["ok"].flag == true && b["problem"] == .null, "\(b)")
    #expect(b["received"].number == 1 && (b["sent"].number ?? 0) >= 1, "\(b)")
    #expect(b["conflicts"].number == 0)
    let c = try #require(peers.first { $0["name"].text == "c" })
    #expect(c["ok"].flag == false && c["problem"].text?.isEmpty == false, "\(c)")
  }

  @Test func `of the conflicts tells of each version`() throws {
    let lab = try conflicting()
    let document = try lab.json("c", "conflicts", exits: 1)
    expectKeys(document, ["schema", "host", "conflicts"])
    #expect(document["schema"].text == "concord.conflicts/1")
    #expect(document["host"].text == "c")
    let conflict = try #require(document["conflicts"].items.first)
    expectKeys(conflict, ["id", "group", "path", "kind", "fields", "since", "versions"])
    #expect(conflict["group"].text == "web")
    #expect(conflict["path"].text == lab.path("c", "f"))
    for version in conflict["versions"].items {
      expectKeys(
        version,
        [
          "label", "hosts", "dot", "vector", "hash", "size", "mode", "owner", "group", "acl",
          "mtime", "live_here",
        ])
      #expect(version["owner"].text == "root" && version["group"].text == "root", "\(version)")
    }
  }

  @Test func `of the status tells of groups and hosts`() throws {
    let lab = try conflicting()
    try lab.down("c")
    let last = try lab.run("a", "sync")
    #expect(last.status == 2, "the higher of 1 and 2: \(last)")
    let document = try lab.status("a")
    expectKeys(document, ["schema", "host", "groups", "held", "actions", "problems"])
    let group = try #require(document["groups"].items.first)
    expectKeys(group, ["name", "files", "conflicts", "hosts"])
    #expect(group["name"].text == "web")
    #expect(group["conflicts"].number == 1)
    #expect(group["files"].number == 4, "three files and their directory")
    for host in group["hosts"].items {
      expectKeys(host, ["name", "state", "behind", "last_met", "problem"])
    }
    #expect(try lab.opinion("a", of: "c")["state"].text == "unreachable")
  }

  @Test func `counts what a peer lacks`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    try lab.down("b")
    for index in 0..<3 { try lab.write("a", Name("n\(index)"), "new") }
    try lab.sync("a", exits: 2)
    let opinion = try lab.opinion("a", of: "b")
    #expect((opinion["behind"].number ?? 0) >= 3, "\(opinion)")
    try lab.up("b")
    try lab.sync("a")
    let later = try lab.opinion("a", of: "b")
    #expect(later["state"].text == "in-sync" && later["behind"].number == 0, "\(later)")
  }

  @Test(arguments: [
    "sync", "status", "conflicts", "verify", "scan", "config show", "host list", "host fingerprint",
  ])
  func `comes from --json as from --format json, alone on standard output`(command: String) throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    let words = command.split(separator: " ").map(String.init)
    let one = try JSON(try lab.start("a", words + ["--json"]).wait().stdout)
    let other = try JSON(try lab.start("a", words + ["--format", "json"]).wait().stdout)
    #expect(one.keys == other.keys)
    let schema = try #require(one["schema"].text)
    #expect(schema.hasPrefix("concord.\(words[0])") && schema.hasSuffix("/1"), "\(schema)")
  }

  @Test func `of one path shows its record`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    let document = try lab.json("b", "show", lab.path("b", "f"), exits: 0)
    #expect(document["schema"].text == "concord.show/1")
    #expect(document["path"].text == lab.path("b", "f"))
    #expect(try lab.run("b", "show", lab.path("b", "nothing")).status != 0)
  }
}
