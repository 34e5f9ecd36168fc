import Model
import Testing

@Suite struct `A fault of a configuration` {
  @Test func `shows its line and a caret under the place`() {
    let result = read("group g {\n\thost a b;\n\tinclud /x;\n}")
    #expect(result.config == nil)
    #expect(
      result.faults.first?.description == """
        c:3:2: `includ` is no keyword inside a group; did you mean `include`?
           includ /x;
           ^
        """)
  }

  @Test func `shows a part of a long line`() {
    let text =
      "#\n" + String(repeating: " ", count: 1000) + "oops " + String(repeating: "x", count: 500)
    let fault = read(text).faults.first
    #expect(fault?.position.description == "c:2:1001")
    #expect((fault?.sourceLine.count ?? 0) < 140)
    #expect(fault?.sourceLine.dropFirst(fault?.caret ?? 0).hasPrefix("oops ") == true)
  }

  @Test func `shows no control bytes`() {
    let fault = read("\"\u{1B}[2J\" \u{202E} x").faults.first
    #expect(fault?.description.contains("\u{1B}") == false)
    #expect(fault?.description.contains("\u{202E}") == false)
    #expect(fault?.sourceLine == "\"\\x1b[2J\" \\xe2\\x80\\xae x")
    let named = parseConfig([UInt8(ascii: "x")], file: "c\u{1B}\n") { _ in .success([]) }
    #expect(named.faults.first?.description.hasPrefix("c\\x1b\\n:1:1: ") == true)
  }

  // text, what the first fault begins with
  @Test(arguments: [
    ("foo bar;", "c:1:1: `foo` is no keyword outside groups; known are"),
    ("gruop g { }", "c:1:1: `gruop` is no keyword outside groups; did you mean `group`?"),
    ("prefxi p { }", "c:1:1: `prefxi` is no keyword outside groups; did you mean `prefix`?"),
    ("include /x;", "c:1:1: `include` stands only inside a group"),
    ("group g { config f; }", "c:1:11: `config` stands only outside groups; close the block"),
    ("group g { host a; key k; include /x;", "c:1:9: this block is never closed; add its `}`"),
    ("}", "c:1:1: `}` begins no statement; remove it"),
    (";", "c:1:1: `;` begins no statement; remove it"),
    ("\"group\" g { }", "c:1:1: `group` begins no statement; keywords stand without quotes"),
    ("group g{ host a; key k; include /x; }", "c:1:7: `g{` is one word; write a blank before `{`"),
    ("group g host a;", "c:1:9: `{` is missing before `host`"),
    ("group a/b { host a; key k; include /x; }", "c:1:7: `a/b` is no name for a group"),
    ("prefix %p% { on *: /x; }", "c:1:8: `%p%` is no name for a prefix; use letters"),
    ("prefix { on *: /x; }", "c:1:1: the prefix has no name; write `prefix NAME {`"),
    ("prefix p { on a:/x; }", "c:1:19: `:` is missing behind `a:/x`; write"),
    ("prefix p { on a: x; }", "c:1:18: `x` is no absolute path; begin it with `/`"),
    ("prefix p { on a: /x/..; }", "c:1:18: `/x/..` has an empty component, `.`, `..`"),
    ("prefix p { on a: ..; }", "c:1:18: `..` is no absolute path"),
    ("prefix p { on [a: /x; }", "c:1:15: `[` is not closed"),
    ("prefix p { on : /x; }", "c:1:15: `on` lacks the host names"),
    ("database \"/x;\n", "c:1:10: the string is not closed on its line; add `\"` at its end"),
    ("database;", "c:1:1: `database` lacks its value; write `database DIRECTORY;`"),
    ("database a b;", "c:1:12: `database` takes one value"),
    ("database /x", "c:1:12: `;` is missing before the end of the file; add it"),
    ("database a@b;", "c:1:11: `@` stands only between a host's name and its address"),
    ("database (x);", "c:1:10: `(` does not belong here; end the statement with `;`"),
    ("lock-timeout ten;", "c:1:14: `ten` is no number of seconds"),
    ("lock-timeout 99999999999999999999;", "c:1:14: `99999999999999999999` is no number"),
    ("lock-timeout -1;", "c:1:14: `-1` is no number of seconds"),
    ("ignore acl;", "c:1:8: `acl` cannot be ignored; known are `uid`, `gid`, `mod`, `mtime`"),
    ("nossl a;", "c:1:1: `nossl` takes two patterns of host names; remove the line"),
    ("config nope;", "c:1:8: `nope` cannot be read: no such file; check the name"),
  ])
  func `is named at its place`(text: String, head: String) {
    let found = faults(text)
    #expect(found.first?.hasPrefix(head) == true, "\(found)")
    #expect(read(text).config == nil)
  }

  // statements of a group, what the first fault says behind its place
  @Test(arguments: [
    ("include /x; key other;", "the group has a second key; the first is in line 1; remove one"),
    ("include /x; auto;", "`auto` lacks its method; write `auto METHOD;`"),
    ("include /x; auto /x left;", "`/x` is no method of `auto`; known are `none`, `first`"),
    ("include /x; auto left a/b;", "the pattern is relative but has a `/`"),
    ("include /x; auto left;; auto", "`;` begins no statement"),
    ("include /x; auto newest;", "`newest` is no method of `auto`; known are `none`, `first`"),
    ("exclude /x;", "group `g` includes nothing; add `include /PATH;`"),
    ("include *.conf;", "group `g` includes base names but no path, so that it would hold nothing"),
    ("include;", "`include` names nothing"),
    ("include \"\";", "the pattern is empty"),
    ("include /x exclude /y;", "`exclude` is a keyword; add the `;` that is missing before it"),
    ("include /x", "`;` is missing before `}`"),
    ("include /x; host (b;", "this parenthesis is never closed"),
    ("include /x; host ((c));", "parentheses stand inside parentheses"),
    ("include /x; host c);", "`)` does not belong here"),
    ("include /x; host;", "`host` names nobody"),
    ("include /x; host on;", "`on` is a keyword"),
    ("include /x; host b*;", "`b*` is no host name; use letters, digits"),
    ("include /x; host b:30865;", "`b:30865` is no host name; write `NAME@ADDRESS:PORT`"),
    ("include /x; host c@;", "`@` lacks the address"),
    ("include /x; host c@l:0;", "`l:0` has no valid port; write a number from 1 to 65535"),
    ("include /x; host c@l:65536;", "`l:65536` has no valid port"),
    ("include /x; host c@l:99999999999999999999;", "`l:99999999999999999999` has no valid port"),
    ("include /x; host c@l:+1;", "`l:+1` has no valid port"),
    ("include /x; host c@::1;", "`@` lacks the address; write `NAME@ADDRESS`, or `NAME@[IPV6]`"),
    ("include /x; host c@fe80::1;", "`fe80::1` is no address; put an IPv6 address in brackets"),
    ("include /x; host c@[::1;", "`[` is not closed"),
    ("include /x; host c@[::1]x;", "`[::1]x` has no valid port"),
    ("include /x; host c@[name];", "`[name]` is no address"),
    ("include /x; backup-directory rel;", "`rel` is no absolute path"),
    ("include /x; backup-generations many;", "`many` is no number"),
    ("include /x; action { pattern /x; }", "the action has no `exec`"),
    ("include /x; action { exec a; pattern *.c; }", "a `pattern` is one of paths"),
    ("include /x; action { exec a;", "this block is never closed"),
    (
      "include /x; action { exce a; }",
      "`exce` is no keyword inside an action; did you mean `exec`?"
    ),
    ("include /x; autO none;", "`autO` is no keyword inside a group; did you mean `auto`?"),
  ])
  func `of a group is named`(statements: String, text: String) {
    let found = faults(group(statements))
    let message = found.first?.split(separator: ": ", maxSplits: 1).last ?? ""
    #expect(message.hasPrefix(text), "\(found)")
  }

  @Test func `names all that a group lacks`() {
    #expect(
      faults("group g { }") == [
        "c:1:1: group `g` has no host; add `host NAME...;`",
        "c:1:1: group `g` has no key; add `key FILE;`; `concord keygen` makes one",
        "c:1:1: group `g` includes nothing; add `include /PATH;`",
      ])
  }

  @Test func `does not hide those behind it`() {
    let found = faults(
      """
      foo { bar; { } baz; }
      group g {
        hots a;
        host b;
        key;
        include relative/x /ok exclude *.o;
        auto sometimes;
      }
      lock-timeout never;
      """)
    #expect(
      found.map { $0.prefix(while: { $0 != " " }) } == [
        "c:1:1:", "c:3:3:", "c:5:3:", "c:6:26:", "c:7:8:", "c:9:14:",
      ])
  }

  @Test func `is one of a hundred at most`() {
    #expect(faults(String(repeating: "foo; ", count: 5000)).count == 100)
    #expect(faults(String(repeating: "\"x\n", count: 5000)).count == 100)
  }
}

