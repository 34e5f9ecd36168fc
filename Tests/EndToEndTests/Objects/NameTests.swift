import Foundation
import Testing

/// Names are bytes: they arrive as they are and never reach a terminal as they are.
@Suite struct `A name` {
  static let odd: [Name] = [
    Name("line\nbreak"), Name("tab\tinside"), Name("return\r"),
    Name("\u{1b}[2J\u{1b}]0;title\u{7}"),
    Name(bytes: [0xff, 0xfe, 0x41]), Name(bytes: [0xc3, 0x28]), Name(bytes: [0x80, 0x9b, 0x31]),
    Name(String(repeating: "n", count: 255)), Name("-rf"), Name("--yes"), Name(" lead and trail "),
    Name("%"), Name("%root%"), Name("%%"), Name("'single' \"double\""), Name("semi;colon"),
    Name("$(touch owned)`id`"), Name("star*[a]?"), Name("back\\slash"), Name("\u{202e}gpj.exe"),
    Name("e\u{301}"), Name("\u{e9}"), Name("\u{7f}"), Name("a:b@c#d{e}"), Name("..."), Name("~"),
    Name(".concord"), Name(".concord-tmp"), Name("concord.db"), Name(".f.AbCdEf"),
    Name("c\u{9b}2J"),
  ]

  private static let commands: [[String]] = [
    ["sync", "--dry-run", "-v"], ["sync", "--dry-run", "--format", "json"], ["sync", "-v"],
    ["sync", "--format", "json"], ["status"], ["status", "--format", "json"], ["conflicts"],
    ["conflicts", "--format", "json"], ["verify"], ["verify", "-v"], ["scan", "-v"],
  ]

  @Test func `of any bytes arrives as it is, as file, directory and link`() throws {
    let lab = try Lab()
    try lab.up()
    for (index, name) in Self.odd.enumerated() {
      try lab.write("a", name, "file \(index)")
      try lab.write("a", Name(bytes: Array("d/".utf8) + name.bytes + Array("/f".utf8)), "below")
    }
    try lab.link("a", Name(bytes: Array("link \n".utf8) + [0xff]), to: "tar\nget \u{1b}[0m")
    try lab.settle()
    try lab.expectEqualTrees()
    #expect(try Tree.names(lab.root("c")).count == Self.odd.count * 3 + 2)
    #expect(!FileManager.default.fileExists(atPath: "\(lab.root("b"))/owned"))
    for name in Self.odd { try lab.remove("b", Name(bytes: Array("d/".utf8) + name.bytes)) }
    try lab.sync("b", "--yes")
    try lab.settle()
    try lab.expectEqualTrees()
  }

  @Test func `never moves a cursor: no output holds a control byte`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base([:])
    for name in Self.odd { try lab.write("a", name, "from a") }
    for (index, arguments) in Self.commands.enumerated() {
      let outcome = try lab.start("a", arguments).wait()
      expectHarmless(outcome)
      // From now on with conflicts.
      if index == 3 {
        for name in Self.odd {
          try lab.write("a", name, "again from a")
          try lab.write("b", name, "from b")
        }
        expectHarmless(try lab.run("b", "sync", "-v"))
      }
    }
    try lab.down()
    for name in ["f\u{1b}[31m", "x\ny"] {
      for command in ["show", "resolve", "force", "diff", "no-\u{7}such"] {
        expectHarmless(try lab.run("a", command, lab.path("a", name)))
      }
    }
  }

  @Test func `in a conflict is in JSON as text, and as bytes where it is none`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base([:])
    for name in Self.odd {
      try lab.write("a", name, "from a")
      try lab.write("b", name, "from b")
    }
    try lab.settle(exits: 1)
    let open = try lab.conflicts("a")
    #expect(open.count == Self.odd.count)
    for name in Self.odd {
      let whole = Array("\(lab.root("a"))/".utf8) + name.bytes
      if let text = String(validating: name.bytes, as: UTF8.self) {
        // Byte by byte: to Swift the two ways to write an accented letter are the same text.
        let path = Array(lab.path("a", text).utf8)
        #expect(open.count { $0["path"].text.map { Array($0.utf8) } == path } == 1, "\(name)")
      } else {
        let base64 = Data(whole).base64EncodedString()
        #expect(open.count { $0["path_b64"].text == base64 } == 1, "\(name)")
      }
    }
    let plain = open.filter { $0["path"].text == lab.path("a", "-rf") }
    #expect(plain.allSatisfy { $0["path_b64"] == .null }, "only where it is needed")
  }

  @Test func `that begins with a dash or a percent sign is taken by commands`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["-rf": "base", "%root%": "base"])
    for name in ["-rf", "%root%"] {
      try lab.write("a", Name(name), "from a")
      try lab.write("b", Name(name), "from b")
    }
    try lab.settle(exits: 1)
    for name in ["-rf", "%root%"] { try lab.resolve("a", lab.path("a", name), "--ours", exits: 0, 1) }
    try lab.settle()
    #expect(try lab.contents("%root%") == ["from a", "from a"])
  }
}
