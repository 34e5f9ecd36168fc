import Testing

/// What cannot be read is refused as a whole, with its place.
@Suite struct `A configuration` {
  private func refused(
    _ lab: Lab, _ text: String, statuses: [Int32] = [78],
    at place: SourceLocation = #_sourceLocation
  ) throws -> Outcome {
    try lab.put(text, in: lab.config)
    let outcome = try lab.run("a", "sync")
    expect(outcome, statuses, at: place)
    #expect(outcome.stdout.isEmpty, sourceLocation: place)
    return outcome
  }

  @Test func `with a syntax error is shown with file, line, column and a caret`() throws {
    let lab = try Lab(["a", "b"])
    let broken = try lab.configuration(more: "includ %root%;")
    let lines = broken.split(separator: "\n", omittingEmptySubsequences: false)
    let line = try #require(lines.firstIndex { $0.contains("includ %") }) + 1
    let column =
      try #require(lines[line - 1].firstIndex(of: "i")).utf16Offset(
        in: lines[line - 1]) + 1
    for outcome in [try refused(lab, broken), try lab.run("a", "config", "check")] {
      #expect(outcome.status == 78, "\(outcome)")
      let text = outcome.err + outcome.out
      #expect(text.contains("\(lab.config):\(line):\(column)"), "\(outcome)")
      #expect(text.split(separator: "\n").contains { $0.contains("^") }, "\(outcome)")
    }
  }

  @Test(arguments: ["group web {", "group web { host a b; key ", "\u{0}", "foo bar;", "prefix {"])
  func `that is broken is refused and nothing happens`(text: String) throws {
    let lab = try Lab(["a", "b"])
    try lab.write("a", "f", "text")
    let outcome = try refused(lab, text)
    #expect(outcome.err.contains("\(lab.config):1:"), "\(outcome)")
    expectHarmless(outcome)
  }

  @Test func `that is missing is one line`() throws {
    let lab = try Lab(["a", "b"])
    lab.configurations["a"] = "\(lab.folder)/nowhere.cfg"
    let outcome = try lab.run("a", "sync")
    expect(outcome, [66, 78], at: #_sourceLocation)
    expectOneLine(outcome, naming: "nowhere.cfg")
  }

  @Test func `that is fine passes the check in silence and is shown`() throws {
    let lab = try Lab(["a", "b"])
    let check = try lab.run("a", "config", "check")
    #expect(check.status == 0, "\(check)")
    let show = try lab.run("a", "config", "show")
    #expect(show.status == 0 && show.out.contains("web") && show.out.contains(lab.root("a")))
  }

  @Test func `explains which rule decides about a path`() throws {
    let lab = try Lab(["a", "b"])
    try lab.put(try lab.configuration(more: "exclude *.bak;"), in: lab.config)
    let kept = try lab.run("a", "config", "explain", lab.path("a", "x.bak"))
    #expect(kept.out.contains("*.bak"), "\(kept)")
    let sent = try lab.run("a", "config", "explain", lab.path("a", "x"))
    #expect(sent.status == 0 && sent.out.contains("%root%"), "\(sent)")
  }

  @Test func `with connections in the clear is refused by name`() throws {
    let lab = try Lab(["a", "b"])
    let outcome = try refused(lab, "nossl * *;\n" + (try lab.configuration()))
    #expect(outcome.err.contains("`nossl` is refused"), "\(outcome)")
  }

  @Test func `that differs between hosts is not synced, and both say what differs`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    try lab.down()
    let other = "\(lab.folder)/other.cfg"
    try lab.put(try lab.configuration(more: "exclude *.bak;"), in: other)
    lab.configurations["b"] = other
    try lab.write("a", "f", "new")
    try lab.up()
    let outcome = try lab.run("a", "sync")
    #expect(outcome.status == 78, "\(outcome)")
    #expect(outcome.err.contains("only on b: `exclude *.bak`"), "\(outcome)")
    #expect(try lab.read("b", "f") == "base")
    let back = try lab.run("b", "sync")
    #expect(back.err.contains("only here: `exclude *.bak`"), "\(back)")
    expectHarmless(outcome)
  }

  @Test func `excludes by base name and by path, and neither is deleted anywhere`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["d/f": "base", "x.bak": "base"])
    try lab.down()
    let more = "exclude *.bak; exclude %root%/private;"
    try lab.put(try lab.configuration(more: more), in: lab.config)
    try lab.write("a", "private/f", "mine")
    try lab.write("a", "d/y.bak", "mine")
    try lab.remove("a", "x.bak")
    try lab.write("a", "d/g", "sent")
    try lab.up()
    try lab.settle()
    #expect(!lab.exists("b", "private") && !lab.exists("b", "d/y.bak"))
    #expect(try lab.read("b", "x.bak") == "base")
    #expect(try lab.read("b", "d/g") == "sent")
  }

  @Test func `without this host is refused by name`() throws {
    let lab = try Lab(["a", "b"])
    let words = ["--config", lab.config, "--state", lab.state("a"), "--hostname", "zz", "sync"]
    let outcome = try Child([lab.binary] + words, scratch: lab.scratch).wait()
    #expect(outcome.status == 78, "\(outcome)")
    expectOneLine(outcome, naming: "zz")
  }

  @Test func `from the environment is as good as from options`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    try lab.write("a", "f", "changed")
    let settings = [
      "CONCORD_CONFIG": lab.config, "CONCORD_STATE": lab.state("a"), "CONCORD_HOSTNAME": "a",
    ]
    let outcome = try Child([lab.binary, "sync"], scratch: lab.scratch, environment: settings)
      .wait()
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try lab.read("b", "f") == "changed")
  }

  @Test func `takes global options after the command as well`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base([:])
    let words = ["sync", "--config", lab.config, "--state", lab.state("a"), "--hostname", "a"]
    #expect(try Child([lab.binary] + words, scratch: lab.scratch).wait().status == 0)
  }

  @Test func `with a key that others can read is refused`() throws {
    let lab = try Lab(["a", "b"])
    try lab.tool("chmod", "644", lab.key)
    let outcome = try lab.run("a", "sync")
    expect(outcome, [77, 78], at: #_sourceLocation)
    expectOneLine(outcome, naming: lab.key)
  }

  @Test(arguments: ["missing", "empty", "short", "fifo", "directory"])
  func `with a key that is none is refused and never hangs`(kind: String) throws {
    let lab = try Lab(["a", "b"])
    let make = [
      "missing": "true", "empty": ": > $1", "short": "echo abc > $1", "fifo": "mkfifo $1",
      "directory": "mkdir $1",
    ]
    let script = "rm $1; umask 077; \(make[kind] ?? "false")"
    try lab.tool("sh", "-c", script, "sh", lab.key)
    let outcome = try lab.run("a", "sync")
    expect(outcome, [66, 77, 78], at: #_sourceLocation)
    expectOneLine(outcome, naming: "web.key")
  }

  @Test func `gets a key that only its owner reads, once`() throws {
    let lab = try Lab(["a"])
    let sight = try #require(Sight(lab.key.utf8CString.map { $0 }))
    #expect(sight.mode == 0o600)
    let again = try Child([lab.binary, "keygen", lab.key], scratch: lab.scratch).wait()
    #expect(again.status == 73, "\(again)")
    expectOneLine(again, naming: lab.key)
    #expect(Sight(lab.key.utf8CString.map { $0 }) == sight)
  }

  @Test func `is not needed to say how the program is used`() throws {
    let lab = try Lab(["a"])
    let help = try Child([lab.binary, "--help"], scratch: lab.scratch).wait()
    #expect(help.status == 0 && help.out.contains("sync"))
    let wrong = try Child([lab.binary, "frobnicate"], scratch: lab.scratch).wait()
    #expect(wrong.status == 64 && wrong.stdout.isEmpty, "\(wrong)")
  }
}
