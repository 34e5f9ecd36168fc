import Model
import Testing

@Suite struct `A configuration as text` {
  private let full = """
    database /db; tempdir "/t m p"; lock-timeout 7; no-cygwin-lowercase;
    nossl a* "b c"; ignore gid uid; held-size 1M; ancestor-size 0; keep-losers 7; history 9;
    prefix p { on A*: /x/; on *: "/y z"; }
    prefix empty { }
    group { host a B@[::1]:1 (c@lan d); key "key"; include /a "/b c" %p%; exclude "/x{" *.o;
      include "group" "/a:" "/a@b" "/#" /a\\*; compare /q; auto left; auto none "/a b" *.x;
      backup-directory /bk/;
      backup-generations 2; ignore mod gid; unknown-owner map nobody; no-delete A c;
      max-delete 5% 7;
      setid yes; devices yes; cross-mounts yes; fanout 4;
      validate { pattern /a %p%; exec "check 'a b' %%"; timeout 5; }
      action { exec t; timeout 3; retry 0; }
      action { pattern /a; exec "reload x" y; logfile /l; do-local-only; }
      action { exec z; do-local; } action { exec "on"; } }
    group h { host a@lan; key k; include /h; }
    """

  @Test func `reads as the same configuration`() throws {
    let config = try #require(read(full).config)
    let text = config.text()
    let again = try #require(read(text).config, "\(text)")
    #expect(again.text() == text)
    #expect(again.groups.map(\.canonicalText) == config.groups.map(\.canonicalText))
    #expect(again.settings.keeping == config.settings.keeping)
    #expect(config.settings.keeping != Keeping())
    #expect(again.groups.map { $0.auto.map(\.method) } == [[.left, .manual], []])
    #expect(again.groups.map(\.keyFile) == config.groups.map(\.keyFile))
    #expect(
      again.groups.flatMap(\.members).map(\.address)
        == config.groups.flatMap(\.members).map(\.address))
    #expect(
      again.groups.flatMap(\.members).map(\.port) == config.groups.flatMap(\.members).map(\.port))
    #expect(
      again.groups.flatMap(\.actions).map(\.commands)
        == config.groups.flatMap(\.actions).map(\.commands))
    #expect(
      again.groups.flatMap(\.actions).map(\.runs) == config.groups.flatMap(\.actions).map(\.runs))
    #expect(again.groups.map(\.options) == config.groups.map(\.options))
    #expect(
      again.prefixes.map { $0.places.map(\.path) } == config.prefixes.map { $0.places.map(\.path) })
    #expect(again.settings.unencrypted.map(\.value) == config.settings.unencrypted.map(\.value))
    #expect(again.settings.ignored.map(\.value) == config.settings.ignored.map(\.value))
  }

  @Test func `is laid out one statement a line`() {
    let config = read("prefix p{on *:/x;}").config
    #expect(config == nil)
    let text = read(
      "tempdir /t; prefix p { on *: /x; } group g { host a (b@lan); key k; include /x \"/y z\"; }"
    ).config?.text()
    #expect(
      text == """
        tempdir /t;

        prefix p {
          on *: /x;
        }

        group g {
          host a (b@lan);
          key k;
          include /x;
          include "/y z";
        }

        """)
  }

  @Test(arguments: 0..<50)
  func `of random rules reads as the same rules`(seed: UInt64) throws {
    var chance = Chance(seed: seed)
    let letters = Array("ab.*?{}:%#@;() \\é/")
    for _ in 0..<50 {
      let word = String(
        (0..<Int.random(in: 1...8, using: &chance)).map { _ in
          letters.randomElement(using: &chance) ?? "a"
        })
      let result = read(group("include /x; exclude \"\(word)\";"))
      guard let config = result.config else { continue }
      #expect(
        read(config.text()).config?.groups.first?.canonicalText
          == config.groups.first?.canonicalText)
    }
  }
}

@Suite struct `A canonical text` {
  private func canonical(_ text: String) -> String? {
    read(text).config?.groups.first?.canonicalText
  }

