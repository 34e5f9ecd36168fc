import Testing

@Suite struct `The exit status of a report` {
  /// A conflict on one path, and a host that is away.
  private func lab() throws -> Lab {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    try lab.write("a", "f", "from a")
    try lab.write("b", "f", "from b!")
    try lab.settle(exits: 1)
    return lab
  }

  private func status(_ lab: Lab, _ words: String) throws -> Int32 {
    let outcome = try lab.start("a", words.split(separator: " ").map(String.init)).wait()
    return outcome.status
  }

  @Test func `is that of the causes that were asked for`() throws {
    let lab = try lab()
    #expect(try status(lab, "conflicts") == 1)
    #expect(try status(lab, "conflicts --fail-on conflict") == 1)
    #expect(try status(lab, "conflicts --fail-on pending,partial") == 0)
    #expect(try status(lab, "conflicts --fail-on never") == 0)
    #expect(try status(lab, "conflicts show f --fail-on validate") == 66)
    #expect(try status(lab, "conflicts show \(lab.path("a", "f")) --fail-on validate") == 0)
    #expect(try status(lab, "verify") == 2)
    #expect(try status(lab, "verify --fail-on conflict,partial") == 0)
    #expect(try status(lab, "verify --fail-on pending") == 2)
    #expect(try status(lab, "verify --exit-zero") == 0)
    try lab.down("b")
    _ = try lab.run("a", "sync")
    #expect(try status(lab, "status") == 2)
    #expect(try status(lab, "status --fail-on conflict") == 1)
    #expect(try status(lab, "status --fail-on conflict,pending") == 2)
    #expect(try status(lab, "status --fail-on partial") == 0)
    #expect(try status(lab, "status --fail-on never") == 0)
    #expect(try status(lab, "status --exit-zero") == 0)
    #expect(try status(lab, "conflicts --exit-zero --format junit") == 0)
  }

  @Test func `counts what the command could not do, whatever was asked for`() throws {
    let lab = try lab()
    try lab.tool("chmod", "0644", lab.key)
    #expect(try status(lab, "status --fail-on conflict") == 1)
    try lab.down()
    #expect(try status(lab, "status --fail-on conflict") == 78)
    #expect(try status(lab, "status --fail-on never") == 0)
  }

  @Test(arguments: ["bogus", "conflict,bogus", "", "conflict,", "never,conflict", "Conflict"])
  func `cannot be asked for by names that nobody knows`(list: String) throws {
    let lab = try Lab(["a"])
    for command in ["conflicts", "status", "verify"] {
      let outcome = try lab.run("a", command, "--fail-on", list)
      #expect(outcome.status == 64 && outcome.err.contains("partial"), "\(outcome)")
    }
  }

  @Test func `cannot be asked for in two ways`() throws {
    let lab = try Lab(["a"])
    let outcome = try lab.run("a", "status", "--fail-on", "conflict", "--exit-zero")
    #expect(outcome.status == 64, "\(outcome)")
  }
}
