import Testing

/// Actions that call concord themselves.
@Suite struct `An action that calls concord` {
  @Test(arguments: Owner.allCases)
  func `spreads what it changes, and nobody waits for himself`(owner: Owner) throws {
    let lab = try Lab.acting(
      #"action { pattern %root%/f; exec "FOLDER/act %%"; }"#, hosts: ["a", "b", "c"])
    try lab.script(
      "act",
      """
      test $CONCORD_HOSTNAME = b || exit 0
      cp "$1" "${1%/f}/made" && '\(lab.binary)' sync >FOLDER/said 2>&1
      echo $? >FOLDER/status
      """)
    try lab.up("a", "c")
    if owner == .daemon { try lab.up("b") }
    try lab.write("a", "f", "one")
    try lab.sync("b")
    #expect(try until(seconds: 60) { try lab.count("b", "done") == 1 })
    #expect(lab.madeLines("status") == ["0"], "\(lab.made("said"))")
    #expect(try lab.contents("made") == ["one", "one", "one"])
  }

  @Test func `may do so long after the command that ran it has ended`() throws {
    let lab = try Lab.acting(#"action { pattern %root%/f; exec "FOLDER/act"; }"#)
    try lab.script(
      "act",
      "(sleep 1; '\(lab.binary)' status >FOLDER/said 2>&1; echo $? >FOLDER/status) "
        + "</dev/null >/dev/null 2>&1 &")
    try lab.up("a")
    try lab.write("a", "f", "one")
    try lab.sync("b")
    #expect(until(seconds: 60) { !lab.made("status").isEmpty })
    #expect(lab.madeLines("status") == ["0"], "\(lab.made("said"))")
  }

  @Test func `leaves what follows from that to the one who runs it`() throws {
    let lab = try Lab.acting(
      """
      action { pattern %root%/f; exec "FOLDER/act %%"; }
      action { pattern %root%/made; exec "echo x >>FOLDER/followed"; do-local-only; }
      """)
    try lab.script(
      "act",
      "cp \"$1\" \"${1%/f}/made\" && '\(lab.binary)' sync; echo $? >FOLDER/status; "
        + "test ! -e FOLDER/followed && echo later >FOLDER/order")
    try lab.up("a")
    try lab.write("a", "f", "one")
    try lab.sync("b")
    #expect(lab.madeLines("status") == ["0"])
    #expect(lab.madeLines("followed") == ["x"])
    #expect(lab.madeLines("order") == ["later"])
  }

  @Test func `again and again from its own changes comes to an end`() throws {
    let lab = try Lab.acting(#"action { pattern %root%/f; exec "FOLDER/act"; do-local-only; }"#)
    try lab.script(
      "act", "echo x >>FOLDER/ran; echo $$ >>'\(lab.root("b"))/f'; '\(lab.binary)' scan")
    try lab.write("b", "f", "one")
    try lab.up("a")
    let outcome = try lab.run("b", "sync")
    #expect([0, 2].contains(outcome.status), "\(outcome)")
    #expect(lab.madeLines("ran").count == 100)
  }
}
