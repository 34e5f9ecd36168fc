import Model
import Testing

@Suite struct `A configuration` {
  @Test func `is read as it is written`() throws {
    let config = try #require(
      read(
        """
        # web servers
        prefix web { on a*: /srv/www; on *: /var/www/; }
        group web {
          host Alpha beta@10.0.0.2:4000 (gamma@[fe80::1%eth0]:5000);
          key /etc/concord/web.key;
          include %web%;   # all of it
          exclude *.tmp %web%/cache/;
          compare /etc/hosts;
          auto younger;
          backup-directory /var/backups/;
          backup-generations 5;
          action { pattern %web%/conf; exec "reload web" two; logfile /var/log/w; do-local; }
        }
        lock-timeout 12; tempdir /tmp; database /var/lib/c; ignore uid mod; nossl a* b;
        """
      ).config)
    let group = try #require(config.groups.first)
    #expect(group.name == "web")
    #expect(group.members.map(\.name) == ["alpha", "beta", "gamma"])
    #expect(group.members.map(\.address) == [nil, "10.0.0.2", "fe80::1%eth0"])
    #expect(group.members.map(\.port) == [nil, 4000, 5000])
    #expect(group.members.map(\.receiveOnly) == [false, false, true])
    #expect(group.keyFile == "/etc/concord/web.key")
    #expect(
      group.rules.map(\.description) == [
        "include %web%", "exclude *.tmp", "exclude %web%/cache", "compare /etc/hosts",
      ])
    #expect(group.auto.map(\.method) == [.younger])
    #expect(group.backupDirectory?.value == "/var/backups")
    #expect(group.backupGenerations?.value == 5)
    let action = try #require(group.actions.first)
    #expect(action.commands == ["reload web", "two"])
    #expect(action.patterns.map(\.pattern.text) == ["%web%/conf"])
    #expect(action.logFile == "/var/log/w")
    #expect(action.runs == .everywhere)
    #expect(config.prefixes.first?.places.map(\.hostGlob) == ["a*", "*"])
    #expect(config.settings.lockTimeoutSeconds?.value == 12)
    #expect(config.settings.temporaryDirectory?.value == "/tmp")
    #expect(config.settings.database?.value == "/var/lib/c")
    #expect(config.settings.ignored.map(\.value) == [.uid, .mod])
    #expect(config.settings.unencrypted.first?.value.from == "a*")
  }

  @Test func `knows the position of each rule`() {
    let config = read("\n group g { host a;\n  key k;\n\tinclude /x\n  /y; }").config
    #expect(
      config?.groups.first?.rules.map(\.position.description) == ["c:4:10", "c:5:3"])
    #expect(config?.groups.first?.position.description == "c:2:2")
  }

  @Test func `counts columns in bytes`() {
    #expect(faults("\"ä\" x;").first?.hasPrefix("c:1:1: ") == true)
    #expect(faults("# ä\nignore \"ä\";").first?.hasPrefix("c:2:8: ") == true)
    #expect(faults("database \"ä\" }").first?.hasPrefix("c:1:15: ") == true)
  }

  @Test func `may come with a byte order mark and carriage returns`() throws {
    let text = "group g {\r\n host a b;\r\n key k; # key\r\n include /x;\r\n}\r\n"
    let marked = read([0xEF, 0xBB, 0xBF] + Array(text.utf8))
    let plain = try #require(read(text).config)
    #expect(marked.config?.groups == plain.groups)
    #expect(plain.groups.first?.keyFile == "k")
    #expect(plain.groups.first?.position.column == 1)
  }

  @Test func `names groups without a name by their number`() {
    let one = "{ host a; key k; include /x; }"
    let config = read("group \(one) group named \(one) group \(one)").config
    #expect(config?.groups.map(\.name) == ["group_1", "named", "group_2"])
  }

  @Test func `joins several lines of hosts and patterns in order`() {
    let config = read("group g { host c; host a (b); key k; include /x; exclude /y; include /z; }")
      .config
    #expect(config?.groups.first?.members.map(\.name) == ["c", "a", "b"])
    #expect(config?.groups.first?.rules.map(\.pattern.text) == ["/x", "/y", "/z"])
  }

  @Test func `may hold braces, colons and keywords in quotes or inside words`() {
    let config = read("group g { host a; key \"key\"; include /a{b}c /d:e \"/f g\" \"/x@y\"; }")
      .config
    #expect(config?.groups.first?.keyFile == "key")
    #expect(
      config?.groups.first?.rules.map(\.pattern.text) == ["/a{b}c", "/d:e", "/f g", "/x@y"])
  }

  @Test func `takes every pattern of compare as compare`() {
    let config = read(group("include /x; compare /a /b;")).config
    #expect(config?.groups.first?.rules.map(\.kind) == [.include, .compare, .compare])
  }

  @Test func `reads the addresses of hosts`() {
    func ends(_ host: String) -> Endpoint? {
      read("group g { host \(host); key k; include /x; }").config?.endpoint(of: "H")
    }
    #expect(ends("h") == Endpoint(address: "h", port: 30_865))
    #expect(ends("h@Lan") == Endpoint(address: "lan", port: 30_865))
    #expect(ends("h@h:1") == Endpoint(address: "h", port: 1))
    #expect(ends("h@127.0.0.1:65535") == Endpoint(address: "127.0.0.1", port: 65_535))
    #expect(ends("h@[::1]") == Endpoint(address: "::1", port: 30_865))
    #expect(ends("h@[::1]:30866") == Endpoint(address: "::1", port: 30_866))
    #expect(ends("h@[::]") == Endpoint(address: "::", port: 30_865))
    #expect(ends("h @ lan") == Endpoint(address: "lan", port: 30_865))
    #expect(ends("(h@lan)") == Endpoint(address: "lan", port: 30_865))
    #expect(ends("other") == nil)
  }

  @Test func `lists the groups of a host in the order of the file`() {
    let config = read(
      """
      group z { host a b; key k; include /z; }
      group m { host b c; key k; include /m; }
      group b { host A; key k; include /b; }
      """
    ).config
    #expect(config?.groups(of: "A").map(\.name) == ["z", "b"])
    #expect(config?.groups(of: "none").map(\.name) == [])
  }

  @Test func `includes other files beside the one that names them`() {
    let one = "host a; key k; include /x; }"
    let result = parseConfig(
      Array("config sub/one.cfg; group last { \(one)".utf8), file: "/etc/concord/concord.cfg"
    ) { file in
      switch file {
      case "/etc/concord/sub/one.cfg": .success(Array("group one { \(one) config two;".utf8))
      case "/etc/concord/sub/two": .success(Array("config /abs;".utf8))
      case "/abs": .success(Array("group abs { \(one)".utf8))
      default: .failure(Failure(.noInput, file, "not read", "asked for \(file)"))
      }
    }
    #expect(result.faults == [])
    #expect(result.config?.groups.map(\.name) == ["one", "abs", "last"])
    #expect(result.config?.groups.dropFirst().first?.position.file == "/abs")
    #expect(result.config?.sources.first?.file == "/etc/concord/concord.cfg")
  }

  @Test func `may be empty`() {
    #expect(read("").faults == [])
    #expect(read("# nothing").config?.groups == [])
  }
}

