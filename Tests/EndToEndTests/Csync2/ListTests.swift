import Testing

/// What csync2's lists print, column by column, and their statuses.
@Suite struct `A list of csync2's` {
  private let a = "a.lab"
  private let b = "b.lab"
  private let c = "c.lab"

  private func lab() throws -> Lab {
    let lab = try Lab.csync2()
    try lab.base(["F": "base", "d/G": "base"])
    return lab
  }

  @Test func `-M says what each peer lacks, and marks what is forced`() throws {
    let lab = try lab()
    try lab.csync2(a, "-M", exits: 2)
    try lab.down(c)
    try lab.write(a, "F", "news")
    try lab.remove(a, "d/G")
    try lab.csync2(a, "-x", exits: 1)
    let one = try lab.csync2(a, "-M", exits: 0)
    #expect(one.out == "chary\ta.lab\tc.lab\t%d%/F\nchary\ta.lab\tc.lab\t%d%/d/G\n")
    try lab.csync2(a, "-M", "-P", b, exits: 2)
    try lab.csync2(a, "-m", "-F", lab.path(a, "F"), exits: 0)
    #expect(try lab.csync2(a, "-M", exits: 0).out.hasPrefix("force\ta.lab\tc.lab\t%d%/F\n"))
    try lab.up(c)
    try lab.csync2(a, "-u", exits: 0)
    try lab.csync2(a, "-M", exits: 2)
  }