@Suite struct `A file that is no configuration` {
  @Test func `with a byte 0 is refused at that byte`() {
    #expect(
      faults("group g {\n ho\u{0}st") == [
        "c:2:4: the file has a byte 0; save it as plain text in UTF-8"
      ])
  }

  @Test func `with a line of 10 MiB is refused in that line`() {
    let line = [UInt8](repeating: UInt8(ascii: "x"), count: 10 << 20)
    let found = heads(read(Array("# first\n".utf8) + line).faults)
    #expect(
      found == ["c:2:65537: the line is longer than 65536 bytes; break it into several lines"])
  }

  @Test func `of more than 1 MiB is refused`() {
    let found = faults(String(repeating: "# filler\n", count: 200_000))
    #expect(found.first?.hasPrefix("c:1:1: the file is larger than 1048576 bytes") == true)
    #expect(found.count == 1)
  }

  @Test func `with a word longer than a path is refused there`() {
    let found = faults("database \(String(repeating: "x", count: 4097));")
    #expect(found == ["c:1:10: the word is longer than 4096 bytes; shorten it"])
  }

  @Test(
    arguments: [
      [0xFF], [0xC3, 0x28], [0x1B], [0x7F], [0xC2, 0x9B], [0xE2, 0x80, 0xAE], [0xC3, 0x5C, 0xA9],
    ] as [[UInt8]])
  func `with a word that cannot be printed is refused there`(bytes: [UInt8]) {
    let result = read(Array("database \"x".utf8) + bytes + Array("\";".utf8))
    #expect(
      heads(result.faults).first?.hasPrefix("c:1:10: the word has a byte that cannot be printed: ")
        == true)
    #expect(result.faults.count == 1)
  }

  @Test func `may have such bytes in comments`() {
    #expect(read([UInt8(ascii: "#"), 0xFF, 0x1B, 0x0A]).faults == [])
  }
}