@Suite struct `The place of a prefix` {
  let config = read(
    """
    prefix p { on a: /one; on A*: /two; on [xy].lan: /three/; }
    prefix q { on *: /one/sub; }
    prefix root { on *: /; }
    """
  ).config

  @Test func `is the first that matches the host`() {
    #expect(config?.localPath(ofPrefix: "p", on: "a") == Array("/one".utf8))
    #expect(config?.localPath(ofPrefix: "p", on: "A") == Array("/one".utf8))
    #expect(config?.localPath(ofPrefix: "p", on: "ab") == Array("/two".utf8))
    #expect(config?.localPath(ofPrefix: "p", on: "x.lan") == Array("/three".utf8))
    #expect(config?.localPath(ofPrefix: "p", on: "z.lan") == nil)
    #expect(config?.localPath(ofPrefix: "none", on: "a") == nil)
  }

  @Test(arguments: [
    ("/etc/x", "/etc/x"), ("%p%", "/one"), ("%p%/a/b", "/one/a/b"), ("%root%/etc", "/etc"),
    ("%none%/x", nil),
  ])
  func `leads from names to the disk`(name: String, place: String?) throws {
    let path = try #require(TreePath(name))
    let found = config?.localPath(of: path, on: "a").map { String(decoding: $0, as: UTF8.self) }
    #expect(found == place)
  }

  @Test(arguments: [
    ("/one", ["/one", "%p%", "%root%/one"]),
    ("/one/sub/x", ["/one/sub/x", "%p%/sub/x", "%q%/x", "%root%/one/sub/x"]),
    ("/oner", ["/oner", "%root%/oner"]), ("relative", []), ("%p%/x", []),
  ])
  func `leads from the disk to names`(place: String, names: [String]) {
    let found = config?.names(ofLocalPath: Array(place.utf8), on: "a").map(\.description)
    #expect(found == names)
  }
}
