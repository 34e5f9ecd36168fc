import Testing

/// Rules that hold a part of a tree whose directories they leave out.
@Suite struct `A subtree that is held` {
  private func explains(_ lab: Lab, _ name: String, _ rule: String) throws {
    let told = try lab.run("a", "config", "explain", lab.path("a", name))
    #expect(told.out.contains(rule), "\(told)")
  }

  @Test func `below an excluded directory arrives where that is not there`() throws {
    let lab = try Lab(saying: "exclude %root%/sub; include %root%/sub/keep;")
    try lab.base([:])
    try lab.write("a", "sub/keep/f", "kept")
    try lab.write("a", "sub/other/f", "left out")
    try lab.settle()
    #expect(try lab.read("b", "sub/keep/f") == "kept")
    #expect(!lab.exists("b", "sub/other"))
    try explains(lab, "sub/keep/f", "included by `include %root%/sub/keep`")
    try explains(lab, "sub/other/f", "excluded by `exclude %root%/sub`")
    try lab.write("b", "sub/keep/g", "back")
    try lab.settle()
    #expect(try lab.read("a", "sub/keep/g") == "back")
    #expect(try lab.run("b", "verify").status == 0)
    try lab.remove("b", "sub")
    try lab.settle()
    #expect(!lab.exists("a", "sub/keep"))
    #expect(try lab.read("a", "sub/other/f") == "left out")
    #expect(try lab.sync("b").silent)
  }

  @Test func `by one kind of name arrives with the directories on the way`() throws {
    let lab = try Lab(saying: "exclude %root%; include %root%/x/**.conf;")
    try lab.up()
    try lab.write("a", "x/deep/er/a.conf", "deep")
    try lab.write("a", "x/top.conf", "top")
    try lab.write("a", "x/deep/er/a.txt", "no")
    try lab.write("a", "y/a.conf", "no")
    try lab.makeDirectory("a", "x/empty")
    try lab.settle()
    #expect(try lab.read("b", "x/deep/er/a.conf") == "deep")
    #expect(try lab.read("b", "x/top.conf") == "top")
    for name in ["x/deep/er/a.txt", "y", "x/empty"] { #expect(!lab.exists("b", Name(name))) }
    try explains(lab, "x/deep/er/a.conf", "included by `include %root%/x/**.conf`")
    try explains(lab, "x/deep/er/a.txt", "excluded by `exclude %root%`")
  }

  @Test func `is the same for a look at one path as for a walk`() throws {
    let lab = try Lab(saying: "exclude %root%; include %root%/x/**.conf;")
    try lab.up()
    try lab.write("a", "x/d/a.conf", "deep")
    try lab.write("a", "x/d/a.txt", "no")
    for name in ["x/d/a.conf", "x/d/a.txt", "x/d"] {
      _ = try lab.run("a", "scan", lab.path("a", name))
    }
    let files = try lab.status("a")["groups"].items.first?["files"].number
    #expect(files == 1)
    try lab.settle()
    #expect(try lab.status("a")["groups"].items.first?["files"].number == files)
    #expect(try lab.contents("x/d/a.txt") == ["no", nil])
    #expect(try lab.contents("x/d/a.conf") == ["deep", "deep"])
  }
}
