import Foundation
import Glibc
import Testing

/// Where csync2 looks for things, and what goes round a run.
@Suite struct `Under the name of csync2` {
  private let a = "a.lab"
  private let b = "b.lab"

  private func lab() throws -> Lab {
    let lab = try Lab.csync2(["a.lab", "b.lab"])
    try lab.base(["F": "base"])
    return lab
  }

  @Test func `a lock file forbids all runs`() throws {
    let lab = try lab()
    try lab.put("", in: "\(lab.system)/csync2.lock")
    for words in [["-x"], ["-ii"], ["-M"], ["-k", "\(lab.folder)/new.key"]] {
      let outcome = try lab.startCsync2(a, words).wait()
      #expect(outcome.status == 1, "\(outcome)")
      expectOneLine(outcome, naming: "csync2.lock")
    }
    #expect(!FileManager.default.fileExists(atPath: "\(lab.folder)/new.key"))
    #expect(try lab.run(a, "sync").status == 0, "under its own name it is none of ours")
  }

  @Test func `-C names another configuration and another state`() throws {
    let lab = try lab()
    try lab.put("nonsense", in: "\(lab.system)/csync2_two.cfg")
    let script = "csync2 -C two -x; echo $?; csync2 -C no/such -x; echo $?; csync2 -C three -x"
    let broken = try lab.cron(a, script)
    #expect(broken.err.contains("csync2_two.cfg:1:1"), "\(broken)")
    #expect(broken.err.contains("csync2_three.cfg"), "\(broken)")
    try lab.configureCsync2("csync2_Two.2.cfg")
    #expect(try lab.cron(a, "csync2 -C Two.2 -cr / && csync2 -C Two.2 -L").out.contains("%d%/F"))
    #expect(FileManager.default.fileExists(atPath: "\(lab.folder)/\(a)/Two.2/lock"))
  }

  @Test func `the environment and long options go before csync2's places`() throws {
    let lab = try lab()
    try lab.tool("mv", "\(lab.system)/csync2.cfg", "\(lab.system)/other.cfg")
    #expect(try lab.csync2(a, "-x").status == 1)
    try lab.csync2(a, "--config", "\(lab.system)/other.cfg", "-x", exits: 0)
    try lab.csync2(a, "-x", "--config=\(lab.system)/other.cfg", exits: 0)
    let script = "CONCORD_CONFIG=\(lab.system)/other.cfg csync2 -T"
    #expect(try lab.cron(a, script).status == 2)
  }

  @Test func `a database server is refused with the reason`() throws {
    let lab = try lab()
    let outcome = try lab.csync2(a, "-D", "mysql://root:secret@db/x", "-x")
    #expect(outcome.status == 1 && !outcome.err.contains("secret"), "\(outcome)")
    expectOneLine(outcome, naming: "directory")
  }

  @Test func `unknown peers and groups are errors`() throws {
    let lab = try lab()
    for words in [["-x", "-P", "nobody"], ["-M", "-P", "b.lab,nobody"], ["-x", "-G", "wbe"]] {
      let outcome = try lab.startCsync2(a, words).wait()
      #expect(outcome.status == 1, "\(outcome)")
      expectOneLine(outcome, naming: "not run")
    }
  }

  @Test func `-p says where hosts listen that name no port`() throws {
    let lab = try lab()
    try lab.down()
    try lab.configureCsync2(members: ["a.lab", "b.lab@127.0.0.1"])
    let port = "\(try lab.port(b).number)"
    lab.servers[b] = try lab.startCsync2(b, ["-iip", port])
    #expect(try until(seconds: 30) { try lab.port(b).answers })
    try lab.write(a, "F", "news")
    try lab.csync2(a, "-xp" + port, exits: 0)
    #expect(try lab.read(b, "F") == "news")
  }

