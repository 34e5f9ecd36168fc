import Testing

/// Commands that do what they should not.
@Suite struct `An action that` {
  /// `a` serves; `b` runs the actions with its own commands.
  private func lab(_ actions: String) throws -> Lab {
    let lab = try Lab.acting(actions)
    try lab.up("a")
    try lab.write("a", "f", "one")
    return lab
  }

  @Test func `fails is told, tried again, and can be tried at once or dropped`() throws {
    let lab = try lab(#"action { exec "cat FOLDER/good"; retry 1; }"#)
    let first = try lab.run("b", "sync")
    #expect(first.status == 3, "\(first)")
    expectOneLine(first, naming: "action 1 of web", "exit 1", "concord actions show 1")
    #expect(try lab.read("b", "f") == "one")
    let status = try lab.run("b", "status")
    #expect(status.status == 3 && status.out.contains("action"), "\(status)")
    #expect(try lab.status("b")["actions"].items.front["state"].text == "waiting")
    #expect(try lab.run("b", "doctor").out.contains("warn  actions"))
    #expect(try lab.sync("b", exits: 0).silent, "its time has not come")
    let again = try lab.run("b", "actions", "retry", "1")
    #expect(again.status == 3, "\(again)")
    try lab.put("good", in: "\(lab.folder)/good")
    #expect(try lab.run("b", "actions", "retry", "1").status == 0)
    let shown = try lab.json("b", "actions", "show", "1", exits: 0)
    #expect(shown["state"].text == "done" && shown["output"].text == "good")
    #expect(try lab.run("b", "actions", "drop", "1").status == 0)
    #expect(try lab.actions("b") == [])
    #expect(try lab.run("b", "actions", "drop", "1").status == 66)
    #expect(try lab.run("b", "status").status == 0)
  }

  @Test func `fails too often waits for somebody, or for the next change`() throws {
    let lab = try lab(#"action { exec "cat FOLDER/good"; retry 0; }"#)
    try lab.sync("b", exits: 3)
    #expect(try lab.count("b", "failed") == 1)
    #expect(try lab.sync("b").silent)
    try lab.put("good", in: "\(lab.folder)/good")
    try lab.write("a", "g", "two")
    try lab.sync("b")
    let runs = try lab.actions("b")
    #expect(runs.map { $0["state"].text } == ["done"])
    #expect(runs.front["name_count"].number == 2, "what it missed, too")
  }

  @Test(.tags(.long)) func `fails is tried again by the daemon when its time comes`() throws {
    let lab = try Lab.acting(
      #"action { exec "echo x >>FOLDER/ran; test -e FOLDER/good || exit 9"; }"#)
    try lab.up("b")
    try lab.write("a", "f", "one")
    try lab.sync("a")
    try lab.await("b", 1, "waiting")
    #expect(lab.madeLines("ran").count == 1)
    try lab.put("good", in: "\(lab.folder)/good")
    try lab.await("b", 1, "done")
    #expect(lab.madeLines("ran").count == 2)
  }

  @Test func `hangs is ended with all that it has started`() throws {
    let lab = try lab(#"action { exec "sleep 613 & echo $! >FOLDER/pid; wait"; timeout 1; }"#)
    let outcome = try lab.run("b", "sync")
    #expect(outcome.status == 3 && outcome.err.contains("its time was over"), "\(outcome)")
    let pid = try #require(lab.madeLines("pid").first)
    // Killed; whoever has become its parent may not have taken it yet.
    let state = "grep -q '^State:.[^ZX]' /proc/\(pid)/status"
    #expect(try Child(["sh", "-c", state], scratch: lab.scratch).wait().status != 0)
  }

  @Test func `floods its output fills neither memory nor the log`() throws {
    let lab = try lab(
      #"action { exec "yes | head -c 3000000"; logfile FOLDER/flood.log; }"#)
    try lab.sync("b")
    let shown = try lab.json("b", "actions", "show", "1", exits: 0)
    #expect(shown["output"].text?.utf8.count == 65_536)
    #expect(shown["output_bytes"].number == 3_000_000)
    let log = lab.madeBytes("flood.log").count
    #expect(log > 1 << 20 && log < (1 << 20) + 1_000)
  }

  @Test func `leaves a daemon behind keeps neither the command nor a descriptor`() throws {
    let lab = try lab(
      #"action { exec "setsid sleep 614 & echo $! >FOLDER/pid; ls /proc/$!/fd >FOLDER/fds"; }"#)
    try lab.sync("b")
    let pid = try #require(lab.madeLines("pid").first)
    defer { _ = try? lab.tool("kill", pid) }
    #expect(lab.madeLines("fds").sorted() == ["0", "1", "2"])
    #expect(try lab.count("b", "done") == 1)
  }

  @Test func `starts a service does not keep the daemon's port from the next daemon`() throws {
    let lab = try Lab.acting(#"action { exec "setsid sleep 615 & echo $! >>FOLDER/pid"; }"#)
    try lab.up("b")
    try lab.write("a", "f", "one")
    try lab.sync("a")
    try lab.await("b", 1, "done")
    // Each run leaves one.
    defer { for pid in lab.madeLines("pid") { _ = try? lab.tool("kill", pid) } }
    try lab.down("b")
    try lab.up("b")
    try lab.write("a", "f", "two")
    try lab.sync("a")
    #expect(try lab.read("b", "f") == "two")
    try lab.await("b", 2, "done")
  }

  @Test func `reads its input finds its end`() throws {
    let lab = try lab(#"action { exec "cat >/dev/null; cat; read x || echo end"; }"#)
    try lab.sync("b")
    #expect(try lab.json("b", "actions", "show", "1")["output"].text == "end\n")
  }

  @Test func `deletes the file makes a change like any other`() throws {
    let lab = try lab(#"action { pattern %root%/f; exec "rm -f %%"; }"#)
    try lab.write("a", "keep", "x")
    try lab.sync("b")
    #expect(!lab.exists("b", "f"))
    try lab.sync("b")
    #expect(!lab.exists("a", "f"))
    try lab.expectEqualTrees()
    try lab.expectNoConflicts()
  }

  @Test func `is not there is told as such`() throws {
    let lab = try lab(#"action { exec "/no/such/program %%"; }"#)
    let outcome = try lab.run("b", "sync")
    #expect(outcome.status == 3 && outcome.err.contains("exit 127"), "\(outcome)")
    #expect(
      try lab.json("b", "actions", "show", "1")["output"].text?.contains("/no/such/program") == true
    )
  }

  @Test func `cannot be started stays queued`() throws {
    let lab = try lab(#"action { exec "echo x >>FOLDER/ran"; }"#)
    let strace = [
      "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=clone,fork,vfork", "-e",
      "inject=clone,fork,vfork:error=EAGAIN",
    ]
    let outcome = try lab.run("b", "sync", wrapper: strace)
    #expect(outcome.status == 3 && outcome.err.contains("not started"), "\(outcome)")
    #expect(try lab.count("b", "waiting") == 1)
    #expect(try lab.run("b", "actions", "retry", "1").status == 0)
    #expect(lab.madeLines("ran") == ["x"])
  }

  @Test(arguments: ["ln -s /etc/hostname", "mkfifo", "mkdir", "touch x; ln x"])
  func `would write its log into a trap is not run`(trap: String) throws {
    let lab = try lab(#"action { exec "echo x >>FOLDER/ran"; logfile FOLDER/act.log; }"#)
    try lab.tool("sh", "-c", "cd '\(lab.folder)' && \(trap) act.log")
    let outcome = try lab.run("b", "sync")
    #expect(outcome.status == 3 && outcome.err.contains("log file not opened"), "\(outcome)")
    #expect(lab.made("ran").isEmpty)
    try lab.tool("rm", "-rf", "\(lab.folder)/act.log")
    #expect(try lab.run("b", "actions", "retry", "1").status == 0)
    #expect(lab.madeLines("ran") == ["x"])
    let log = lab.madeLines("act.log")
    #expect(log.count == 2 && log.front.contains("action 1: 1 name: echo x"), "\(log)")
  }

  @Test func `logs through somebody's link is not run`() throws {
    let lab = try lab(#"action { exec "echo x"; logfile FOLDER/logs/act.log; }"#)
    try lab.tool("mkdir", "\(lab.folder)/real")
    try lab.tool("ln", "-s", "real", "\(lab.folder)/logs")
    try lab.sync("b")
    #expect(lab.madeLines("real/act.log").count == 3, "root's link is root's word")
    try lab.tool("chown", "-h", "1234", "\(lab.folder)/logs")
    try lab.write("a", "f", "two")
    let outcome = try lab.run("b", "sync")
    #expect(outcome.status == 3 && outcome.err.contains("is not root's"), "\(outcome)")
  }
}

extension [String] {
  fileprivate var front: String { first ?? "" }
}
