import Testing

/// The lab's own promises: a suite that measures wrongly is worse than none.
@Suite struct `A lab` {
  @Test func `makes hosts that see nothing of each other's files`() throws {
    let lab = try Lab(["a", "b"])
    try lab.write("a", "d/f", "text")
    #expect(try lab.read("a", "d/f") == "text")
    #expect(!lab.exists("b", "d/f"))
  }

  @Test func `tells trees apart by owner, mode, content, access list and target`() throws {
    let lab = try Lab(["a"])
    try lab.write("a", "f", "text")
    try lab.link("a", "l", to: "f")
    var seen = [try lab.tree("a")]
    try lab.chmod("a", "f", 0o600)
    seen.append(try lab.tree("a"))
    try lab.chown("a", "f", 1, 2)
    seen.append(try lab.tree("a"))
    try lab.tool("setfacl", "-m", "u:3:rw", lab.path("a", "f"))
    seen.append(try lab.tree("a"))
    try lab.write("a", "f", "TEXT")
    seen.append(try lab.tree("a"))
    try lab.remove("a", "l")
    try lab.link("a", "l", to: "g")
    seen.append(try lab.tree("a"))
    #expect(Set(seen).count == 6, "\(seen)")
    #expect(seen[0] == ["f file 644 0:0 'text'", "l link 0:0 -> f"])
  }

  @Test func `shows names byte by byte`() throws {
    let lab = try Lab(["a"])
    try lab.write("a", Name(bytes: [0xff, 0x0a, 0x5c]), "")
    #expect(try lab.tree("a") == [#"\xff\x0a\\ file 644 0:0 ''"#])
  }

  @Test func `ends a command that does not end`() throws {
    let lab = try Lab(["a"])
    let child = try Child(["sleep", "1000"], scratch: lab.scratch)
    #expect(throws: LabFailure.self) { try child.wait(seconds: 0) }
    #expect(child.poll() == -9)
  }

  @Test func `keeps both streams and the status of a command`() throws {
    let lab = try Lab(["a"])
    let outcome = try Child(["sh", "-c", "echo out; echo err >&2; exit 7"], scratch: lab.scratch)
      .wait()
    #expect(outcome.out == "out\n" && outcome.complaints == ["err"] && outcome.status == 7)
  }
}
