import Testing

/// Each format is read by something that did not write it: see `Readers/read.py`.
@Suite struct `A format` {
  static let all = ["json", "ndjson", "junit", "sarif", "github", "markdown", "html"]
  static let ofFindings = ["junit", "sarif", "github", "markdown", "html"]

  @Test(arguments: ["json", "ndjson", "junit", "sarif", "markdown", "html"])
  func `carries every name as it is, for conflicts, status and verify`(format: String) throws {
    let lab = try FormatNames.conflicting()
    try lab.write("a", "only here", "x")
    let names = FormatNames.paths(lab, "a")
    let listed = try lab.reading(format, "a", "conflicts", exits: 1)
    #expect(listed.paths == names)
    #expect(listed.items.count == names.count)
    #expect(Set(listed.items.map { $0["kind"].text }) == ["content"])
    if format != "json" {
      let status = try lab.reading(format, "a", "status")
      #expect(status.paths == names)
    }
    let verified = try lab.reading(format, "a", "verify", exits: 2)
    let more = FormatNames.path("only here", lab, "a")
    #expect(verified.paths == names.union([more]))
    let kinds: Set<String> =
      ["json", "ndjson"].contains(format) ? ["X", "L"] : ["differs", "only-here"]
    #expect(Set(verified.items.compactMap { $0["kind"].text }) == kinds)
    #expect(verified.item(about: more)["kind"].text != "differs")
  }

  @Test func `github names files relative to the root and escapes what it can`() throws {
    let lab = try FormatNames.conflicting()
    let below = try lab.reading(
      "github", "a", "conflicts", "--root", lab.root("a"), exits: 1)
    let names = FormatNames.all.map { Array($0.annotated.utf8) }
    #expect(below.paths == Set(names))
    #expect(below.items.allSatisfy { $0["level"].text == "error" && $0["kind"].text == "content" })
    let whole = try lab.reading("github", "a", "conflicts", exits: 1)
    let away = try lab.reading("github", "a", "conflicts", "--root", "/nowhere", exits: 1)
    let absolute = FormatNames.all.map {
      // The folder of a lab needs no escapes.
      Array("\(lab.root("a"))/\($0.annotated)".utf8)
    }
    #expect(whole.paths == Set(absolute) && away.paths == Set(absolute))
  }

  @Test func `sarif has paths below the root, and the same fingerprints on every host`() throws {
    let lab = try FormatNames.conflicting()
    let inside = try lab.reading(
      "sarif", "a", "conflicts", "--root", lab.root("a") + "/./", exits: 1)
    #expect(inside.paths == FormatNames.paths(lab, "a"))
    #expect(inside.items.allSatisfy { $0["uri"].text?.contains("/") == false })
    let dashed = inside.item(about: FormatNames.path("a:b,c", lab, "a"))
    #expect(dashed["uri"].text == "a%3Ab%2Cc", "\(dashed)")
    let outside = try lab.reading("sarif", "a", "conflicts", "--root", "/nowhere", exits: 1)
    #expect(outside.paths == inside.paths)
    #expect(outside.items.allSatisfy { $0["uri"].text?.hasPrefix("file:///") == true })
    let other = try lab.reading("sarif", "b", "conflicts", exits: 1)
    func fingerprints(_ reading: FormatReading) -> Set<JSON> {
      Set(reading.items.map { $0["fingerprints"]["conflictId/v1"] })
    }
    let ids = try Set(lab.conflicts("a").map { $0["id"] })
    #expect(fingerprints(inside) == ids && fingerprints(other) == ids)
    // A path in a message means itself, although braces and brackets are signs there.
    try lab.down("b")
    _ = try lab.run("a", "sync")
    let status = try lab.reading("sarif", "a", "status")
    #expect(status.items.contains { $0["kind"].text == "unreachable" })
  }

  @Test(arguments: all)
  func `says that there is nothing in its own way`(format: String) throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    for (command, clear) in [
      ("conflicts", "no conflicts"), ("verify", "no differences"), ("status", "in sync"),
    ] {
      let outcome = try lab.run("a", command, "--format", format)
      #expect(outcome.status == 0 && outcome.stderr.isEmpty, "\(outcome)")
      let reading = try lab.reading(format, command, outcome.stdout)
      switch format {
      case "junit":
        #expect(reading.items.map { $0["name"].text } == [clear])
        #expect(reading.items.front["kind"] == .null)
      case "github": #expect(outcome.stdout.isEmpty)
      case "markdown", "html":
        #expect(reading.items.isEmpty && outcome.out.contains(clear), "\(outcome)")
      case "ndjson":
        let told = reading.items.compactMap { $0["type"].text }
        #expect(told == ["verify": ["peer"], "status": ["group", "host"]][command] ?? [])
      default: #expect(reading.items.isEmpty, "\(reading.items)")
      }
    }
  }

  @Test(arguments: ofFindings)
  func `tells of hosts and groups, which have no path`(format: String) throws {
    let lab = try Lab(["a", "b", "c"])
    try lab.base(["f": "base"])
    try lab.down("b")
    try lab.write("a", "f", "changed")
    _ = try lab.run("a", "scan")
    _ = try lab.run("a", "sync", "--peer", "b")
    let status = try lab.reading(format, "a", "status", exits: 2)
    #expect(Set(status.items.compactMap { $0["kind"].text }) == ["unreachable", "behind"])
    #expect(status.paths.isEmpty)
    let verified = try lab.reading(format, "a", "verify", exits: 2)
    #expect(verified.items.contains { $0["kind"].text == "not-compared" })
  }

  @Test(arguments: all)
  func `shows one conflict`(format: String) throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base", "g": "base"])
    for name in ["f", "g"] {
      try lab.write("a", Name(name), "from a")
      try lab.remove("b", Name(name))
    }
    try lab.settle(exits: 1)
    let path = lab.path("b", "g")
    let outcome = try lab.run("b", "conflicts", "show", path, "--format", format)
    #expect(outcome.status == 1, "\(outcome)")
    let one = try lab.reading(format, "conflicts", outcome.stdout)
    #expect(one.items.count == 1 && one.paths == [Array(path.utf8)], "\(one.items)")
    #expect(one.items.front["kind"].text == "delete-edit")
  }

  @Test(arguments: [
    "sync", "scan", "show f", "resolve f --ours", "host list", "host fingerprint", "config show",
    "config check", "config explain f",
  ])
  func `that a command does not have is refused, naming those it has`(command: String) throws {
    let lab = try Lab(["a"])
    let words = command.split(separator: " ").map(String.init)
    for format in ["sarif", "junit", "github", "nonsense"] {
      let outcome = try lab.start("a", words + ["--format", format]).wait()
      #expect(outcome.status == 64 && outcome.stdout.isEmpty, "\(outcome)")
      let first = outcome.complaints.first ?? ""
      #expect(
        first.contains(format) && first.contains("'text'") && first.contains("'json'"),
        "\(outcome)")
    }
  }

  @Test func `that nobody knows, or two at once, are refused`() throws {
    let lab = try Lab(["a"])
    for words in [["--format", "xml"], ["--json", "--format", "junit"], ["--format", ""]] {
      for command in ["conflicts", "status", "verify"] {
        let outcome = try lab.start("a", [command] + words).wait()
        #expect(outcome.status == 64 && outcome.stdout.isEmpty, "\(outcome)")
      }
    }
  }
}
