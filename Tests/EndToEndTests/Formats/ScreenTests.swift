import Testing

@Suite struct `A screen` {
  private func lab() throws -> Lab {
    let lab = try Lab(["a", "b", "c"])
    try lab.base(["f": "base", "g": "base"])
    return lab
  }

  private func conflicting() throws -> Lab {
    let lab = try lab()
    try lab.write("a", "f", "from a")
    try lab.write("b", "f", "from b!")
    try lab.settle(exits: 1)
    return lab
  }

  @Test func `has colours if they are asked for, in text only`() throws {
    let lab = try conflicting()
    try lab.down("c")
    try lab.write("a", "g", "changed")
    _ = try lab.run("a", "scan")
    _ = try lab.run("a", "sync", "--peer", "c")
    let status = try lab.run("a", "--color", "always", "status").out
    #expect(status.contains("\u{1b}[31munreachable\u{1b}[0m"), "\(status)")
    #expect(status.contains("\u{1b}[33mbehind\u{1b}[0m"), "\(status)")
    let list = try lab.run("a", "conflicts", "--color", "always").out
    #expect(list.contains("\u{1b}[31mcontent\u{1b}[0m"), "\(list)")
    for format in `A format`.all {
      for command in ["status", "conflicts"] {
        expectHarmless(try lab.run("a", command, "--color", "always", "--format", format))
      }
    }
    for words in [["status"], ["conflicts"], ["status", "--color", "never"]] {
      expectHarmless(try lab.start("a", words).wait())
    }
  }

  @Test func `has colours at a terminal, unless NO_COLOR says no`() throws {
    let lab = try lab()
    func shown(_ environment: [String: String], _ options: String...) throws -> String {
      let words = lab.words("a", ["status"] + options)
      let all = ["python3", FormatReader.script("terminal")] + words
      return try Child(all, scratch: lab.scratch, environment: environment).wait().out
    }
    let green = "\u{1b}[32min-sync\u{1b}[0m"
    #expect(try shown([:]).contains(green))
    #expect(try shown(["NO_COLOR": ""]).contains(green))
    #expect(try !shown(["NO_COLOR": "1"]).contains("\u{1b}"))
    #expect(try shown(["NO_COLOR": "1"], "--color", "always").contains(green))
    #expect(try !shown([:], "--color", "never").contains("\u{1b}"))
    #expect(try !shown([:], "--format", "markdown").contains("\u{1b}"))
  }

  @Test func `counts one path as one and puts columns under each other`() throws {
    let lab = try lab()
    try lab.write("a", "f", "changed")
    _ = try lab.run("a", "scan")
    let one = try lab.run("a", "status").out
    #expect(one.contains("1 path behind"), "\(one)")
    try lab.write("a", "g", "changed")
    _ = try lab.run("a", "scan")
    _ = try lab.run("a", "sync", "--peer", "b")
    let two = try lab.run("a", "status").out
    #expect(two.contains("2 paths behind"), "\(two)")
    let columns = two.split(separator: "\n").compactMap { line -> Int? in
      guard let found = line.firstRange(of: "last met") else { return nil }
      return line.distance(from: line.startIndex, to: found.lowerBound)
    }
    #expect(columns.count == 2 && Set(columns).count == 1, "\(two)")
  }

  @Test func `lists some of many conflicts, and all of them when asked`() throws {
    let lab = try Lab(["a", "b"])
    for index in 0..<25 { try lab.write("a", Name("f\(index)"), "base") }
    try lab.base([:])
    for index in 0..<25 {
      try lab.write("a", Name("f\(index)"), "from a")
      try lab.write("b", Name("f\(index)"), "from b!")
    }
    try lab.settle(exits: 1)
    func rows(_ words: String...) throws -> [Substring] {
      try lab.start("a", words).wait().out.split(separator: "\n").filter { $0.contains("≠") }
    }
    let short = try lab.run("a", "status").out
    #expect(try rows("status").count == 20)
    #expect(short.contains("… and 5 more; see concord conflicts"), "\(short)")
    #expect(try rows("status", "-v").count == 25)
    #expect(try rows("conflicts").count == 25)
  }

  @Test func `says on which host a deletion is confirmed`() throws {
    let lab = try lab()
    for name in ["f", "g", "keep"] { try lab.remove("b", Name(name)) }
    for host in ["a", "b"] {
      let outcome = try lab.run(host, "sync")
      #expect(outcome.status == 2, "\(outcome)")
      #expect(outcome.err.contains("concord sync --yes on b"), "\(outcome)")
    }
  }

  @Test func `says how many paths a peer did not name, and great outputs arrive whole`() throws {
    let lab = try Lab(["a", "b"])
    try lab.up()
    // Two bytes a letter: pieces of an output must not end within one.
    let stem = String(repeating: "ö", count: 100)
    for index in 0..<1_150 { try lab.write("a", Name("\(stem)\(index)"), "base") }
    let told = try lab.sync("a", "-v")
    #expect(told.err.contains("… and 150 more on b"), "\(told.complaints.suffix(3))")
    #expect(told.complaints.filter { $0.hasPrefix("  > ") }.count == 1_000)
    for index in 0..<1_150 {
      try lab.write("a", Name("\(stem)\(index)"), "from a")
      try lab.write("b", Name("\(stem)\(index)"), "from b!")
    }
    try lab.settle(exits: 1)
    let through = try lab.run("a", "conflicts", "--json").stdout
    #expect(through.count > 1 << 20)
    try lab.down("a")
    let alone = try lab.run("a", "conflicts", "--json").stdout
    let (one, other) = (try JSON(through), try JSON(alone))
    #expect(one["conflicts"].items.count == 1_150 && one["conflicts"] == other["conflicts"])
  }
}
