import Testing

/// Conflicts that the group decides by itself: the same winner everywhere, whoever met whom first.
@Suite struct `A group with a policy` {
  /// Which pairs meet, one after the other, before everybody meets everybody.
  enum Order: String, CaseIterable {
    case abFirst, cFirst

    var pairs: [(String, String)] {
      switch self {
      case .abFirst: [("a", "b"), ("b", "c")]
      case .cFirst: [("b", "c"), ("c", "a")]
      }
    }
  }

  private func lab(_ statement: String) throws -> Lab {
    let lab = try Lab()
    try lab.put(try lab.configuration(more: statement), in: lab.config)
    try lab.base(["f": "base", "g": "base", "h": "base"])
    return lab
  }

  /// a and b edit `f`; of `g` and `h` one edits and the other deletes.
  private func change(_ lab: Lab) throws {
    try lab.write("a", "f", "from a")
    try lab.write("b", "f", "longer, from b")
    try lab.remove("a", "g")
    try lab.write("b", "g", "edited by b")
    try lab.write("a", "h", "edited by a")
    try lab.remove("b", "h")
    try lab.touch("a", "f", seconds: 1_900_000_000)
    try lab.touch("b", "f", seconds: 1_800_000_000)
  }

  private func settle(_ lab: Lab, _ order: Order) throws {
    for (left, right) in order.pairs { try lab.meet(left, right, exits: 0, 2) }
    try lab.settle()
    try lab.expectNoConflicts()
    try lab.expectEqualTrees()
    for host in lab.hosts {
      let shown = try lab.run(host, "show", lab.path(host, "f"))
      #expect(shown.out.contains("decided by policy"), "\(shown)")
    }
  }

  /// The next edit has seen all of it: nothing of the conflict is left.
  private func edit(_ lab: Lab, _ host: String, _ name: String) throws {
    try lab.write(host, Name(name), "news")
    try lab.settle()
    #expect(try lab.contents(Name(name)) == ["news", "news", "news"])
    for host in lab.hosts {
      let shown = try lab.run(host, "show", lab.path(host, name))
      #expect(shown.out.contains("settled"), "\(shown)")
    }
  }

  @Test(arguments: Order.allCases)
  func `left lets the first host win, deletions too`(order: Order) throws {
    let lab = try lab("auto left;")
    try change(lab)
    try settle(lab, order)
    #expect(try lab.contents("f") == ["from a", "from a", "from a"])
    #expect(try lab.contents("h") == ["edited by a", "edited by a", "edited by a"])
    for host in lab.hosts { #expect(!lab.exists(host, "g"), "\(host)") }
    try edit(lab, "c", "f")
    try edit(lab, "b", "g")
  }

  @Test(arguments: Order.allCases)
  func `younger lets the later file win, and what lives`(order: Order) throws {
    let lab = try lab("auto younger;")
    try change(lab)
    try settle(lab, order)
    #expect(try lab.contents("f") == ["from a", "from a", "from a"])
    #expect(try lab.contents("g") == ["edited by b", "edited by b", "edited by b"])
    #expect(try lab.contents("h") == ["edited by a", "edited by a", "edited by a"])
    try edit(lab, "b", "f")
    try edit(lab, "a", "g")
  }

  @Test func `can be overruled by a person, and changed in the configuration`() throws {
    let lab = try lab("auto left;")
    try change(lab)
    try settle(lab, .abFirst)
    try lab.resolve("c", lab.path("c", "h"), "--host", "b")
    try lab.settle()
    for host in lab.hosts { #expect(!lab.exists(host, "h"), "\(host)") }

    try lab.down()
    try lab.put(try lab.configuration(more: "auto left; auto none %root%/f;"), in: lab.config)
    try lab.up()
    try lab.settle(exits: 1)
    try lab.expectConflict("f")
    #expect(try lab.contents("f") == ["from a", "from a", "from a"])
  }
}
