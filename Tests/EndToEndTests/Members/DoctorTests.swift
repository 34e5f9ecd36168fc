import Foundation
import Testing

/// `doctor`: one line for everything that concord rests on.
@Suite struct `The doctor` {
  private func findings(_ lab: Lab, _ host: String, exits: Int32...) throws -> [JSON] {
    let outcome = try lab.start(host, ["doctor", "--json"]).wait()
    expect(outcome, exits, at: #_sourceLocation)
    let document = try JSON(outcome.stdout)
    #expect(document["schema"].text == "concord.doctor/1" && document["host"].text == host)
    return document["findings"].items
  }

  /// The findings of a level whose line has these words.
  private func having(_ words: String, _ level: String, _ findings: [JSON]) -> [JSON] {
    findings.filter { finding in
      let line = "\(finding["what"].text ?? ""): \(finding["detail"].text ?? "")"
      return finding["level"].text == level && (words.isEmpty || line.contains(words))
    }
  }

  private func expectFailure(
    _ words: String, cure: String, _ findings: [JSON], at place: SourceLocation = #_sourceLocation
  ) {
    let found = having(words, "fail", findings)
    #expect(found.count == 1, "\(words): \(findings)", sourceLocation: place)
    #expect(
      found.front["cure"].text?.contains(cure) == true, "\(found)", sourceLocation: place)
  }

