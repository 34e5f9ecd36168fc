import Foundation
import Testing

/// Where an action in trouble is seen.
@Suite struct `An action in trouble` {
  private static let hostile = #"action { exec "echo '<script>' >/dev/null; exit 4"; retry 0; }"#

  private func lab(_ actions: String = hostile) throws -> Lab {
    let lab = try Lab.acting(actions)
    try lab.write("a", "f", "new")
    try lab.up("a")
    try lab.sync("b", exits: 3)
    return lab
  }

  @Test func `is in every form of status`() throws {
    let lab = try lab()
    for format in ["junit", "sarif", "github", "markdown", "html"] {
      let told = try lab.reading(format, "b", "status", exits: 3)
      #expect(told.items.contains { $0["kind"].text == "action" }, "\(format): \(told.items)")
    }
    _ = try lab.reading("json", "b", "status", exits: 3)
    let lines = try lab.run("b", "status", "--format", "ndjson")
    #expect(lines.out.contains(#"{"type":"action","id":1,"#), "\(lines)")
    let text = try lab.run("b", "status")
    #expect(text.status == 3 && text.out.contains("failed: exit 4, 1 try"), "\(text)")
    #expect(try lab.run("b", "status", "--fail-on", "validate").status == 3)
    #expect(try lab.run("b", "status", "--fail-on", "conflict").status == 0)
  }

  @Test func `is on the page of the report, as text`() throws {
    let lab = try lab()
    expect(
      try lab.run("b", "report", "--format", "html", "\(lab.folder)/page.html"), [0],
      at: #_sourceLocation)
    let page = lab.made("page.html")
    #expect(page.contains("1 action failed") && page.contains("failed: exit 4, 1 try"))
    #expect(page.contains("&lt;script&gt;") && !page.contains("<script"))
  }

  @Test func `is known by its number to actions alone`() throws {
    let lab = try lab()
    let list = try lab.run("b", "actions", "list")
    #expect(list.status == 3 && list.out.hasPrefix("1  failed: exit 4"), "\(list)")
    // How long ago it was may differ from one look to the next.
    let bare = try lab.run("b", "actions")
    #expect(bare.status == 3 && bare.out.hasPrefix("1  failed: exit 4"), "\(bare)")
    for words in [["show", "77"], ["retry", "77"], ["drop", "77"]] {
      let outcome = try lab.start("b", ["actions"] + words).wait()
      #expect(outcome.status == 66, "\(outcome)")
      expectOneLine(outcome, naming: "action 77", "there is none of that number")
    }
    #expect(try lab.run("b", "actions", "show", "one").status == 64)
  }

  @Test func `through the daemon ends the command with the same status`() throws {
    let lab = try Lab.acting(Self.hostile)
    try lab.write("a", "f", "new")
    try lab.up()
    let outcome = try lab.run("b", "sync")
    #expect(outcome.status == 3, "\(outcome)")
  }

  @Test func `hangs no daemon that is told to end, and runs again with the next`() throws {
    let lab = try Lab.acting(
      #"action { exec "echo x >>FOLDER/ran; test -e FOLDER/good || exec sleep 616"; }"#)
    try lab.up("b")
    try lab.write("a", "f", "new")
    try lab.sync("a")
    #expect(until(seconds: 30) { lab.madeLines("ran").count == 1 })
    #expect(try lab.run("b", "actions", "drop", "1").status == 75, "it is running")
    try lab.down("b")
    try lab.put("", in: "\(lab.folder)/good")
    try lab.up("b")
    try lab.await("b", 1, "done")
    #expect(lab.madeLines("ran").count == 2)
  }

  @Test func `lets a new configuration wait until it is over`() throws {
    let lab = try Lab.acting(
      #"action { exec "echo x >>FOLDER/ran; sleep 1; echo end >>FOLDER/ran"; }"#)
    try lab.up("b")
    try lab.write("a", "f", "new")
    try lab.sync("a")
    #expect(until(seconds: 30) { lab.madeLines("ran").count == 1 })
    lab.servers["b"]?.signal(SIGHUP)
    try lab.await("b", 1, "done")
    #expect(lab.madeLines("ran") == ["x", "end"])
  }
}
