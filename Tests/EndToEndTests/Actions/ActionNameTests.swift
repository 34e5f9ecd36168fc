import Testing

/// Names are data: no shell reads them, and no terminal either.
@Suite struct `A name that an action gets` {
  private static let names: [Name] = [
    "with blank", "quote\"'", ";touch FOLDER-pwned", "`touch pwned`", "$(touch pwned)", "-rf",
    "line\nbreak", "esc\u{1B}[31mred", "%%", "%s%n", "*", "\\back\\slash", "tab\there",
    Name(bytes: [0x66, 0xFF, 0xFE]), Name(bytes: [0xC2]), "\u{202E}rtl", "é",
  ]

  @Test func `arrives byte by byte, by argument and by input, and is executed nowhere`() throws {
    let lab = try Lab.acting(
      #"action { exec "FOLDER/act %% end"; logfile FOLDER/act.log; }"#)
    try lab.script(
      "act", "printf '%s\\0' \"$@\" >FOLDER/args; cat >FOLDER/input; tr '\\0' '\\n' <FOLDER/input")
    try lab.up("a")
    for name in Self.names { try lab.write("a", name, "x") }
    try lab.sync("b")
    let paths = Self.names.map { Array(lab.root("b").utf8) + [0x2F] + $0.bytes }
    let arguments = lab.madeBytes("args").split(separator: 0).map { Array($0) }
    #expect(arguments.last == Array("end".utf8))
    #expect(Set(arguments.dropLast()) == Set(paths) && arguments.count == paths.count + 1)
    #expect(
      lab.madeBytes("input") == Array(arguments.dropLast().map { $0 + [0] }.joined()))
    let found = try lab.tool("find", lab.folder, "-name", "*pwned*", "-not", "-path", "*/root/*")
    #expect(found.isEmpty)
    try expectHarmlessEverywhere(lab)
  }

  private func expectHarmlessEverywhere(_ lab: Lab) throws {
    let id = try lab.lastAction("b")
    let shown = try lab.run("b", "actions", "show", id)
    expectHarmless(shown)
    #expect(shown.out.contains("line\\nbreak") && shown.out.contains("f\\xff\\xfe"), "\(shown)")
    for words in [["actions"], ["actions", "show", id, "--json"], ["actions", "--json"]] {
      let outcome = try lab.start("b", words).wait()
      #expect(outcome.status == 0)
      expectHarmless(outcome)
    }
    let document = try lab.json("b", "actions", "show", id)
    #expect(document["names"].items.count == Self.names.count)
    #expect(document["names"].items.contains { $0["path_b64"].text != nil })
    let log = lab.madeBytes("act.log")
    #expect(log.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x0A || $0 == 0x09 })
    #expect(String(validating: log, as: UTF8.self)?.contains("esc\\x1b[31mred") == true)
  }

  @Test func `may be one of so many that no kernel takes them at once`() throws {
    let lab = try Lab.acting(#"action { exec "FOLDER/act %%"; }"#)
    try lab.script("act", "echo $# >>FOLDER/counts; tr '\\0' '\\n' >>FOLDER/input")
    try lab.up("a")
    let long = String(repeating: "n", count: 240)
    for index in 0..<4_500 { try lab.write("a", "\(long)\(index)", "x") }
    try lab.sync("b")
    let counts = lab.madeLines("counts").compactMap { Int($0) }
    #expect(counts.count == 2 && counts.reduce(0, +) == 4_500, "\(counts)")
    #expect(Set(lab.madeLines("input")).count == 4_500)
    #expect(try lab.count("b", "done") == 2)
  }
}