  @Test(arguments: Form.allCases)
  func `finds nothing broken where nothing is, and changes nothing`(form: Form) throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base", "d/g": "base"])
    if form == .alone { try lab.down("a") }
    let before = try lab.hosts.map { try lab.sights($0) }
    let all = try findings(lab, "a", exits: 0)
    #expect(having("", "fail", all).isEmpty, "\(all)")
    let warned = having("", "warn", all)
    #expect(warned.count == (form == .alone ? 1 : 0), "\(warned)")
    for what in [
      "kernel", "configuration", "key of web", "state", "machine", "database", "identity", "root",
      "journal", "records of web", "serve", "host b", "deletions of web", "group web",
    ] where form == .throughDaemon || what != "serve" {
      #expect(all.contains { $0["what"].text == what && $0["level"].text == "ok" }, "\(what)")
    }
    for (host, sights) in zip(lab.hosts, before) { try lab.expectUntouched(host, since: sights) }
    let text = try lab.run("a", "doctor")
    #expect(text.out.hasPrefix("ok    kernel: "), "\(text)")
    expectHarmless(text)
  }

  @Test func `names a key that others can read`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    try lab.tool("chmod", "644", lab.key)
    expectFailure("key of web", cure: "chmod 600", try findings(lab, "a", exits: 4))
    try lab.down("a")
    expectFailure("key of web", cure: "chmod 600", try findings(lab, "a", exits: 4))
  }

  @Test func `names a root that is not there`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    try lab.tool("mv", lab.root("a"), "\(lab.folder)/a/elsewhere")
    expectFailure("root", cure: "make it or mount it", try findings(lab, "a", exits: 4))
  }

  @Test func `names an identity that others can read or that is gone`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    try lab.tool("chmod", "644", "\(lab.state("a"))/identity")
    expectFailure("identity", cure: "chmod 600", try findings(lab, "a", exits: 4))
    try lab.tool("rm", "\(lab.state("a"))/identity")
    expectFailure("identity", cure: "put it back", try findings(lab, "a", exits: 4))
  }

  @Test func `tells of a database that is damaged, and of one that another command refuses`()
    throws
  {
    let lab = try Lab(["a"])
    try lab.write("a", "f", "text")
    try lab.sync("a")
    let file = "\(lab.state("a"))/state.db"
    try lab.tool("truncate", "-s", "5000", file)
    let size = try lab.tool("stat", "-c", "%s", file)
    expectFailure("state damaged", cure: "move", try findings(lab, "a", exits: 4))
    #expect(try lab.run("a", "status").status == 65)
    #expect(try lab.tool("stat", "-c", "%s", file) == size, "nothing was changed")
  }

  @Test func `tells of a state that others can enter`() throws {
    let lab = try Lab(["a"])
    try lab.sync("a")
    try lab.tool("chmod", "755", lab.state("a"))
    expectFailure("others have access", cure: "chmod 700", try findings(lab, "a", exits: 4))
  }

  @Test func `tells every fault of a configuration`() throws {
    let lab = try Lab(["a"])
    lab.configurations["a"] = "\(lab.folder)/broken.cfg"
    try lab.put("group web { host a; nonsense; }\n", in: "\(lab.folder)/broken.cfg")
    let all = try findings(lab, "a", exits: 4)
    #expect(!having("broken.cfg:1", "fail", all).isEmpty, "\(all)")
    lab.configurations["a"] = "\(lab.folder)/none.cfg"
    expectFailure("configuration", cure: "--config", try findings(lab, "a", exits: 4))
  }

  @Test func `names who keeps deletions from being forgotten, and the cure`() throws {
    let lab = try Lab()
    try lab.base(["f": "base", "gone": "base"])
    try lab.down("c")
    try lab.remove("a", "gone")
    for host in ["a", "b", "a"] { try lab.sync(host, exits: 2) }
    let blocked = having("1 are kept until c knows them", "warn", try findings(lab, "a", exits: 0))
    #expect(blocked.front["cure"].text?.contains("concord host retire c") == true, "\(blocked)")
    expect(try lab.run("a", "host", "retire", "c", "--yes"), [0], at: #_sourceLocation)
    let after = try findings(lab, "a", exits: 0)
    #expect(having("kept until", "warn", after).isEmpty)
    #expect(having("host c: retired", "ok", after).count == 1, "\(after)")
  }

  @Test func `names open conflicts, hosts in trouble and addresses that are not found`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    try lab.write("a", "f", "on a")
    try lab.write("b", "f", "on b")
    try lab.settle(exits: 1)
    try lab.down("b")
    try lab.sync("a", exits: 2)
    let all = try findings(lab, "a", exits: 0)
    #expect(having("1 conflicts are open", "warn", all).count == 1, "\(all)")
    #expect(having("the last attempt failed", "warn", all).count == 1, "\(all)")
    try lab.down("a")
    let text = try lab.configuration().replacingOccurrences(
      of: "b@127.0.0.1", with: "b@no-such-name.invalid")
    lab.configurations["a"] = "\(lab.folder)/a.cfg"
    try lab.put(text, in: "\(lab.folder)/a.cfg")
    expectFailure(
      "no-such-name.invalid is not found", cure: "/etc/hosts", try findings(lab, "a", exits: 4))
  }

  @Test func `names a clock that is off, and keeps how far each is off at every meeting`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    try lab.down("a")
    let script = """
      import os, sqlite3, sys
      state = sqlite3.connect(sys.argv[1])
      print(state.execute("SELECT skew FROM peer WHERE name = 'b'").fetchone()[0])
      if len(sys.argv) > 2:
        state.execute("UPDATE peer SET skew = ? WHERE name = 'b'", (int(sys.argv[2]),))
        state.commit()
      sys.stdout.flush()
      # Closing would fold in the log, which the state counts on.
      os._exit(0)
      """
    let file = "\(lab.state("a"))/state.db"
    let measured = try lab.tool("python3", "-c", script, file, "-7200")
    let skew = try #require(Int(measured.split(separator: "\n").first ?? ""), "\(measured)")
    #expect(abs(skew) < 60, "both hosts have one clock")
    let all = try findings(lab, "a", exits: 0)
    let found = having("its clock is 2 h behind this host's", "warn", all)
    #expect(found.count == 1 && found.front["cure"].text == "set the clocks of both", "\(all)")
    try lab.sync("a")
    #expect(having("its clock is", "warn", try findings(lab, "a", exits: 0)).isEmpty)
  }
}
