import Foundation
import Testing

/// What was replaced or removed on a host, and the way back.
@Suite struct `A backup` {
  private func lab(generations: Int = 4, directory: String? = nil) throws -> Lab {
    let lab = try Lab(["a", "b"])
    let place = directory.map { "\(lab.folder)/\($0)" } ?? "\(lab.folder)/kept"
    try lab.put(
      try lab.configuration(
        more: "backup-directory \(place); backup-generations \(generations);"), in: lab.config)
    return lab
  }

  private func backups(_ lab: Lab, _ host: String, _ paths: String...) throws -> [JSON] {
    let outcome = try lab.start(host, ["backup", "list", "--json"] + paths).wait()
    expect(outcome, [0], at: #_sourceLocation)
    let document = try JSON(outcome.stdout)
    #expect(document["schema"].text == "concord.backup/1")
    return document["backups"].items
  }

  @Test func `is kept of each version that a peer replaced, as many as are asked for`() throws {
    let lab = try lab()
    try lab.base(["f": "version 1"])
    for version in 2...7 {
      try lab.write("a", "f", "version \(version)", mode: 0o640)
      try lab.touch("a", "f", seconds: 1_000_000_000 + version, nanoseconds: version)
      try lab.sync("a")
    }
    let kept = (1...5).map { "\(lab.folder)/kept/\($0)\(lab.path("b", "f"))" }
    let texts = kept.map { try? String(contentsOfFile: $0, encoding: .utf8) }
    #expect(texts == ["version 6", "version 5", "version 4", "version 3", nil])
    let rows = try backups(lab, "b", lab.path("b", "f"))
    #expect(rows.map { $0["generation"].number } == [1, 2, 3, 4])
    #expect(rows.first?["path"].text == lab.path("b", "f"))
    #expect(rows.first?["mode"].text == "0640")
    #expect(rows.first?["size"].number == 9)
    #expect(rows.first?["mtime"].text == "2001-09-09T01:46:46Z")
    #expect(rows.first?["owner"].text == "root")
    #expect(rows.first?["replaced_at"].text != nil)
    // a has lost nothing to anybody.
    #expect(try backups(lab, "a", lab.path("a", "f")).isEmpty)
    let listed = try lab.run("b", "backup", "list")
    #expect(listed.out.contains(lab.path("b", "f")), "\(listed)")
  }

  @Test(arguments: Form.allCases)
  func `comes back with all that it had, spreads, and what it replaced is kept`(form: Form) throws {
    let lab = try lab()
    try lab.base(["f": "old"])
    try lab.write("a", "f", "new", mode: 0o600)
    try lab.sync("a")
    if form == .alone { try lab.down("b") }
    let outcome = try lab.run("b", "backup", "restore", lab.path("b", "f"))
    expect(outcome, [0], at: #_sourceLocation)
    #expect(try lab.read("b", "f") == "old")
    #expect(lab.sight("b", "f")?.mode == 0o644)
    let rows = try backups(lab, "b", lab.path("b", "f"))
    #expect(rows.map { $0["size"].number } == [3, 3])
    if form == .alone { try lab.up("b") }
    try lab.settle()
    #expect(try lab.contents("f") == ["old", "old"])
    let again = try lab.run("b", "backup", "restore", lab.path("b", "f"), "--generation", "2")
    expect(again, [0], at: #_sourceLocation)
    let none = try lab.run("b", "backup", "restore", lab.path("b", "f"), "--generation", "9")
    #expect(none.status == 66 && none.err.contains("no copy of generation 9"), "\(none)")
  }

  @Test func `of a deleted tree comes back, and of a link`() throws {
    let lab = try lab()
    try lab.base(["d/e/f": "old"])
    try lab.link("a", "l", to: "d/e/f")
    try lab.sync("a")
    try lab.remove("a", "d/e/f")
    try lab.remove("a", "d/e")
    try lab.remove("a", "d")
    try lab.remove("a", "l")
    try lab.sync("a")
    #expect(!lab.exists("b", "d"))
    #expect(!lab.exists("b", "l"))
    for name in ["d/e/f", "l"] {
      expect(
        try lab.run("b", "backup", "restore", lab.path("b", name)), [0], at: #_sourceLocation)
    }
    try lab.settle()
    #expect(try lab.contents("d/e/f") == ["old", "old"])
    #expect(try lab.target("a", "l") == "d/e/f")
  }

  @Test func `that cannot be made keeps the old file, says so, and is made later`() throws {
    let lab = try lab()
    try lab.base(["f": "base", "g": "base"])
    try lab.put("in the way", in: "\(lab.folder)/kept")
    try lab.write("a", "f", "changed")
    try lab.write("a", "new", "new")
    let outcome = try lab.run("a", "sync")
    #expect([2, 4].contains(outcome.status), "\(outcome)")
    #expect(try lab.read("b", "f") == "base")
    #expect(try lab.read("b", "new") == "new")
    let complaint = try lab.run("b", "sync")
    #expect(
      complaint.err.contains("could not be backed up below \(lab.folder)/kept"), "\(complaint)")
    try FileManager.default.removeItem(atPath: "\(lab.folder)/kept")
    try lab.settle()
    #expect(try lab.contents("f") == ["changed", "changed"])
    #expect(try backups(lab, "b").count == 1)
  }

  @Test func `on a full disk of its own keeps the old file and the rest goes on`() throws {
    let lab = try lab()
    let disk = "\(lab.folder)/kept"
    mkdir(disk, 0o700)
    try lab.tool("mount", "-t", "tmpfs", "-o", "size=128k,mode=700", "none", disk)
    lab.mounts.append(disk)
    try lab.base(["small": "base"])
    try lab.write("a", "big", bytes: [UInt8](repeating: 7, count: 500_000))
    try lab.sync("a")
    try lab.write("a", "big", "small now")
    try lab.write("a", "small", "changed")
    #expect([2, 4].contains(try lab.run("a", "sync").status))
    #expect(lab.sight("b", "big")?.size == 500_000)
    #expect(try lab.read("b", "small") == "changed")
    try lab.tool("mount", "-o", "remount,size=4m", disk)
    try lab.settle()
    #expect(try lab.contents("big") == ["small now", "small now"])
  }

  @Test func `inside the root is synced nowhere`() throws {
    let lab = try lab(directory: "b/root/.kept")
    try lab.base(["f": "base"])
    try lab.write("a", "f", "changed")
    try lab.settle()
    #expect(lab.exists("b", ".kept"))
    #expect(!lab.exists("a", ".kept"))
    #expect(try lab.run("b", "scan").status == 0)
    let counts = try lab.status("b")["groups"].items.map { $0["files"].number }
    #expect(try lab.status("a")["groups"].items.map { $0["files"].number } == counts)
  }

  /// Killed before the n-th of its renames: copies of these come before anything is replaced.
  @Test(arguments: [1, 2, 3, 5])
  func `survives a kill whole`(nth: Int) throws {
    let lab = try lab()
    let texts = (0..<6).map { "version \($0) " + String(repeating: "x", count: 20_000) }
    try lab.base(["f": "start"])
    for text in texts.prefix(4) {
      try lab.write("a", "f", text)
      try lab.sync("a")
    }
    try lab.down("b")
    try lab.up(
      "b",
      wrapper: [
        "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=renameat2", "-e",
        "inject=renameat2:signal=KILL:when=\(nth)",
      ], mayEnd: true)
    try lab.write("a", "f", texts[4])
    _ = try lab.run("a", "sync")
    try lab.kill9("b")
    let newest = "\(lab.folder)/kept/1\(lab.path("b", "f"))"
    let held = try? String(contentsOfFile: newest, encoding: .utf8)
    #expect(held == texts[2] || held == texts[3], "\(held?.prefix(20) ?? "nothing")")
    try lab.up("b")
    try lab.settle()
    #expect(try lab.contents("f") == [texts[4], texts[4]])
    #expect(try String(contentsOfFile: newest, encoding: .utf8) == texts[3])
  }
}
