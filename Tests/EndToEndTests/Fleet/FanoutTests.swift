import Testing

/// Hosts that meet a few, and these go on to others.
@Suite struct `A fleet with a fanout` {
  private let hosts = ["a", "b", "c", "d", "e", "f", "g", "h"]

  @Test func `hears of one host's edits through the daemons`() throws {
    let lab = try Lab(hosts, saying: "fanout 2;")
    try lab.up()
    try lab.write("a", "f", "first")
    let told = try lab.run("a", "sync", "--json").out
    #expect(told.split(separator: "\"name\"").count - 1 == 2, "two were met: \(told)")
    #expect(try until(seconds: 60) { try lab.contents("f").allSatisfy { $0 == "first" } })
    try lab.write("g", "f", "second")
    try lab.sync("g")
    #expect(try until(seconds: 60) { try lab.contents("f").allSatisfy { $0 == "second" } })
    try lab.expectNoConflicts()
  }

  @Test func `goes around hosts that are down, and they hear of it later`() throws {
    let lab = try Lab(hosts, saying: "fanout 2;")
    let down = ["g", "h"]
    for host in hosts where !down.contains(host) { try lab.up(host) }
    try lab.write("a", "f", "text")
    // With eight hosts `a` meets `g` and `h`.
    try lab.sync("a", exits: 2)
    #expect(
      try until(seconds: 60) {
        try hosts.allSatisfy { try down.contains($0) || lab.read($0, "f") == "text" }
      })
    try lab.up("g", "h")
    for host in down { try lab.sync(host) }
    #expect(try lab.contents("f").allSatisfy { $0 == "text" })
  }

  @Test func `meets whom it is told to`() throws {
    let lab = try Lab(hosts, saying: "fanout 1;")
    try lab.up("d")
    try lab.write("a", "f", "text")
    try lab.sync("a", "--peer", "d")
    #expect(try lab.read("d", "f") == "text")
  }
}

/// A host that takes connections and never says a word.
@Suite struct `A host that does not answer` {
  @Test func `keeps nothing from the others`() throws {
    let lab = try Lab(["a", "b", "c", "d"])
    try lab.up("b", "c")
    let hole = try Listener(port: try lab.port("d").number)
    try lab.write("b", "f", "of b")
    // As long as the test lasts, `a` waits for the first word of `d`.
    let sync = try lab.start("a", ["sync"], wrapper: ["env", "CONCORD_DEADLINE=600"])
    #expect(try until(seconds: 60) { try lab.read("c", "f") == "of b" })
    #expect(sync.poll() == nil, "the command waits for d, and c has heard of b")
    hole.close()
    #expect(try sync.wait().status == 2)
  }
}
