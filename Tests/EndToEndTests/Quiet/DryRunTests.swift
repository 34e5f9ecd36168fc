import Testing

/// A rehearsal: it names what would happen and does none of it.
@Suite struct `A dry run` {
  private func lab() throws -> Lab {
    let lab = try Lab()
    try lab.base(["edited": "base", "deleted": "base", "theirs": "base", "mode": "base"])
    try lab.write("a", "edited", "changed on a")
    try lab.write("a", "made here", "new on a")
    try lab.remove("a", "deleted")
    try lab.chmod("a", "mode", 0o600)
    try lab.write("b", "theirs", "changed on b")
    try lab.write("c", "made there", "new on c")
    return lab
  }

  @Test(arguments: Form.allCases)
  func `names every file and host and changes nothing on any side`(form: Form) throws {
    let lab = try lab()
    if form == .alone { try lab.down("a") }
    let before = try lab.hosts.map { try lab.sights($0) }
    let outcome = try lab.run("a", "sync", "--dry-run")
    for name in ["edited", "made here", "deleted", "mode", "theirs", "made there"] {
      #expect(outcome.out.contains(name), "\(name): \(outcome)")
    }
    for line in outcome.out.split(separator: "\n") where line.contains("made here") {
      #expect(!line.contains("made there"))
    }
    // Each of the two others would get the change; each is named with it.
    for host in ["b", "c"] {
      let words = outcome.out.split { !$0.isLetter && !$0.isNumber }
      #expect(words.contains(Substring(host)), "\(host): \(outcome)")
    }
    for (host, sights) in zip(lab.hosts, before) { try lab.expectUntouched(host, since: sights) }
  }

  @Test func `ends with 2 while changes wait and with 0 when there is nothing to do`() throws {
    let lab = try lab()
    #expect(try lab.run("a", "sync", "--dry-run").status == 2)
    try lab.settle()
    let quiet = try lab.run("a", "sync", "--dry-run")
    #expect(quiet.status == 0, "\(quiet)")
    #expect(!quiet.out.contains("edited"), "\(quiet)")
  }

  @Test func `does not spoil the real sync that follows`() throws {
    let lab = try lab()
    for host in lab.hosts { _ = try lab.run(host, "sync", "--dry-run") }
    try lab.sync("a")
    try lab.settle()
    try lab.expectNoConflicts()
    try lab.expectEqualTrees()
    #expect(try lab.read("c", "edited") == "changed on a")
    #expect(try lab.read("a", "theirs") == "changed on b")
    #expect(!lab.exists("b", "deleted"))
    #expect(lab.sight("b", "mode")?.mode == 0o600)
  }

  @Test func `still lets a later edit on the other side be a conflict`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    try lab.write("a", "f", "from a")
    _ = try lab.run("a", "sync", "--dry-run")
    try lab.write("b", "f", "from b")
    try lab.settle(exits: 1)
    try lab.expectConflict("f")
  }
}
