import Model
import Testing

@Suite struct `The options of a group` {
  private func options(_ statements: String, host: String = "a") -> Group? {
    read(group("include /x; \(statements)")).config?.groups(of: host).first
  }

  @Test func `are careful where nothing is said`() throws {
    let plain = try #require(options(""))
    #expect(plain.ignored.isEmpty && plain.unknownOwner == .hold && plain.maxDelete == nil)
    #expect(plain.fanout == nil)
    #expect(!plain.takesSetID && !plain.takesDevices && !plain.crossesMounts)
    #expect(!plain.keepsDeletedHere && !plain.isReceiveOnlyHere && plain.gates.isEmpty)
  }

  @Test func `are those that are written, the last of each`() throws {
    let some = try #require(
      options(
        "unknown-owner numeric; unknown-owner map www; setid yes; devices yes; devices no; "
          + "cross-mounts yes; fanout 9; fanout 3; max-delete 9; max-delete 3 7%; "
          + "ignore mtime; ignore uid;"))
    #expect(some.unknownOwner == .map("www") && some.takesSetID && !some.takesDevices)
    #expect(some.crossesMounts && some.maxDelete == MaxDelete(objects: 3, percent: 7))
    #expect(some.ignored == [.mtime, .uid] && some.fanout == 3)
  }

  @Test func `include what is ignored everywhere`() {
    let config = read("ignore gid;" + group("include /x; ignore mod;")).config
    #expect(config?.groups.first?.ignored == [.gid, .mod])
  }

  @Test(arguments: [
    ("no-delete;", "a", true), ("no-delete;", "b", true), ("no-delete B;", "b", true),
    ("no-delete b;", "a", false), ("no-delete a b;", "a", true),
  ])
  func `name the hosts that keep what others delete`(
    statement: String, host: String, isKept: Bool
  ) {
    #expect(options(statement, host: host)?.keepsDeletedHere == isKept)
  }

  @Test(arguments: [
    ("unknown-owner;", "`unknown-owner` says who owns"), ("unknown-owner fail;", "says who owns"),
    ("unknown-owner map;", "says who owns"), ("unknown-owner map 'x;", "no name of a user"),
    ("no-delete z;", "`z` is no host of group `g`"), ("max-delete;", "lacks its bound"),
    ("max-delete 101%;", "`101%` is no bound"), ("max-delete many;", "`many` is no bound"),
    ("fanout 0;", "`0` is no number of hosts"), ("fanout;", "`fanout` lacks its value"),
    ("setid maybe;", "neither `yes` nor `no`"), ("devices;", "`devices` lacks its value"),
    ("validate { pattern /x; }", "the validation has no `exec`"),
    ("validate { exec x; timeout 0; }", "`0` is no number of seconds"),
    ("validate { exec x; logfile /l; }", "`logfile` stands only inside an action"),
    ("validate { pattern *.conf; exec x; }", "a `pattern` is one of paths"),
    ("action { exec x; retry 1001; }", "`1001` is no number"),
    ("action { exec \"x '%%'\"; }", "`%%` stands in single quotes"),
    ("timeout 5;", "`timeout` stands only inside an action"),
  ])
  func `are refused where they make no sense`(statement: String, message: String) {
    let found = faults(group("include /x; \(statement)"))
    #expect(found.count == 1 && found[0].contains(message), "\(found)")
  }

  @Test func `are words like others in a configuration of csync2`() throws {
    let config = try #require(
      read("group retry { host timeout; key k; include /x; exclude history devices setid; }").config
    )
    #expect(
      config.groups.first?.rules.map(\.pattern.text) == ["/x", "history", "devices", "setid"])
    // At the start of a line it is a statement before which something is missing.
    let found = faults("group g { host a; key k; include /x\n  setid yes; }")
    #expect(found.count == 1 && found[0].contains("2:3: `setid` is a keyword"), "\(found)")
  }

  @Test func `count for other hosts only where records differ by them`() throws {
    let plain = try #require(options("")).canonicalText
    for same in [
      "setid yes;", "no-delete;", "max-delete 3;", "unknown-owner numeric;",
      "cross-mounts yes;", "fanout 2;", "validate { exec x; }", "action { exec x; }",
      "backup-directory /b;",
    ] {
      #expect(options(same)?.canonicalText == plain, "\(same)")
    }
    for other in ["ignore uid;", "devices yes;", "compare /y;"] {
      #expect(options(other)?.canonicalText != plain, "\(other)")
    }
  }
}

@Suite struct `A command of the configuration` {
  @Test(arguments: [
    ("reload", "reload", false), ("check %%", "check \"$@\"", true),
    ("%%", "\"$@\"", true), ("a %% b %%", "a \"$@\" b \"$@\"", true),
    ("c \"%%\"", "c \"$@\"", true), ("c \"x %% y\"", "c \"x $@ y\"", true),
    ("c \"$(d %%)\"", "c \"$(d \"$@\")\"", true), ("c $( (d %%) )", "c $( (d \"$@\") )", true),
    ("c \\%%%", "c \\%\"$@\"", true), ("c 'a\"b' %%", "c 'a\"b' \"$@\"", true),
    ("c \"it's %%\"", "c \"it's $@\"", true), ("c ${x%%.*}", "c ${x%%.*}", false),
    ("c \"${x%%'}\" %%", "c \"${x%%'}\" \"$@\"", true), ("date +%s", "date +%s", false),
    ("c \\\" %%", "c \\\" \"$@\"", true),
  ])
  func `has the shell's arguments where the names are to stand`(
    written: String, text: String, takesNames: Bool
  ) throws {
    let command = try #require(ShellCommand.ofConfiguration(written))
    #expect(command.text == text && command.takesNames == takesNames, "\(command)")
  }

  @Test(arguments: ["c '%%'", "c 'a", "c \"a", "c `d %%`", "c \"`d %%`\"", "c \"$(d '%%')\""])
  func `is refused where the shell would not see them`(written: String) {
    #expect(ShellCommand.ofConfiguration(written) == nil)
  }
}
