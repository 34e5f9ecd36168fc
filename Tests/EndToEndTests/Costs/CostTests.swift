import Testing

/// What a run costs, counted and not timed: the same on a slow machine and on a busy one.
///
/// The limits stand in `spec/cost.md`. `UPDATE=1` writes today's counts into it, for who has made
/// something cheaper, or dearer with a reason.
@Suite(.serialized) struct Costs {
  private static let files = 2_000

  /// A host with files of several owners and modes, a few with an access list, and an empty one.
  private func lab() throws -> Lab {
    let lab = try Lab(["a", "b"])
    var dice = Dice(seed: 1)
    var listed: [String] = []
    for number in 0..<Costs.files {
      let name: Name = "d\(number / 100)/file-\(number)"
      let size = 10 + Int(dice.next() % 1_300)
      try lab.write("a", name, bytes: dice.bytes(size), mode: number % 20 == 3 ? 0o600 : nil)
      if number % 20 == 7 { try lab.chown("a", name, 1, 1) }
      if number % 100 == 11 { listed.append(lab.path("a", "d\(number / 100)/file-\(number)")) }
    }
    let given = try Child(["setfacl", "-m", "u:2:r"] + listed, scratch: lab.scratch).wait()
    guard given.status == 0 else { throw LabFailure("\(given)") }
    return lab
  }

  private func counted(_ lab: Lab, _ host: String, _ command: String) throws -> Counted {
    let file = "\(lab.folder)/\(command).count"
    let outcome = try lab.start(host, [command], wrapper: Counted.wrapper(file)).wait()
    guard outcome.status == 0 else { throw LabFailure("\(outcome)") }
    return try Counted(file)
  }

  /// A sync of `a`, and what both ends took for it.
  private func counted(sync lab: Lab) throws -> (sender: Counted, receiver: Counted) {
    let file = "\(lab.folder)/serve.count"
    try lab.up("b", wrapper: Counted.wrapper(file))
    let sender = try counted(lab, "a", "sync")
    try lab.down("b")
    return (sender, try Counted(file))
  }

  private func hold(
    _ counted: Counted, _ work: String, at place: SourceLocation = #_sourceLocation
  ) throws {
    for kind in Counted.Kind.allCases {
      var table = try CostTable()
      let value = counted.value(kind, files: Costs.files)
      if CostTable.isUpdating {
        try table.write(work, kind.rawValue, value)
        continue
      }
      guard let limit = table.limit(work, kind.rawValue) else {
        Issue.record("spec/cost.md has no row: \(work), \(kind.rawValue)", sourceLocation: place)
        continue
      }
      #expect(
        value <= limit, "\(work): \(value) \(kind.rawValue); \(counted.largest)",
        sourceLocation: place)
    }
  }

  @Test func `of a first index, and of a scan that finds nothing changed, keep to their limits`()
    throws
  {
    let lab = try lab()
    try hold(try counted(lab, "a", "scan"), "first index")
    try hold(try counted(lab, "a", "scan"), "the scan after it, which keeps texts")
    try hold(try counted(lab, "a", "scan"), "scan, nothing changed")
  }

  @Test func `of both ends of a first sync, and of one changed file, keep to their limits`() throws
  {
    let lab = try lab()
    // A daemon keeps texts for merges when it is at rest: how many before it ends is chance.
    try lab.put("ancestor-size 0;\n" + lab.configuration(), in: lab.config)
    for _ in 0..<2 { expect(try lab.run("a", "scan"), [0], at: #_sourceLocation) }
    let first = try counted(sync: lab)
    try lab.expectEqualTrees()
    try hold(first.sender, "first sync, sender")
    try hold(first.receiver, "first sync, receiver")
    try lab.up("b")
    try lab.sync("a")
    try lab.down("b")
    try lab.write("a", "d7/file-777", "another text")
    let change = try counted(sync: lab)
    try lab.expectEqualTrees()
    try hold(change.sender, "one file changed, sender")
    try hold(change.receiver, "one file changed, receiver")
  }
}
