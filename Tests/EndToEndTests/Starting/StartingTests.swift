import Foundation
import Testing

/// The ways in which a system starts the daemon: each by the program that does it in earnest.
@Suite struct `The daemon is started` {
  @Test func `by inetd, a process for each connection`() throws {
    let lab = try Lab(["a", "b"])
    let program = "\(lab.folder)/inetd.conf"
    let words = lab.words("b", ["serve", "--stdio"]).joined(separator: " ")
    let runtime = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] ?? ""
    try lab.put(
      "127.0.0.1:\(try lab.port("b").number) stream tcp nowait root /usr/bin/env "
        + "env LD_LIBRARY_PATH=\(runtime) \(words)\n", in: program)
    lab.servers["b"] = try Child(["inetd", "-i", program], scratch: lab.scratch)
    try #require(until(seconds: 30) { (try? lab.port("b").answers) ?? false })
    try lab.write("a", "f", "from a")
    try lab.sync("a")
    #expect(try lab.read("b", "f") == "from a")
    try lab.write("b", "g", "from b")
    try lab.sync("a")
    #expect(try lab.read("a", "g") == "from b")
  }

  @Test func `by inetd with csync2's line, under its name`() throws {
    let lab = try Lab.csync2(["a.lab", "b.lab"])
    let program = "\(lab.folder)/inetd.conf"
    let runtime = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] ?? ""
    try lab.put(
      "127.0.0.1:\(try lab.port("b.lab").number) stream tcp nowait root /usr/bin/env "
        + "env LD_LIBRARY_PATH=\(runtime) CSYNC2_SYSTEM_DIR=\(lab.system) "
        + "\(lab.folder)/bin/csync2 -i -N b.lab -D \(lab.state("b.lab"))\n", in: program)
    lab.servers["b.lab"] = try Child(["inetd", "-i", program], scratch: lab.scratch)
    try #require(until(seconds: 30) { (try? lab.port("b.lab").answers) ?? false })
    try lab.write("a.lab", "f", "from a")
    try lab.csync2("a.lab", "-x", exits: 0)
    #expect(try lab.read("b.lab", "f") == "from a")
  }

  @Test func `by systemd, which holds the socket`() throws {
    let lab = try Lab(["a", "b"])
    try activate(lab, "b")
    try lab.write("a", "f", "from a")
    try lab.sync("a")
    #expect(try lab.read("b", "f") == "from a")
    // Commands on that host reach the daemon that systemd has started.
    try lab.write("b", "g", "from b")
    #expect(try lab.run("b", "scan").status == 0)
    try lab.sync("a")
    #expect(try lab.read("a", "g") == "from b")
  }

  private func activate(_ lab: Lab, _ host: String) throws {
    let place = "127.0.0.1:\(try lab.port(host).number)"
    lab.servers[host] = try lab.start(
      host, ["serve"],
      wrapper: ["systemd-socket-activate", "-E", "LD_LIBRARY_PATH", "-l", place])
    try #require(until(seconds: 30) { (try? lab.port(host).answers) ?? false })
  }

  @Test func `and says when it serves, takes its configuration anew, and goes`() throws {
    let lab = try Lab(["a", "b"])
    let ear = try Ear("\(lab.folder)/notify")
    lab.servers["b"] = try lab.start(
      "b", ["serve"], wrapper: ["env", "NOTIFY_SOCKET=\(ear.path)"])
    let port = try lab.port("b").number
    #expect(ear.hears("READY=1\nSTATUS=serving b on port \(port)"))
    lab.servers["b"]?.signal(SIGHUP)
    #expect(ear.hears("RELOADING=1"))
    #expect(ear.hears("READY=1"))
    try lab.down("b")
    #expect(ear.hears("STOPPING=1"))
  }
}

@Suite struct `A configuration that changes while the daemon runs` {
  @Test func `is taken at SIGHUP, without a connection refused`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base", "g.bak": "base"])
    let server = try #require(lab.servers["b"])
    // Whoever calls while one process takes the place of the other is served by it.
    try lab.put(try lab.configuration(more: "exclude *.bak;"), in: lab.config)
    for host in ["a", "b"] { lab.servers[host]?.signal(SIGHUP) }
    try lab.write("a", "f", "new")
    try lab.write("a", "g.bak", "new")
    let isThrough = try until(seconds: 30) {
      _ = try lab.run("a", "sync")
      return try lab.read("b", "f") == "new"
    }
    #expect(isThrough)
    #expect(try lab.read("b", "g.bak") == "base")
    #expect(server.poll() == nil)
  }

  @Test func `stays as it was if the new one is broken, and the log says so`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    let server = try #require(lab.servers["b"])
    let good = try lab.configuration()
    lab.configurations["a"] = "\(lab.folder)/good.cfg"
    try lab.put(good, in: "\(lab.folder)/good.cfg")
    try lab.put("group web { includ /x; }", in: lab.config)
    server.signal(SIGHUP)
    let isSaid = until(seconds: 30) {
      server.errorsSoFar.contains("not taken: the former one stays in force")
    }
    #expect(isSaid, "\(server.errorsSoFar)")
    #expect(server.errorsSoFar.contains("`includ`"), "\(server.errorsSoFar)")
    try lab.down("a")
    try lab.write("a", "f", "new")
    try lab.sync("a")
    #expect(try lab.read("b", "f") == "new")
  }
}

/// A socket to which a service reports, as the service manager has one.
private final class Ear {
  let path: String
  private let descriptor: Int32
  private var heard = ""

  init(_ path: String) throws {
    self.path = path
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    guard descriptor >= 0 else { throw LabFailure.call("socket") }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let isBound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
    guard isBound else { throw LabFailure.call("bind", path) }
  }

  deinit { close(descriptor) }

  /// Whether such a report comes, after those that were heard before.
  func hears(_ text: String) -> Bool {
    until(seconds: 30) {
      var buffer = [UInt8](repeating: 0, count: 4_096)
      let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      guard count > 0 else { return false }
      heard = String(decoding: buffer.prefix(count), as: UTF8.self)
      return heard.hasPrefix(text)
    }
  }
}
