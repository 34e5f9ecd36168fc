import Testing

/// A sync with nothing to do looks and does not touch.
@Suite struct `A sync with nothing changed` {
  private func lab() throws -> Lab {
    let lab = try Lab(["a", "b"])
    try lab.write("a", "d/e/f", "text", mode: 0o600)
    try lab.write("a", "empty", "")
    try lab.write("a", "big", bytes: [UInt8](repeating: 7, count: 300_000))
    try lab.link("a", "l", to: "d/e/f")
    try lab.makeFIFO("a", "fifo")
    try lab.chown("a", "d/e/f", 1, 2)
    try lab.tool("setfacl", "-m", "u:3:r", lab.path("a", "big"))
    try lab.base(["f": "text"])
    return lab
  }

  @Test func `opens no file, writes nothing and changes no time on either side`() throws {
    let lab = try lab()
    try lab.down()
    // Files as young as the scan are rightly looked at twice: let their ticks pass, and a scan.
    try lab.up()
    for _ in 0..<2 { for host in lab.hosts { try lab.sync(host) } }
    try lab.down()
    let (mine, theirs) = (Trace(lab, "a"), Trace(lab, "b"))
    let before = try lab.hosts.map { try lab.sights($0) }
    try lab.up("b", wrapper: theirs.wrapper)
    let outcome = try lab.start("a", ["sync"], wrapper: mine.wrapper).wait()
    try lab.down("b")
    #expect(outcome.status == 0 && outcome.silent, "\(outcome)")
    for (host, sights) in zip(lab.hosts, before) { try lab.expectUntouched(host, since: sights) }
    let roots = lab.hosts.map(lab.root)
    #expect(try mine.intrusions(below: roots) == [])
    #expect(try theirs.intrusions(below: roots) == [])
  }

  @Test(arguments: Form.allCases)
  func `is silent, ends with 0 and leaves all times as they are`(form: Form) throws {
    let lab = try lab()
    let before = try lab.hosts.map { try lab.sights($0) }
    if form == .alone { try lab.down("a") }
    for _ in 0..<3 { #expect(try lab.sync("a").silent) }
    for (host, sights) in zip(lab.hosts, before) { try lab.expectUntouched(host, since: sights) }
  }

  @Test func `moves no content when a file was only touched`() throws {
    let lab = try lab()
    let before = try lab.sights("b")
    try lab.touch("a", "big", seconds: 1_500_000_000)
    let peer = try lab.json("a", "sync", exits: 0)["peers"].items.front
    #expect((peer["bytes_out"].number ?? .infinity) < 100_000, "\(peer)")
    try lab.expectUntouched("b", since: before)
  }

  @Test func `after a change on another path touches only that path`() throws {
    let lab = try lab()
    let before = try lab.sights("b")
    try lab.write("a", "d/e/f", "other")
    try lab.sync("a")
    let after = try lab.sights("b")
    // The directory's own times change with the exchange; no other object's may.
    let touched = after.keys.filter { after[$0] != before[$0] }
    #expect(Set(touched).isSubset(of: ["d/e/f", "d/e"]), "\(touched)")
  }
}
