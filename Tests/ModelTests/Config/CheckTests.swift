import Model
import Testing

@Suite struct `A check of a configuration` {
  @Test func `has nothing against a sound one`() {
    #expect(
      check(
        """
        prefix p { on a: /srv/p; on b: /data/p; }
        group g { host a b@lan:30866; key k; include %p% /etc/x; exclude *.o %p%/t; auto none; }
        group h { host a c; key l; include /etc/y; }
        """) == [])
  }

  @Test func `refuses a host that is in no group and names those that are`() {
    let text = group("include /x; host c.lan;")
    #expect(
      check(text, host: "C") == [
        "c:1:1: this host, `c`, is in no group; listed are `a`, `b`, `c.lan`; "
          + "add it to a group, or say which it is: `--hostname c.lan`"
      ])
    #expect(check("", host: "a") == ["c:1:1: the configuration has no group; add one"])
  }

  @Test func `names twenty hosts at most`() {
    let hosts = (10..<40).map { "h\($0)" }.joined(separator: " ")
    let found = check("group g { host \(hosts); key k; include /x; }", host: "z")
    #expect(found.first?.contains("`h29` and 10 more; ") == true)
  }

  @Test func `refuses a group of the same name, whichever host asks`() {
    let one = "group g { host a b; key k; include /x; }"
    #expect(
      check("\(one)\ngroup g { host c; key k; include /y; }").first
        == "c:2:1: group `g` stands here a second time; rename it, or join it with the one at c:1:1"
    )
  }

  @Test func `refuses a prefix of the same name`() {
    let found = check("prefix p { on *: /p; } prefix p { on *: /q; }" + group("include %p%;"))
    #expect(found.first?.hasPrefix("c:1:24: prefix `p` stands here a second time") == true)
  }

  @Test func `refuses a host listed twice, in whatever case`() {
    #expect(
      check("group g { host H1 h1; key k; include /x; }", host: "h1") == [
        "c:1:19: host `h1` is listed twice in group `g`; "
          + "remove one of them; upper and lower case are the same"
      ])
  }

  @Test func `refuses two addresses of one host`() {
    let found = check(
      """
      group g { host a b@x; key k; include /x; }
      group h { host a b@y; key k; include /y; }
      group i { host a b; key k; include /z; }
      """)
    #expect(
      found == [
        "c:2:18: host `b` has two addresses; "
          + "write the same one here and at c:1:18: one session serves all groups"
      ])
  }

  @Test func `refuses a prefix without a place here, if a group of this host uses it`() {
    let text = """
      prefix p { on b: /p; }
      group g { host a b; key k; include %p%/x; exclude %q%; }
      """
    #expect(
      check(text, host: "a") == [
        "c:2:36: prefix `p` has no place on this host, `a`; add `on a: /PATH;` to it",
        "c:2:51: prefix `q` is not defined; add `prefix q { on a: /PATH; }`",
      ])
    #expect(check(text, host: "b").count == 1)
    #expect(check(text + " group h { host c; key k; include /x; }", host: "c") == [])
  }

  @Test(arguments: [
    ("/", "%p%", true), ("/", "%p%/*", true), ("/", "%p%/proc/x", true), ("/", "%p%/etc", false),
    ("/dev", "%p%/shm", true), ("/sys", "%p%", true), ("/system", "%p%", false),
  ])
  func `refuses the whole system and the kernel's behind a prefix`(
    place: String, pattern: String, isRefused: Bool
  ) {
    let found = check("prefix p { on *: \(place); } " + group("include \(pattern);"))
    #expect(found.isEmpty == !isRefused, "\(found)")
  }

  @Test(arguments: [
    "action { exec x; }", "backup-directory /b;", "backup-generations 3;", "compare /c;",
    "host (c);", "ignore uid;", "validate { exec x; }", "no-delete a;",
  ])
  func `takes all that a group can say`(statement: String) {
    #expect(check(group("include /x; \(statement)")) == [])
  }

  @Test(arguments: AutoMethod.allCases)
  func `takes every method of auto`(method: AutoMethod) {
    #expect(check(group("include /x; auto \(method.rawValue) /x/a *.conf;")) == [])
  }

  @Test func `refuses a prefix of auto that is not defined`() {
    let found = check(group("include /x; auto left %p%/a;"))
    #expect(found.count == 1 && found[0].contains("prefix `p` is not defined"), "\(found)")
  }

  @Test func `refuses a prefix of a validation that is not defined`() {
    let found = check(group("include /x; validate { pattern %p%/a; exec x; }"))
    #expect(found.count == 1 && found[0].contains("prefix `p` is not defined"), "\(found)")
  }

  @Test func `refuses nossl for all`() {
    #expect(
      check("nossl * *;\n" + group("include /x;")) == [
        "c:1:1: `nossl` is refused: connections are always encrypted; remove the line"
      ])
  }

  @Test func `shows the line of each fault`() throws {
    let config = try #require(read("nossl * *;\n" + group("include /x;")).config)
    #expect(checkConfig(config, host: "a").first?.sourceLine == "nossl * *;")
  }
}

