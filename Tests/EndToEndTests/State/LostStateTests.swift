import Testing

/// A host that lost what it remembered takes part again by content.
@Suite struct `A lost database` {
  enum Loss: String, CaseIterable, CustomTestStringConvertible {
    case everything, allButIdentity
    var testDescription: String { rawValue }
  }

  private func lose(_ lab: Lab, _ host: String, _ loss: Loss) throws {
    switch loss {
    case .everything:
      try lab.forget(host)
      // The identity went too: the others take the new one only from an operator.
      for other in lab.hosts where other != host { try lab.accept(other, host) }
    case .allButIdentity:
      try lab.forget(host, sparing: ["identity"])
    }
  }

  @Test(arguments: Loss.allCases)
  func `causes no conflict and no deletion and touches no file where all are equal`(loss: Loss)
    throws
  {
    let lab = try Lab()
    try lab.base(["f": "base", "d/g": "base", "d/h": "x"])
    try lab.chmod("a", "d/g", 0o600)
    try lab.settle()
    try lab.down("b")
    try lose(lab, "b", loss)
    let before = try lab.hosts.map { try lab.sights($0).filter { $0.key != "." } }
    try lab.up("b")
    try lab.settle()
    try lab.expectNoConflicts()
    try lab.expectEqualTrees()
    for (host, sights) in zip(lab.hosts, before) {
      #expect(try lab.sights(host).filter { $0.key != "." } == sights, "\(host)")
    }
  }

  @Test(arguments: Loss.allCases)
  func `fetches what is missing, holds what differs, brings what is new`(loss: Loss) throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["same": "base", "missing": "base", "differs": "base"])
    try lab.down()
    try lose(lab, "b", loss)
    try lab.remove("b", "missing")
    try lab.write("b", "differs", "changed on b")
    try lab.write("b", "new", "made on b")
    try lab.up()
    try lab.settle(exits: 1)
    #expect(try lab.contents("same") == ["base", "base"])
    #expect(try lab.contents("missing") == ["base", "base"])
    #expect(try lab.contents("new") == ["made on b", "made on b"])
    #expect(try lab.contents("differs") == ["base", "changed on b"])
    try lab.expectConflict("differs", kind: nil)
  }

  @Test func `with an empty root beside it fills the root again`() throws {
    let lab = try Lab()
    try lab.base(["f": "base", "d/g": "base"])
    try lab.down("c")
    try lose(lab, "c", .everything)
    try lab.tool("sh", "-c", "rm -r \"$1\" && mkdir \"$1\"", "sh", lab.root("c"))
    try lab.sync("c")
    try lab.expectEqualTrees()
    #expect(try lab.read("a", "f") == "base")
  }

  @Test func `does not bring back what was deleted while it was intact`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base", "gone": "x"])
    try lab.remove("a", "gone")
    try lab.settle()
    try lab.down("b")
    try lose(lab, "b", .allButIdentity)
    try lab.up("b")
    try lab.settle()
    for host in lab.hosts { #expect(!lab.exists(host, "gone")) }
  }

  @Test func `on every host leaves all files and holds only what differs`() throws {
    let lab = try Lab()
    try lab.base(["f": "base", "g": "base"])
    try lab.down()
    for host in lab.hosts { try lab.forget(host) }
    try lab.write("b", "g", "other")
    try lab.remove("c", "f")
    try lab.up()
    try lab.settle(exits: 1)
    #expect(try lab.contents("f") == ["base", "base", "base"])
    try lab.expectConflict("g", kind: nil)
  }

  @Test func `edited after the loss still conflicts with the peer's file and is kept`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    try lab.down()
    try lose(lab, "b", .allButIdentity)
    try lab.write("a", "f", "from a")
    try lab.write("b", "f", "from b")
    try lab.up()
    try lab.settle(exits: 1)
    #expect(try lab.contents("f") == ["from a", "from b"])
  }
}
