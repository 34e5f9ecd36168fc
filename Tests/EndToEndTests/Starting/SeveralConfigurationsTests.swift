import Foundation
import Testing

/// Two machines with two configurations each: `-C one` and `-C two`, one daemon and one port.
@Suite struct `Several configurations` {
  private struct Machines {
    let lab: Lab
    let hosts = ["a", "b"]
    let names = ["one", "two"]

    init() throws {
      lab = try Lab(["a", "b"])
      for name in names {
        try lab.tool(lab.binary, "keygen", "\(lab.folder)/\(name).key")
        for host in hosts {
          mkdir("\(folder(host))", 0o755)
          mkdir(root(host, name), 0o755)
          try lab.put(try text(name), in: "\(folder(host))/concord_\(name).cfg")
        }
      }
    }

    func folder(_ host: String) -> String { "\(lab.folder)/\(host)/etc" }
    func root(_ host: String, _ name: String) -> String { "\(lab.folder)/\(host)/\(name)" }

    /// Both have a group of one name: they are told apart by their keys.
    func text(_ name: String, key: String? = nil) throws -> String {
      let places = hosts.map { "on \($0): \(root($0, name));" }.joined(separator: " ")
      let members = try hosts.map { "\($0)@127.0.0.1:\(try lab.port($0).number)" }
      return """
        prefix root { \(places) }
        group web { host \(members.joined(separator: " ")); key \(lab.folder)/\(key ?? name).key;
          include %root%; }

        """
    }

    func start(_ host: String, _ words: String...) throws -> Child {
      try start(host, words)
    }

    private func start(_ host: String, _ words: [String]) throws -> Child {
      let place = ["CONCORD_CONFIG=\(folder(host))/concord.cfg", "CONCORD_HOSTNAME=\(host)"]
      return try Child(
        ["env"] + place + ["CONCORD_STATE=\(lab.folder)/\(host)/state", lab.binary] + words,
        scratch: lab.scratch)
    }

    func serve(_ host: String, _ words: String...) throws -> Child {
      let child = try start(host, ["serve"] + words)
      try #require(
        until(seconds: 30) { (try? lab.port(host).answers) ?? false }, "\(child.errorsSoFar)")
      return child
    }

    func read(_ host: String, _ name: String, _ file: String) -> String? {
      try? String(contentsOfFile: "\(root(host, name))/\(file)", encoding: .utf8)
    }
  }

  @Test(arguments: [["-C", "one", "-C", "two"], ["--all"]])
  func `are served by one daemon on one port`(options: [String]) throws {
    let machines = try Machines()
    let server =
      options.count == 1
      ? try machines.serve("b", "--all") : try machines.serve("b", "-C", "one", "-C", "two")
    for name in machines.names {
      try machines.lab.put("\(name) of a", in: "\(machines.root("a", name))/f")
      try machines.lab.put("\(name) of b", in: "\(machines.root("b", name))/g")
    }
    let both = try machines.names.map { try machines.start("a", "-C", $0, "sync") }
    for child in both { #expect(try child.wait().status == 0) }
    for name in machines.names {
      #expect(machines.read("b", name, "f") == "\(name) of a", "\(server.errorsSoFar)")
      #expect(machines.read("a", name, "g") == "\(name) of b")
    }
    // A command finds its configuration in the daemon.
    let status = try machines.start("b", "-C", "two", "status", "--json").wait()
    #expect(status.status == 0 && status.out.contains("concord.status/1"), "\(status)")
  }

  @Test func `do not let in who has the key of neither`() throws {
    let machines = try Machines()
    let server = try machines.serve("b", "--all")
    try machines.lab.tool(machines.lab.binary, "keygen", "\(machines.lab.folder)/three.key")
    try machines.lab.put(
      try machines.text("one", key: "three"), in: "\(machines.folder("a"))/concord_one.cfg")
    try machines.lab.put("x", in: "\(machines.root("a", "one"))/f")
    let outcome = try machines.start("a", "-C", "one", "sync").wait()
    #expect(outcome.status == 77, "\(outcome)")
    #expect(machines.read("b", "one", "f") == nil)
    #expect(server.errorsSoFar.contains("not authenticated"), "\(server.errorsSoFar)")
  }

  @Test func `of which one is broken do not keep the others from working`() throws {
    let machines = try Machines()
    try machines.lab.put("group {", in: "\(machines.folder("b"))/concord_one.cfg")
    let server = try machines.serve("b", "--all")
    #expect(server.errorsSoFar.contains("concord_one.cfg:1:"), "\(server.errorsSoFar)")
    try machines.lab.put("x", in: "\(machines.root("a", "two"))/f")
    #expect(try machines.start("a", "-C", "two", "sync").wait().status == 0)
    #expect(machines.read("b", "two", "f") == "x")
  }

  @Test(arguments: ["../x", "a/b", "", ".x"]) func `have names and no paths`(name: String) throws {
    let machines = try Machines()
    let outcome = try machines.start("a", "-C", name, "status").wait()
    #expect(outcome.status == 64 && outcome.err.contains("concord_NAME.cfg"), "\(outcome)")
  }
}
