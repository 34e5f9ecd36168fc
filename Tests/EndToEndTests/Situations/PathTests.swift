import Testing

/// `sync PATH`: both hosts look at that path, and at nothing else.
@Suite struct `A path that is synced alone` {
  private let lab: Lab

  init() throws {
    lab = try Lab(["a", "b"])
    try lab.base(["d/f": "base", "g": "base"])
  }

  @Test func `comes from the peer that changed it, and nothing that it was not asked for`() throws {
    try lab.write("b", "d/f", "from b")
    try lab.write("b", "g", "from b")
    try lab.sync("a", lab.path("a", "d/f"))
    #expect(try lab.contents("d/f") == ["from b", "from b"])
    #expect(try lab.contents("g") == ["base", "from b"])
    try lab.sync("a", lab.path("a", "d"))
    #expect(try lab.contents("g") == ["base", "from b"])
    try lab.sync("a")
    #expect(try lab.contents("g") == ["from b", "from b"])
  }

  @Test func `is a conflict if both have changed it`() throws {
    try lab.write("a", "d/f", "from a")
    try lab.write("b", "d/f", "from b")
    try lab.sync("a", lab.path("a", "d/f"), exits: 1)
    #expect(try lab.contents("d/f") == ["from a", "from b"])
    try lab.expectConflict("d/f")
  }

  @Test func `never overwrites an edit that nobody has looked at`() throws {
    try lab.write("a", "g", "from a")
    #expect(try lab.run("a", "scan").status == 0)
    try lab.write("b", "g", "from b")
    try lab.sync("a", lab.path("a", "d/f"), exits: 0, 1)
    #expect(try lab.contents("g") == ["from a", "from b"])
    try lab.sync("a", exits: 1)
    try lab.expectConflict("g")
  }
}