  @Test func `-iii serves one connection`() throws {
    let lab = try lab()
    try lab.down()
    let server = try lab.startCsync2(b, ["-iii"])
    #expect(
      try until(seconds: 30) {
        try lab.csync2(a, "-x").status == 0
      })
    #expect(try server.wait(seconds: 30).status == 0)
  }

  @Test func `no mode, or two, is answered with help`() throws {
    let lab = try lab()
    for words in [[], ["-v"], ["-x", "-T"], ["-uc"], ["-Z"], ["-h"], ["-H", "f"], ["status"]] {
      let outcome = try lab.startCsync2(a, words).wait()
      #expect(outcome.status == 1 && outcome.out.contains("-TI[X][U]"), "\(outcome)")
      expectOneLine(outcome, naming: "not run")
    }
    let help = try Child([lab.binary, "-h"], scratch: lab.scratch).wait()
    #expect(help.status == 0 && help.out.contains("SUBCOMMANDS"), "concord -h is concord's help")
  }

  @Test func `-t and -s put the time before each message`() throws {
    let lab = try lab()
    let log = "\(lab.folder)/stamps"
    let time = #"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d a\.lab: synced: .*0 errors$"#
    let first = try lab.csync2(a, "-xvt", "-s", log, exits: 0)
    #expect(first.complaints.allSatisfy { $0.range(of: time, options: .regularExpression) != nil })
    let second = try lab.csync2(a, "-xv", "-s", log, exits: 0)
    #expect(second.err.hasPrefix("a.lab: synced:"), "\(second)")
    let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
    #expect(
      lines.count == 2 && String(lines[1]).range(of: time, options: .regularExpression) != nil)
    try lab.csync2(a, "-x", "-s", "\(lab.folder)/no/such", exits: 1)
  }

  @Test func `-l takes the messages off standard error`() throws {
    let lab = try lab()
    #expect(try lab.csync2(a, "-xlv", exits: 0).silent)
    try lab.down(b)
    #expect(try lab.csync2(a, "-xl", exits: 1).silent)
  }

  @Test func `-v says line by line what happened and why`() throws {
    let lab = try lab()
    try lab.write(a, "F", "news")
    try lab.write(b, "G", "of b")
    let outcome = try lab.csync2(a, "-xv", exits: 0)
    for line in [
      "a.lab: found: %d%/F (changed here)", "b.lab: updated: %d%/F (newer on a.lab)",
      "a.lab: updated: %d%/G (newer on b.lab)",
      "a.lab: synced: 1 sent, 1 received, 0 deleted there, 0 here, 0 errors",
    ] { #expect(outcome.complaints.contains(line), "\(line)\n\(outcome)") }
    try lab.remove(b, "G")
    #expect(
      try lab.csync2(a, "-xv", exits: 0).complaints.contains(
        "a.lab: deleted: %d%/G (deleted, as b.lab knows)"))
  }

  /// There, a file that is named below a prefix is marked and never sent, with status 0.
  @Test(arguments: [["-x"], ["-c", "-u"]])
  func `a file below a prefix can be named, from anywhere`(modes: [String]) throws {
    let lab = try lab()
    try lab.write(a, "d/new", "x")
    try lab.write(a, "d/other", "x")
    let script = modes.map { "csync2 \($0) new" }.joined(separator: " && ")
    let outcome = try lab.cron(a, "cd $ROOT/d && \(script)")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try lab.read(b, "d/new") == "x")
    #expect(!lab.exists(b, "d/other"))
  }

  @Test func `a directory without -r is looked at alone`() throws {
    let lab = try lab()
    try lab.write(a, "d/new", "x")
    try lab.csync2(a, "-c", lab.path(a, "d"), exits: 0)
    #expect(try lab.csync2(a, "-M", exits: 0).out == "chary\ta.lab\tb.lab\t%d%/d\n")
    try lab.csync2(a, "-cr", lab.path(a, "d"), exits: 0)
    #expect(try lab.csync2(a, "-M", exits: 0).out.contains("%d%/d/new"))
  }
}
