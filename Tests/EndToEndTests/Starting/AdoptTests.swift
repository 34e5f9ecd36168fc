import Foundation
import Testing

/// Hosts that csync2 has kept in sync until now.
@Suite struct `Adopting` {
  /// Every object of a root as the system knows it, but for the root itself, which gets a mark.
  private func stamps(_ lab: Lab, _ host: String) throws -> String {
    try lab.tool(
      "find", lab.root(host), "-mindepth", "1", "-printf", "%P %i %s %T@ %C@ %m %u %g %l\\n")
  }

  private func seed(_ lab: Lab) throws {
    for host in lab.hosts {
      for number in 0..<50 { try lab.write(host, Name("d/\(number)"), "same \(number)") }
      try lab.write(host, "f", "of \(host)")
      try lab.write(host, Name("only-\(host)"), host)
    }
  }

  @Test func `joins by content and touches nothing on either side`() throws {
    let lab = try Lab(["a", "b"])
    try seed(lab)
    try lab.up("b")
    let before = try lab.hosts.map { try stamps(lab, $0) }
    let outcome = try lab.run("a", "adopt")
    #expect(outcome.status == 1, "\(outcome)")
    #expect(outcome.out.contains("1 differ, 1 to be brought here"), "\(outcome)")
    #expect(outcome.out.contains("b: joined; the next sync brings it 1"), "\(outcome)")
    #expect(try lab.hosts.map { try stamps(lab, $0) } == before)
    // Now only what differs moves.
    let sync = try lab.run("a", "sync", "--json")
    #expect(sync.status == 1, "\(sync)")
    let peer = try #require(try JSON(sync.stdout)["peers"].items.first)
    #expect(peer["sent"].number == 1 && peer["received"].number == 1, "\(sync)")
    #expect(try lab.read("b", "f") == "of b" && lab.read("a", "f") == "of a")
  }

  @Test func `names who is not there yet, and can be run again`() throws {
    let lab = try Lab(["a", "b"])
    try seed(lab)
    let alone = try lab.run("a", "adopt")
    #expect(alone.status == 2 && alone.out.contains("b: not joined yet"), "\(alone)")
    try lab.up("b")
    let again = try lab.run("a", "adopt", "--json")
    #expect(again.status == 1, "\(again)")
    #expect(try JSON(again.stdout)["schema"].text == "concord.adopt/1")
    #expect(try JSON(again.stdout)["peers"].items.first?["joined"].flag == true)
  }

  @Test func `makes its configuration from csync2's and says what means something else`() throws {
    let lab = try Lab(["a", "b"])
    let file = "\(lab.folder)/csync2.cfg"
    let places = lab.hosts.map { "on \($0): \(lab.root($0));" }.joined(separator: " ")
    try lab.put(
      """
      nossl * *;
      lock-timeout 12;
      prefix root { \(places) }
      group web {
        host a@127.0.0.1 (b@127.0.0.1);
        key web.key;
        include %root%;
        compare %root%/x %root%/y;
        auto younger;
        action { pattern %root%/d; exec "reload %%"; do-local; }
      }

      """, in: file)
    lab.configurations["a"] = "\(lab.folder)/new.cfg"
    let port = "\(try lab.port("b").number)"
    let outcome = try lab.run("a", "adopt", "--from-csync2", file, "--port", port)
    #expect(outcome.status == 2, "\(outcome)")
    let lines = [
      "\(file):1:1: connections are always encrypted", "\(file):2:1: runs wait for each other",
      "\(file):5:21: what `b` changes itself stays there", "\(file):8:11: all of these patterns",
      "\(file):9:3: `younger` decides alike", "\(file):10:3: the commands run after changes",
      "owners and groups of files go by name",
    ]
    for line in lines { #expect(outcome.out.contains(line), "\(line): \(outcome)") }
    let made = try String(contentsOfFile: "\(lab.folder)/new.cfg", encoding: .utf8)
    #expect(made.contains("host a@127.0.0.1:\(port) (b@127.0.0.1:\(port));"), "\(made)")
    #expect(made.contains("key \(lab.folder)/web.key;"), "\(made)")
    #expect(!made.contains("nossl") && !made.contains("lock-timeout"), "\(made)")
    // It is not written again, whoever has changed it since.
    try lab.put(made + "# mine\n", in: "\(lab.folder)/new.cfg")
    _ = try lab.run("a", "adopt", "--from-csync2", file, "--port", port)
    #expect(
      try String(contentsOfFile: "\(lab.folder)/new.cfg", encoding: .utf8).hasSuffix("mine\n"))
  }

  @Test func `runs no commands: nothing was changed`() throws {
    let lab = try Lab(["a", "b"])
    let log = "\(lab.folder)/ran"
    try lab.put(
      try lab.configuration(more: "action { exec \"echo ran >>\(log)\"; do-local; }"),
      in: lab.config)
    try seed(lab)
    try lab.up("b")
    _ = try lab.run("a", "adopt")
    #expect(!FileManager.default.fileExists(atPath: log))
    // A change after it is one.
    try lab.write("a", "d/1", "new")
    _ = try lab.run("a", "sync")
    #expect(FileManager.default.fileExists(atPath: log))
  }

  @Test func `refuses what is no configuration, and writes nothing`() throws {
    let lab = try Lab(["a", "b"])
    try lab.put("group {", in: "\(lab.folder)/csync2.cfg")
    lab.configurations["a"] = "\(lab.folder)/new.cfg"
    let outcome = try lab.run("a", "adopt", "--from-csync2", "\(lab.folder)/csync2.cfg")
    #expect(outcome.status == 78 && outcome.err.contains("csync2.cfg:1:"), "\(outcome)")
    #expect(!FileManager.default.fileExists(atPath: "\(lab.folder)/new.cfg"))
    let wrong = try lab.run("a", "adopt", "--port", "5")
    #expect(wrong.status == 64, "\(wrong)")
  }
}
