import Testing

/// Names that some format could take for its own signs, and what GitHub's annotations, which know
/// no way to write control characters, call them.
enum FormatNames {
  static let all: [(name: Name, annotated: String)] =
    plain.map { (Name($0), $0) } + [
      ("line\nbreak", "line\nbreak"), ("re\r\nturn", "re\r\nturn"),
      ("\u{1b}[31mred\u{1b}[0m", "\\x1b[31mred\\x1b[0m"), ("bell\u{7}\n", "bell\\x07\\n"),
      ("\u{202e}gpj.exe", "\\xe2\\x80\\xaegpj.exe"), ("tab\tstop", "tab\\tstop"),
      (Name(bytes: [0xff, 0xfe, 0x41]), "\\xff\\xfeA"),
      (Name(bytes: Array("caf".utf8) + [0xe9]), "caf\\xe9"),
    ]

  private static let plain = [
    "a|b", "100%", "%0A", "a:b,c", "'single' \"double\"", "<script>alert(1)<script>", "&amp;",
    "-rf", "--json", String(repeating: "n", count: 200), "back\\slash", "back\\nslash", "`tick`",
    "a\\|b", "[a](b){0}", "@user #1", "*bold* _it_ ~~no~~", "ä€😀", "\u{fffe}", "a b", "]]>",
    "::error::x", "www.example.com", "https:__x", "$x$", "!(a)", "{{n}}", "q?a=b#c", ";x=1",
  ]

  /// Two hosts that have edited every one of these, and met.
  static func conflicting() throws -> Lab {
    let lab = try Lab(["a", "b"])
    for item in all { try lab.write("a", item.name, "base") }
    try lab.base([:])
    for item in all {
      try lab.write("a", item.name, "from a")
      try lab.write("b", item.name, "from b!")
    }
    try lab.settle(exits: 1)
    return lab
  }

  static func paths(_ lab: Lab, _ host: String) -> Set<[UInt8]> {
    Set(all.map { path($0.name, lab, host) })
  }

  static func path(_ name: Name, _ lab: Lab, _ host: String) -> [UInt8] {
    Array("\(lab.root(host))/".utf8) + name.bytes
  }
}