@Suite struct `A file that includes` {
  @Test func `itself is refused`() {
    #expect(faults("config c;") == ["c:1:8: `c` includes itself; remove this line"])
  }

  @Test func `itself through another is refused`() {
    let found = faults("config d;", files: ["d": "config e;", "e": "\n config c;"])
    #expect(found == ["e:2:9: `c` includes itself; remove this line"])
  }

  @Test func `others a thousand deep is refused after 16`() {
    var files: [String: String] = [:]
    for depth in 0..<1000 { files["f\(depth)"] = "config f\(depth + 1);" }
    let found = faults("config f0;", files: files)
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("f14:1:8: files include each other more than 16 deep") == true)
  }

  @Test func `itself under ever new names is refused`() {
    var calls = 0
    let loop = Array("config ./c; config ././c;".utf8)
    let result = parseConfig(loop, file: "c") { _ in
      calls += 1
      return .success(loop)
    }
    #expect(result.config == nil)
    #expect(calls <= 256)
  }

  @Test func `a broken one shows that one's line`() {
    let fault = read("config d;", files: ["d": "\n  oops;"]).faults.first
    #expect(fault?.position.description == "d:2:3")
    #expect(fault?.sourceLine == "  oops;")
  }

  @Test func `one without closing its block is refused there`() {
    let found = faults("config d; host b; }", files: ["d": "group g { host a; key k; include /x;"])
    #expect(found.first == "d:1:9: this block is never closed; add its `}`")
  }
}
