import Testing

/// One peer is wrong or away: one line says so, nothing is lost, the others are served.
@Suite struct `A peer` {
  /// Three equal hosts with a change on a; c is about to be trouble, b is well.
  private func lab() throws -> Lab {
    let lab = try Lab()
    try lab.base(["f": "base"])
    try lab.down()
    try lab.write("a", "f", "news")
    return lab
  }

  /// The sync on a serves b, says one line about c and leaves c's files alone.
  private func expectTrouble(
    _ lab: Lab, exits: [Int32], state: String, at place: SourceLocation = #_sourceLocation
  ) throws {
    let outcome = try lab.run("a", "sync")
    expect(outcome, exits, at: place)
    let lines = outcome.complaints.filter { $0.contains("127.0.0.1") || names("c", in: $0) }
    #expect(lines.count == 1 && outcome.complaints.count == 1, "\(outcome)", sourceLocation: place)
    #expect(try lab.contents("f") == ["news", "news", "base"], sourceLocation: place)
    #expect(try lab.opinion("a", of: "c")["state"].text == state, sourceLocation: place)
    #expect(try lab.opinion("a", of: "b")["state"].text == "in-sync", sourceLocation: place)
  }

  private func names(_ host: Substring, in line: String) -> Bool {
    line.split { !$0.isLetter && !$0.isNumber }.contains(host)
  }

  @Test func `that is down is named and gets the change when it is back`() throws {
    let lab = try lab()
    try lab.up("b")
    try expectTrouble(lab, exits: [2], state: "unreachable")
    try lab.up("c")
    try lab.sync("a")
    try lab.expectEqualTrees()
  }

  @Test func `that was never met is told apart from one that went away`() throws {
    let lab = try Lab(["a", "b"])
    try lab.write("a", "f", "text")
    try lab.sync("a", exits: 2)
    let state = try lab.opinion("a", of: "b")["state"].text
    #expect(["never-met", "unreachable"].contains(state))
    #expect(try lab.opinion("a", of: "b")["last_met"] == .null)
  }

  @Test(.tags(.long)) func `that accepts and says nothing is left after a while`() throws {
    let lab = try lab()
    try lab.up("b")
    let silent = try Listener(port: try lab.port("c").number)
    try expectTrouble(lab, exits: [2], state: "unreachable")
    silent.close()
    try lab.up("c")
    try lab.sync("a")
    try lab.expectEqualTrees()
  }

  @Test func `that closes at once is named`() throws {
    let lab = try lab()
    try lab.up("b")
    // Anything that is not this program: it answers with a line of text and closes.
    let port = try lab.port("c")
    let script = """
      import socket
      server = socket.socket()
      server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
      server.bind(("127.0.0.1", \(port.number)))
      server.listen()
      while True:
          client, _ = server.accept()
          client.sendall(b"220 mail.example ESMTP\\r\\n")
          client.close()
      """
    let stranger = try Child(["python3", "-c", script], scratch: lab.scratch)
    #expect(until(seconds: 30) { port.answers })
    let outcome = try lab.run("a", "sync")
    expect(outcome, [2, 76, 77], at: #_sourceLocation)
    #expect(outcome.complaints.count == 1, "\(outcome)")
    #expect(try lab.contents("f") == ["news", "news", "base"])
    stranger.signal(9)
  }

  @Test func `with another group key is refused and learns nothing`() throws {
    let lab = try lab()
    let key = "\(lab.folder)/other.key"
    #expect(try Child([lab.binary, "keygen", key], scratch: lab.scratch).wait().status == 0)
    try lab.put(try lab.configuration(key: key), in: "\(lab.folder)/other.cfg")
    lab.configurations["c"] = "\(lab.folder)/other.cfg"
    try lab.up("b", "c")
    try expectTrouble(lab, exits: [2, 77], state: "refused")
    let reverse = try lab.run("c", "sync")
    expect(reverse, [2, 77], at: #_sourceLocation)
    #expect(try lab.read("c", "f") == "base")
    lab.configurations["c"] = nil
    try lab.down("c")
    try lab.up("c")
    try lab.sync("a")
    try lab.expectEqualTrees()
  }

  @Test func `with another identity is refused until the operator accepts it`() throws {
    let lab = try lab()
    try lab.tool("sh", "-c", "find \"$1\" -name '*identity*' -delete", "sh", lab.state("c"))
    try lab.up("b", "c")
    try expectTrouble(lab, exits: [2, 77], state: "refused")
    #expect(try lab.run("a", "host", "accept", "c", "sha256:0000").status != 0)
    try lab.accept("a", "c")
    try lab.accept("b", "c")
    try lab.sync("a")
    try lab.expectEqualTrees()
  }

  @Test func `under another peer's name is refused`() throws {
    // The configuration of c points where b answers.
    let lab = try lab()
    let text = try lab.configuration()
    let (b, c) = (try lab.port("b").number, try lab.port("c").number)
    let wrong = text.replacing("c@127.0.0.1:\(c)", with: "c@127.0.0.1:\(b)")
    try lab.put(wrong, in: "\(lab.folder)/wrong.cfg")
    lab.configurations["a"] = "\(lab.folder)/wrong.cfg"
    try lab.up("b")
    let outcome = try lab.run("a", "sync")
    expect(outcome, [2, 77], at: #_sourceLocation)
    #expect(try lab.contents("f") == ["news", "news", "base"])
  }

  @Test func `that is not in the group of this host is refused`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    // To b, a does not exist; to a, b does.
    let alone = """
      prefix root { on *: \(lab.root("b")); }
      group web { host b@127.0.0.1:\(try lab.port("b").number) z; key \(lab.key); include %root%; }
      """
    try lab.put(alone, in: "\(lab.folder)/alone.cfg")
    lab.configurations["b"] = "\(lab.folder)/alone.cfg"
    try lab.down()
    try lab.up("b")
    try lab.write("a", "f", "news")
    let outcome = try lab.run("a", "sync")
    expect(outcome, [2, 77], at: #_sourceLocation)
    #expect(try lab.read("b", "f") == "base")
  }

  @Test func `can be left out, and one alone can be named`() throws {
    let lab = try lab()
    try lab.up("b")
    try lab.up("c")
    try lab.meet("a", "c", exits: 0, 2)
    #expect(try lab.contents("f") == ["news", "base", "news"])
    try lab.sync("a", "--group", "web")
    #expect(try lab.contents("f") == ["news", "news", "news"])
    #expect(try lab.run("a", "sync", "--peer", "nobody").status != 0)
    #expect(try lab.run("a", "sync", "--group", "nothing").status != 0)
  }
}
