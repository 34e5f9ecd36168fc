import Testing

/// Situations 10 to 14 and 16: deletions, directories and renames beside other changes.
@Suite struct `A deletion` {
  @Test func `10: that a host has seen yields to the file it makes afterwards`() throws {
    let lab = try Lab()
    try lab.base(["f": "base"])
    try lab.remove("a", "f")
    try lab.down("c")
    try lab.sync("a", exits: 2)
    #expect(!lab.exists("b", "f"))
    try lab.write("b", "f", "back again")
    try lab.sync("b", exits: 2)
    try lab.up("c")
    try lab.settle()
    try lab.expectNoConflicts()
    #expect(try lab.contents("f") == ["back again", "back again", "back again"])
  }

  @Test func `stays when a host that was away comes back with the file`() throws {
    let lab = try Lab()
    try lab.base(["f": "base", "g": "x"])
    try lab.down("c")
    try lab.remove("a", "f")
    try lab.sync("a", exits: 2)
    try lab.sync("b", exits: 2)
    try lab.up("c")
    try lab.sync("c")
    try lab.settle()
    for host in lab.hosts { #expect(!lab.exists(host, "f"), "\(host)") }
  }

  @Test func `11: of a directory spares what another host has made inside`() throws {
    let lab = try Lab()
    try lab.base(["d/old": "base", "d/e/older": "base"])
    try lab.chmod("b", "d", 0o750)
    try lab.settle()
    try lab.remove("a", "d")
    try lab.write("b", "d/e/new", "new")
    try lab.settle()
    try lab.expectNoConflicts()
    try lab.expectEqualTrees()
    #expect(
      try lab.tree("a") == [
        "d dir 750 0:0", "d/e dir 755 0:0", "d/e/new file 644 0:0 'new'", "keep file 644 0:0 'x'",
      ])
  }

  @Test func `12: of a directory is held for the child that another host edited`() throws {
    let lab = try Lab()
    try lab.base(["d/edited": "base", "d/sibling": "base"])
    try lab.remove("a", "d")
    try lab.write("b", "d/edited", "changed")
    try lab.settle(exits: 1)
    try lab.expectConflict("d/edited", kind: "delete-edit")
    #expect(try lab.read("b", "d/edited") == "changed")
    #expect(!lab.exists("a", "d/edited"))
    for host in lab.hosts { #expect(!lab.exists(host, "d/sibling"), "\(host)") }
  }

  @Test func `11: by moving a directory away spares what another host has made in it`() throws {
    let lab = try Lab()
    try lab.base(["d/f": "base", "d/e/g": "base"])
    try lab.rename("a", "d", "moved")
    try lab.write("b", "d/e/new", "new")
    try lab.settle()
    try lab.expectNoConflicts()
    try lab.expectEqualTrees()
    #expect(
      try lab.tree("c", []).filter { $0.contains(" file ") } == [
        "d/e/new file 644 'new'", "keep file 644 'x'", "moved/e/g file 644 'base'",
        "moved/f file 644 'base'",
      ])
  }

  @Test func `12: by moving a directory into another is held for the child that was edited`() throws
  {
    let lab = try Lab()
    try lab.base(["d/f": "base", "d/g": "base", "other/h": "base"])
    try lab.rename("a", "d", "other/d")
    try lab.write("b", "d/f", "edited")
    try lab.settle(exits: 1)
    try lab.expectConflict("d/f", kind: "delete-edit")
    #expect(try lab.read("b", "d/f") == "edited")
    for text in try lab.contents("other/d/f") { #expect(text == "base") }
    for host in lab.hosts { #expect(!lab.exists(host, "d/g"), "\(host)") }
  }

  @Test func `13: that is half of a rename conflicts with an edit and the new name arrives`() throws
  {
    let lab = try Lab()
    try lab.base(["one": "base"])
    try lab.rename("a", "one", "two")
    try lab.write("b", "one", "edited")
    try lab.settle(exits: 1)
    try lab.expectConflict("one", kind: "delete-edit")
    #expect(try lab.contents("two") == ["base", "base", "base"])
    #expect(try lab.read("b", "one") == "edited")
    #expect(!lab.exists("a", "one"))
  }

  @Test func `14: by two different renames leaves both new names`() throws {
    let lab = try Lab()
    try lab.base(["one": "base"])
    try lab.rename("a", "one", "two")
    try lab.rename("b", "one", "three")
    try lab.settle()
    try lab.expectNoConflicts()
    try lab.expectEqualTrees()
    #expect(try lab.tree("c").map { $0.prefix { $0 != " " } } == ["keep", "three", "two"])
  }

  @Test func `16: by moving each of two directories into the other loses nothing`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["d1/x": "x", "d2/y": "y"])
    try lab.rename("a", "d1", "d2/d1")
    try lab.rename("b", "d2", "d1/d2")
    try lab.settle()
    try lab.expectEqualTrees()
    #expect(try lab.contents("d2/d1/x") == ["x", "x"])
    #expect(try lab.contents("d1/d2/y") == ["y", "y"])
  }

  @Test func `of a directory and an empty directory made there do not undo each other`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["d/f": "base"])
    try lab.remove("b", "d/f")
    try lab.remove("a", "d")
    try lab.settle()
    try lab.expectEqualTrees()
    #expect(!lab.exists("a", "d") && !lab.exists("b", "d"))
  }
}
