import Testing

/// What looks like a great deletion is asked about first.
@Suite struct `A root` {
  private func lab(_ count: Int) throws -> Lab {
    let lab = try Lab(["a", "b"])
    for index in 0..<count { try lab.write("a", Name("d\(index % 5)/f\(index)"), "text \(index)") }
    try lab.base([:])
    return lab
  }

  private func empty(_ lab: Lab, _ host: String) throws {
    try lab.tool("sh", "-c", "rm -r \"$1\" && mkdir \"$1\"", "sh", lab.root(host))
  }

  @Test(arguments: Form.allCases)
  func `that is gone is no deletion`(form: Form) throws {
    let lab = try lab(5)
    let before = try lab.tree("a")
    if form == .alone { try lab.down("b") }
    try lab.tool("mv", lab.root("b"), lab.root("b") + ".away")
    for options in [[], ["--yes"]] {
      let outcome = try lab.start("b", ["sync"] + options).wait()
      #expect(outcome.status != 0, "\(outcome)")
      #expect(outcome.err.contains(lab.root("b")), "\(outcome)")
      #expect(try lab.tree("a") == before)
    }
    try lab.tool("rm", "-rf", lab.root("b"))
    try lab.tool("mv", lab.root("b") + ".away", lab.root("b"))
    if form == .alone { try lab.up("b") }
    try lab.settle()
    #expect(try lab.tree("b") == before)
  }

  @Test(arguments: Form.allCases)
  func `that was emptied is asked about, and only then empties the others`(form: Form) throws {
    let lab = try lab(5)
    let before = try lab.tree("a")
    if form == .alone { try lab.down("b") }
    try empty(lab, "b")
    for _ in 0..<2 {
      let outcome = try lab.run("b", "sync")
      #expect(outcome.status != 0, "\(outcome)")
      #expect(outcome.err.contains("--yes"), "\(outcome)")
      #expect(try lab.tree("a") == before)
    }
    _ = try lab.run("b", "sync", "--yes")
    for _ in 0..<2 { _ = try lab.run("a", "sync") }
    #expect(try lab.tree("a") == [] && lab.tree("b") == [])
  }

  @Test func `that was emptied on the host that answers empties nobody`() throws {
    let lab = try lab(5)
    let before = try lab.tree("a")
    try empty(lab, "b")
    let outcome = try lab.run("a", "sync")
    #expect(outcome.status != 0, "\(outcome)")
    #expect(try lab.tree("a") == before)
    #expect(try lab.tree("b") == [])
  }

  @Test func `that lost more than fifty files and a fifth of all is asked about`() throws {
    let lab = try lab(120)
    for index in 0..<60 { try lab.remove("a", Name("d\(index % 5)/f\(index)")) }
    let before = try lab.tree("b")
    let outcome = try lab.run("a", "sync")
    #expect(outcome.status != 0 && outcome.err.contains("--yes"), "\(outcome)")
    #expect(try lab.tree("b") == before)
    try lab.sync("a", "--yes")
    try lab.expectEqualTrees()
    #expect(!lab.exists("b", "d0/f0"))
  }

  @Test func `that lost a few files is not asked about`() throws {
    let lab = try lab(120)
    for index in 0..<10 { try lab.remove("a", Name("d\(index % 5)/f\(index)")) }
    #expect(try lab.sync("a").silent)
    try lab.expectEqualTrees()
  }

  @Test func `that never was is reported and never made a deletion`() throws {
    let lab = try Lab(["a", "b"])
    try lab.write("a", "f", "text")
    try lab.tool("rmdir", lab.root("b"))
    _ = try? lab.up("b")
    let outcome = try lab.run("a", "sync")
    #expect(outcome.status != 0, "\(outcome)")
    #expect(try lab.read("a", "f") == "text")
  }
}
