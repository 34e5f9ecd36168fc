import Testing

/// A state belongs to the machine that it was made on.
@Suite struct `A state on another machine` {
  /// All further commands of the host see this machine's id.
  private func machine(_ lab: Lab, _ host: String, _ id: String) throws {
    let file = "\(lab.folder)/\(host)/machine-id"
    try lab.put(id, in: file)
    lab.wrappers[host] = [
      "unshare", "-m", "sh", "-c",
      "mount --bind \"$1\" /etc/machine-id && shift && exec \"$@\"", "sh", file,
    ]
  }

  private let first = "11111111111111111111111111111111\n"
  private let second = "22222222222222222222222222222222\n"

  @Test func `is refused by every command but rejoin, and works after it`() throws {
    let lab = try Lab(["a", "b"])
    try machine(lab, "b", first)
    try lab.base(["f": "base", "g": "base"])
    try lab.down("b")
    try machine(lab, "b", second)
    try lab.write("b", "f", "on the copy")
    let before = try lab.hosts.map { try lab.tree($0) }
    for command in ["sync", "status", "scan", "serve"] {
      let outcome = try lab.run("b", command)
      #expect(outcome.status == 77, "\(outcome)")
      expectOneLine(outcome, naming: "copied here from another machine", "concord host rejoin")
    }
    for (host, lines) in zip(lab.hosts, before) { #expect(try lab.tree(host) == lines, "\(host)") }
    expect(try lab.run("b", "host", "rejoin"), [0], at: #_sourceLocation)
    try lab.sync("b")
    #expect(try lab.contents("f") == ["on the copy", "on the copy"])
    try machine(lab, "b", first)
    #expect(try lab.run("b", "sync").status == 77, "it is bound to the second one now")
  }

  @Test(arguments: ["", "uninitialized\n", "not an id\n"])
  func `is not refused where a machine has no id`(id: String) throws {
    let lab = try Lab(["a", "b"])
    try machine(lab, "b", id)
    try lab.base(["f": "base"])
    try lab.down("b")
    let told = try lab.run("b", "doctor")
    #expect(told.status == 0 && told.out.contains("warn  machine"), "\(told)")
    // The first id that can be read binds it.
    try machine(lab, "b", first)
    try lab.sync("b")
    try machine(lab, "b", second)
    #expect(try lab.run("b", "sync").status == 77)
  }
}