@Suite struct `The notes on a configuration` {
  @Test func `name what has no effect`() throws {
    let text = """
      group g { host a; key k; include /x; }
      tempdir /tmp; lock-timeout 3; database /db; no-cygwin-lowercase;
      """
    let config = try #require(read(text).config)
    let found = heads(notes(config)).map { $0.prefix { $0 != ";" } }
    #expect(
      found == [
        "c:1:1: group `g` has one host only",
        "c:2:1: `tempdir` has no effect: a new file is made beside the old one, so that it can "
          + "replace it in one step",
        "c:2:15: `lock-timeout` has no effect: runs wait for each other by themselves",
        "c:2:31: `database` has no effect: the state lies where `--state` says",
        "c:2:45: `no-cygwin-lowercase` has no effect: names of files keep their case",
      ])
    #expect(checkConfig(config, host: "a") == [])
  }
}

@Suite struct `The overlap of groups` {
  /// Whether two groups of host a with other hosts beside it may stand together.
  private func clash(_ one: String, _ two: String) -> Bool {
    let found = check(
      """
      prefix p { on *: /srv/p; }
      group g { host a b; key k; \(one) }
      group h { host a c; key k; \(two) }
      """)
    #expect(found.count <= 1, "\(found)")
    return !found.isEmpty
  }

  @Test(arguments: [
    ("include /a;", "include /a;"), ("include /a;", "include /a/b/c;"),
    ("include /a/b;", "include /a;"), ("include /x /a/*;", "include /y /a/b;"),
    ("include /a/*.x;", "include /a/b*;"), ("include /a/**.x;", "include /a/b;"),
    ("include %p%;", "include /srv/p/x;"), ("include /srv;", "include %p%;"),
    ("include /a; exclude /a/b/c;", "include /a/b;"),
    ("exclude /a/b; include /a;", "include /a/b;"),
    ("include /a; exclude b;", "include /a/b;"),
  ])
  func `is a fault`(one: String, two: String) {
    #expect(clash(one, two))
  }

  @Test(arguments: [
    ("include /a;", "include /b;"), ("include /a;", "include /ab;"),
    ("include /a/*.x;", "include /a/*.y;"), ("include %p%;", "include /srv/q;"),
    ("include /a; exclude /a/b;", "include /a/b;"), ("include /a/b;", "include /a; exclude /a/b/;"),
    ("include /a; exclude /a/*.x;", "include /a/b.x;"), ("include /a/b /c;", "include /a/c /b;"),
    ("include /srv; exclude %p%;", "include %p%/x;"), ("include *.x /a;", "include *.x /b;"),
  ])
  func `is none where the includes are disjoint`(one: String, two: String) {
    #expect(!clash(one, two))
  }

  @Test func `names both places`() {
    let found = check(
      "group g { host a b; key k; include /a; }\ngroup h { host a; key k; include /a/b; }")
    #expect(
      found == [
        "c:2:34: group `h` can select the same files as group `g`, whose hosts, key or `auto` "
          + "differ; exclude them in one of the groups; see `include /a` at c:1:36"
      ])
  }

  @Test func `is none between groups of the same hosts, key and auto`() {
    #expect(
      check("group g { host a b; key k; include /a; } group h { host b a; key k; include /a; }")
        == [])
  }

  @Test(arguments: [
    ("", "auto left;"), ("auto left;", "auto right;"), ("auto left;", "auto left; auto none /q;"),
    ("auto left /a;", "auto left /b;"),
  ])
  func `is a fault if only auto differs`(one: String, two: String) {
    let text = "group g { host a b; key k; include /a; \(one) } "
    #expect(check(text + "group h { host a b; key k; include /a; \(two) }").count == 1)
    #expect(check(text + "group h { host a b; key k; include /a; \(one) }") == [])
  }

  @Test func `is a fault if the order of hosts differs where it counts`() {
    func found(_ auto: String) -> Int {
      check(
        "group g { host a b; key k; include /a; \(auto) } "
          + "group h { host b a; key k; include /a; \(auto) }"
      ).count
    }
    #expect(found("auto left;") == 1 && found("auto right *.x;") == 1)
    #expect(found("auto younger;") == 0)
  }

  @Test func `is a fault if only the key differs`() {
    #expect(
      check("group g { host a b; key k; include /a; } group h { host b a; key l; include /a; }")
        .count == 1)
  }

  @Test func `counts only between groups of this host`() {
    let text = "group g { host a b; key k; include /a; } group h { host b c; key k; include /a; }"
    #expect(check(text, host: "a") == [])
    #expect(check(text, host: "b").count == 1)
  }

  @Test func `within a group is a fault if the same files get two names`() {
    let prefix = "prefix p { on *: /srv/p; } "
    #expect(check(prefix + group("include /srv %p%;")).count == 1)
    #expect(check(prefix + group("include /srv/p /srv/p/x;")) == [])
    #expect(check(prefix + group("include /srv; exclude /srv/p; include %p%;")) == [])
  }
}