  @Test func `-L and -S say what is on the disk, targets of links too`() throws {
    let lab = try lab()
    try lab.chmod(a, "F", 0o640)
    try lab.touch(a, "F", seconds: 1_700_000_000)
    try lab.link(a, "l", to: "a b")
    try lab.csync2(a, "-cr", "/", exits: 0)
    let list = try lab.csync2(a, "-L", exits: 0)
    #expect(
      list.out.contains(
        "v1:mtime=1700000000:mode=33184:uid=0:gid=0:type=reg:size=4\t%d%/F\n"), "\(list)")
    #expect(
      list.out.contains("v1:mode=41471:uid=0:gid=0:type=lnk:target=a%20b\t%d%/l\n"), "\(list)")
    #expect(list.out.contains("v1:mode=16877:uid=0:gid=0:type=dir\t%d%/d\n"))
    #expect(try lab.csync2(a, "-S", a, "B.lab", exits: 0).out == list.out)
    try lab.csync2(a, "-S", b, a, exits: 1)
    try lab.csync2(a, "-S", a, "nobody", exits: 1)
    let empty = try Lab.csync2()
    try empty.csync2(a, "-L", exits: 2)
    try empty.csync2(a, "-S", a, b, exits: 2)
  }

  @Test func `-H says which hints are kept`() throws {
    let lab = try lab()
    try lab.csync2(a, "-H", exits: 2)
    try lab.csync2(a, "-h", lab.path(a, "not there yet"), exits: 0)
    try lab.csync2(a, "-hr", "%d%/d", exits: 0)
    try lab.csync2(a, "-hr", "/", exits: 0)
    let list = try lab.csync2(a, "-H", exits: 0)
    #expect(list.out == "0\t%d%/not there yet\n1\t%d%/d\n1\t/\n", "\(list)")
    try lab.csync2(a, "-h", "/etc/passwd", exits: 1)
    try lab.write(a, "d/G", "news")
    try lab.csync2(a, "-c", exits: 0)
    try lab.csync2(a, "-H", exits: 2)
    #expect(try lab.csync2(a, "-M", "-P", b, exits: 0).out == "chary\ta.lab\tb.lab\t%d%/d/G\n")
  }

  /// There, a hint is gone whether or not anything came of it.
  @Test func `-c keeps a hint that it could not work off`() throws {
    let lab = try lab()
    try lab.csync2(a, "-h", lab.path(a, "F"), exits: 0)
    try lab.tool("mv", lab.root(a), lab.root(a) + ".real")
    try lab.csync2(a, "-c", exits: 1)
    try lab.tool("mv", lab.root(a) + ".real", lab.root(a))
    try lab.csync2(a, "-H", exits: 0)
    try lab.csync2(a, "-c", exits: 0)
    try lab.csync2(a, "-H", exits: 2)
  }

  @Test func `-T compares files, in csync2's letters and statuses`() throws {
    let lab = try lab()
    try lab.csync2(a, "-T", exits: 2)
    try lab.csync2(a, "-T", a, b, exits: 2)
    try lab.write(b, "F", "other")
    try lab.remove(b, "d/G")
    try lab.write(b, "only", "there")
    let test = try lab.csync2(a, "-T", a, b, exits: 0)
    #expect(
      test.out == "X\ta.lab\tb.lab\t%d%/F\nL\ta.lab\tb.lab\t%d%/d/G\nR\ta.lab\tb.lab\t%d%/only\n",
      "\(test)")
    #expect(try lab.csync2(a, "-T", exits: 0).out == test.out, "c is equal")
    try lab.csync2(a, "-T", a, c, exits: 2)
    let file = try lab.csync2(a, "-T", lab.path(a, "F"), exits: 0)
    #expect(file.out == "X\ta.lab\tb.lab\t%d%/F\n")
    try lab.csync2(a, "-T", a, b, "%d%/keep", exits: 2)
    #expect(try lab.csync2(a, "-T", a, b, "%d%/only", exits: 0).out.hasPrefix("R\t"))
    try lab.csync2(a, "-T", b, a, exits: 1)
    try lab.down(c)
    try lab.csync2(a, "-T", a, c, exits: 1)
    try lab.csync2(a, "-T", exits: 1)
  }

  @Test(arguments: Form.allCases)
  func `-TT shows how the peer's file becomes this host's`(form: Form) throws {
    let lab = try lab()
    if form == .alone { try lab.down(a) }
    try lab.write(b, "F", "other\n")
    try lab.write(b, "only", "there\n")
    try lab.link(a, "l", to: "here")
    try lab.chmod(b, "d/G", 0o600)
    try lab.write(b, "bin", bytes: [0, 1, 2, 0xFF])
    let test = try lab.csync2(a, "-TT", a, b, exits: 0)
    #expect(test.out.contains("--- b.lab:%d%/F\n+++ a.lab:%d%/F\n@@ -1 +1 @@\n-other\n+base\n"))
    #expect(test.out.contains("--- b.lab:%d%/only\n+++ /dev/null\n@@ -1 +0,0 @@\n-there\n"))
    #expect(test.out.contains("--- /dev/null\n+++ a.lab:%d%/l\n@@ -0,0 +1 @@\n+here\n"))
    #expect(test.out.contains("# %d%/d/G: b.lab has mode 0600, a.lab has mode 0644\n"))
    #expect(test.out.contains("binary") && !test.out.contains("\u{0}"), "\(test)")
    #expect(try lab.csync2(a, "-TT", lab.path(a, "keep"), exits: 2).out == "")
    #expect(try lab.csync2(a, "-TT", a, c, exits: 0).out.contains("+++ a.lab:%d%/l\n"))
  }

  @Test func `-o says what the patterns hold, those of compare too, each once`() throws {
    let lab = try Lab.csync2(
      more: "exclude %d%/private; compare %d%/private/x %d%/private/cert;")
    try lab.base(["F": "base"])
    for name in ["private/x", "private/cert", "private/key", "d/e.swp"] {
      try lab.write(a, Name(name), "x")
    }
    let all = try lab.csync2(a, "-or", "/", exits: 0)
    #expect(all.out == "%d%\n%d%/F\n%d%/d\n%d%/keep\n%d%/private/cert\n%d%/private/x\n", "\(all)")
    let some = try lab.csync2(a, "-o", "-r", lab.path(a, "private"), exits: 0)
    #expect(some.out == "%d%/private/cert\n%d%/private/x\n")
    #expect(try lab.csync2(a, "-o", lab.path(a, "F"), exits: 0).out == "%d%/F\n")
    #expect(try lab.csync2(a, "-o", lab.root(a), exits: 0).out == "%d%\n")
    // There, the first of two patterns of a `compare` is an include.
    try lab.csync2(a, "-x", exits: 0)
    #expect(!lab.exists(b, "private/x") && !lab.exists(b, "private/cert"))
  }

  /// There, a name with a line end in it is two lines.
  @Test func `has one line for a name, whatever is in it`() throws {
    let lab = try lab()
    let odd = Name(bytes: Array("new\nline \u{1B}[2J\tt %d% \\ ".utf8) + [0xFF])
    try lab.write(a, odd, "x")
    let shown = "%d%/new\\nline \\x1b[2J\\tt %d% \\\\ \\xff"
    for words in [
      ["-cv", lab.root(a) + "/", "-r"], ["-M"], ["-L"], ["-or", "/"], ["-T"], ["-TT"],
    ] {
      let outcome = try lab.startCsync2(a, words).wait()
      expectHarmless(outcome)
      #expect((outcome.out + outcome.err).contains("new\\nline"), "\(outcome)")
    }
    #expect(try lab.csync2(a, "-M", "-P", b, exits: 0).out == "chary\ta.lab\tb.lab\t\(shown)\n")
    let name = "quote's \"and\" $(blank) *"
    try lab.write(a, Name(name), "x")
    try lab.csync2(a, "-h", lab.path(a, name), exits: 0)
    #expect(try lab.csync2(a, "-H", exits: 0).out == "0\t%d%/\(name)\n")
    try lab.csync2(a, "-cu", exits: 0)
    #expect(try lab.read(b, Name(name)) == "x" && lab.read(b, odd) == "x")
  }

  @Test func `-W says in which directories there is something of a group`() throws {
    let lab = try lab()
    try lab.write(a, "new dir/f", "x")
    try lab.tool("mkdir", "\(lab.root(a))/hollow")
    let script =
      "exec 5>\"$ROOT.dirs\"; csync2 -W5 -cr \"$ROOT\"; exec 5>&-; tr '\\0' '\\n' <\"$ROOT.dirs\""
    let outcome = try lab.cron(a, script)
    let root = lab.root(a)
    #expect(outcome.out == "\(root)\n\(root)/d\n\(root)/new dir\n", "\(outcome)")
    #expect(try lab.csync2(a, "-W", "77", "-cr", "/").status == 1)
  }
}