  @Test func `holds the name, the hosts, the rules and auto`() {
    #expect(
      canonical("group g { host b (C@lan:1) a; key k; include /x/ *.o; exclude /x/y; }") == """
        concord group 1
        name g
        host a
        host b
        receive-only c
        include /x
        include *.o
        exclude /x/y
        auto none

        """)
  }

  @Test func `leaves out layout, addresses, key files and places`() {
    #expect(
      canonical("prefix p { on *: /1; } group g { host a b; key k; include %p%; }")
        == canonical(
          """
          # the same
          prefix p { on *: /2; }
          group g {
            host B@lan:30866;
            include "%p%/";
            host A; auto none;
            key other;
          }
          """))
  }

  @Test(arguments: [
    "group h { host a b; key k; include /x; exclude /y; }",
    "group g { host a c; key k; include /x; exclude /y; }",
    "group g { host a (b); key k; include /x; exclude /y; }",
    "group g { host a b; key k; exclude /y; include /x; }",
    "group g { host a b; key k; include /x; include /y; }",
    "group g { host a b; key k; include /x; compare /y; }",
    "group g { host a b; key k; include /x; exclude \"/y exclude\"; }",
    "group g { host a b; key k; include /x; exclude /y; auto first; }",
  ])
  func `differs where the meaning differs`(text: String) {
    let own = canonical("group g { host a b; key k; include /x; exclude /y; }")
    #expect(own != nil && canonical(text) != nil)
    #expect(own != canonical(text))
  }

  @Test func `says every auto, one line a pattern`() {
    let text = canonical(
      group("include /x; auto left; auto none \"/x y\" *.o; auto merge /x/m;"))
    #expect(
      text?.hasSuffix("auto left\nauto none /x y\nauto none *.o\nauto merge /x/m\n") == true)
  }

  @Test func `does not say what is kept`() {
    let group = "group g { host a b; key k; include /x; }"
    #expect(canonical("held-size 1K; history 3; " + group) == canonical(group))
  }

  @Test func `counts the order of hosts where auto goes by it`() {
    func ordered(_ hosts: String, _ method: String) -> String? {
      canonical("group g { host \(hosts); key k; include /x; auto \(method); }")
    }
    #expect(ordered("a b", "left") != ordered("b a", "left"))
    #expect(ordered("a b", "none; auto right /x/y") != ordered("b a", "none; auto right /x/y"))
    #expect(ordered("a b", "younger") == ordered("b a", "younger"))
  }
}

@Suite struct `An explanation` {
  private let config = read(
    """
    group g { host a b; key k;
      include /etc;
      exclude *.o;
      exclude /etc/x;
    }
    group h { host a; key k; include /srv; }
    group i { host b; key k; include /etc; }
    """
  ).config

  private func told(_ path: String) -> [String] {
    guard let config, let path = TreePath(path) else { return [] }
    return explain(path, host: "A", config: config).map(\.description)
  }

  @Test func `names the rule that decides, its place, and the others that match`() {
    #expect(
      told("/etc/x/y.o") == [
        """
        group g: /etc/x/y.o: excluded by `exclude /etc/x` (c:4:11)
          also matches: include /etc (c:2:11)
          also matches: exclude *.o (c:3:11)
        """,
        "group h: /etc/x/y.o: excluded: no `include` names it",
      ])
  }

  @Test func `tells of a base name above the path`() {
    #expect(
      told("/etc/d.o/y").first == """
        group g: /etc/d.o/y: excluded by `exclude *.o` (c:3:11)
          also matches: include /etc (c:2:11)
        """)
  }

  @Test func `tells what is included`() {
    #expect(
      told("/srv/a") == [
        "group g: /srv/a: excluded: no `include` names it",
        "group h: /srv/a: included by `include /srv` (c:6:34)",
      ])
  }
}

extension Group {
  /// What it says beside hosts, rules and `auto`.
  fileprivate var options: [String] {
    [
      "\(ignored.map(\.rawValue).sorted())", "\(unknownOwner)", "\(maxDelete?.description ?? "")",
      "\(takesSetID) \(takesDevices) \(crossesMounts) \(fanout ?? 0)", "\(noDeleteNames)",
      "\(gates.map(\.commands)) \(gates.map(\.timeoutSeconds))",
      "\(gates.map { $0.patterns.map(\.pattern.text) })",
      "\(actions.map(\.timeoutSeconds)) \(actions.map(\.retries))",
    ]
  }

  private var noDeleteNames: [String] {
    if case .on(let hosts) = noDelete { hosts.sorted() } else { [] }
  }
}
