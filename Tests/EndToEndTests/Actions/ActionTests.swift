import Testing

/// Commands that follow from changes: where, when and how often.
@Suite struct `An action` {
  private static let marking = """
    action { pattern %root%/f; exec "echo elsewhere >>FOLDER/ran.$CONCORD_HOSTNAME"; }
    action { pattern %root%/f; exec "echo everywhere >>FOLDER/ran.$CONCORD_HOSTNAME"; do-local; }
    action { pattern %root%/f; exec "echo here >>FOLDER/ran.$CONCORD_HOSTNAME"; do-local-only; }
    """

  /// `b` takes what `a` has; by its own command, or as a daemon that is called.
  private func pull(_ lab: Lab, _ owner: Owner, exits: Int32 = 0) throws {
    switch owner {
    case .command: try lab.sync("b", exits: exits)
    case .daemon:
      try lab.sync("a", exits: exits)
      let ended = try until(seconds: 60) {
        try !lab.actions("b").contains { ["waiting", "running"].contains($0["state"].text) }
      }
      #expect(ended)
    }
  }

  private func up(_ lab: Lab, _ owner: Owner) throws {
    try lab.up(owner == .command ? "a" : "b")
  }

  @Test(arguments: Owner.allCases)
  func `runs once for all changes of a session, with all their names`(owner: Owner) throws {
    let lab = try Lab.acting(#"action { exec "FOLDER/act %%"; }"#)
    try lab.script(
      "act",
      "echo run >>FOLDER/runs; for n in \"$@\"; do echo \"$n\"; done >FOLDER/args; "
        + "tr '\\0' '\\n' >FOLDER/input")
    try up(lab, owner)
    let names = (0..<5_000).map { "d/f\($0)" }
    for name in names { try lab.write("a", Name(name), name) }
    try pull(lab, owner)
    #expect(lab.madeLines("runs") == ["run"])
    let expected = (names + ["d"]).map { lab.path("b", $0) }
    #expect(Set(lab.madeLines("args")) == Set(expected))
    #expect(lab.madeLines("input") == lab.madeLines("args"))
    #expect(lab.madeLines("args").count == expected.count)
    let run = try #require(try lab.actions("b").first)
    #expect(run["state"].text == "done" && run["name_count"].number == 5_001)
    let shown = try lab.json("b", "actions", "show", lab.lastAction("b"), exits: 0)
    #expect(shown["names"].items.count == 1_000)
    #expect(try lab.actions("a") == [])
  }

  @Test(arguments: Owner.allCases)
  func `runs on the hosts that it is meant for`(owner: Owner) throws {
    let lab = try Lab.acting(Self.marking)
    try up(lab, owner)
    try lab.write("a", "f", "new")
    try pull(lab, owner)
    if owner == .command { try lab.down() }
    #expect(until(seconds: 30) { lab.madeLines("ran.a").count == 2 })
    #expect(lab.madeLines("ran.a") == ["everywhere", "here"])
    #expect(lab.madeLines("ran.b") == ["elsewhere", "everywhere"])
  }

  @Test func `follows a change of attributes and a removal too, and nothing else`() throws {
    let lab = try Lab.acting(#"action { pattern %root%/f; exec "echo x >>FOLDER/ran"; }"#)
    try lab.up("a")
    try lab.write("a", "f", "one")
    try lab.write("a", "keep", "x")
    try lab.sync("b")
    #expect(lab.madeLines("ran").count == 1)
    try lab.chmod("a", "f", 0o600)
    try lab.sync("b")
    #expect(lab.madeLines("ran").count == 2)
    try lab.write("a", "other", "no pattern matches it")
    try lab.sync("b")
    try lab.sync("b")
    #expect(lab.madeLines("ran").count == 2)
    try lab.remove("a", "f")
    try lab.sync("b")
    #expect(lab.madeLines("ran").count == 3)
    try lab.sync("b")
    #expect(lab.madeLines("ran").count == 3)
    #expect(try lab.count("b", "done") == 3)
  }

  @Test func `does not follow a change that was not taken`() throws {
    let lab = try Lab.acting(#"action { pattern %root%/f; exec "echo x >>FOLDER/ran"; }"#)
    try lab.up("a")
    try lab.write("a", "f", "base")
    try lab.sync("b")
    #expect(lab.madeLines("ran").count == 1)
    try lab.write("a", "f", "from a")
    try lab.write("b", "f", "from b")
    try lab.sync("b", exits: 1)
    try lab.sync("b", exits: 1)
    #expect(lab.madeLines("ran").count == 1)
    try lab.resolve("b", lab.path("b", "f"), "--host", "a", exits: 0, 2)
    #expect(lab.madeLines("ran").count == 2, "its disk got another version")
    #expect(try lab.sync("b").silent)
    #expect(lab.madeLines("ran").count == 2)
  }

  @Test func `runs after a crash between the change and its bookkeeping`() throws {
    let lab = try Lab.acting(#"action { exec "echo x >>FOLDER/ran"; }"#)
    try lab.up("a")
    try lab.write("a", "f", "old")
    try lab.sync("b")
    try lab.write("a", "f", "new")
    let strace = [
      "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=renameat2", "-e",
      "inject=renameat2:signal=KILL:when=1",
    ]
    _ = try lab.run("b", "sync", wrapper: strace)
    #expect(lab.madeLines("ran").count == 1)
    try lab.sync("b")
    #expect(try lab.read("b", "f") == "new")
    #expect(lab.madeLines("ran").count == 2)
  }

  @Test func `sees a dry run do nothing`() throws {
    let lab = try Lab.acting(#"action { exec "echo x >>FOLDER/ran"; do-local; }"#)
    try lab.up("a")
    try lab.write("a", "f", "new")
    try lab.write("b", "g", "new")
    try lab.sync("b", "--dry-run", exits: 2)
    #expect(lab.made("ran").isEmpty)
    #expect(try lab.actions("b") == [])
  }

  @Test func `gets its surroundings from concord and from nobody else`() throws {
    let lab = try Lab.acting(#"action { exec "env | sort >FOLDER/env; pwd >>FOLDER/env"; }"#)
    try lab.up("a")
    try lab.write("a", "f", "new")
    try lab.sync("b")
    let lines = lab.madeLines("env").filter { !$0.hasPrefix("_=") && !$0.hasPrefix("SHLVL") }
    #expect(
      lines.filter { !$0.hasPrefix("PWD=") && !$0.hasPrefix("OLDPWD=") } == [
        "CONCORD_ACTION=1", "CONCORD_CONFIG=\(lab.config)", "CONCORD_GROUP=web",
        "CONCORD_HOSTNAME=b", "CONCORD_STATE=\(lab.state("b"))", "HOME=/root", "LANG=C.UTF-8",
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "/",
      ])
  }

  @Test func `is one for a command and a log file, whoever names it`() throws {
    let lab = try Lab.acting(
      """
      action { pattern %root%/f; exec "echo x >>FOLDER/ran"; logfile FOLDER/one.log; }
      action { pattern %root%/g; exec "echo x >>FOLDER/ran"; logfile FOLDER/one.log; }
      action { pattern %root%/g; exec "echo x >>FOLDER/ran"; logfile FOLDER/two.log; }
      """)
    try lab.up("a")
    try lab.write("a", "f", "new")
    try lab.write("a", "g", "new")
    try lab.sync("b")
    #expect(lab.madeLines("ran").count == 2)
    #expect(try lab.actions("b").map { $0["name_count"].number } == [2, 1])
  }
}
