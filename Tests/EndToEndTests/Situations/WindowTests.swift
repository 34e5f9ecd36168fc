import Foundation
import Testing

/// Situation 24: a local edit between scan and install, made while a tracer holds the exchange.
@Suite struct `An edit in the window before an install` {
  enum Edit: String, CaseIterable, CustomTestStringConvertible {
    case inPlace, byRename, appended
    var testDescription: String { rawValue }
  }

  private func edit(_ lab: Lab, _ host: String, _ kind: Edit) throws {
    switch kind {
    case .inPlace:
      try lab.write(host, "f", "local edit")
    case .byRename:
      // As editors do; the new file must not be seen under another name.
      try lab.put("local edit", in: "\(lab.folder)/edited")
      guard rename("\(lab.folder)/edited", lab.path(host, "f")) == 0 else {
        throw LabFailure.call("rename")
      }
    case .appended:
      let file = try #require(fopen(lab.path(host, "f"), "a"))
      fputs(" and local edit", file)
      fclose(file)
    }
  }

  private let delayed = [
    "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=renameat2,linkat", "-e",
    "inject=renameat2,linkat:delay_enter=1500000",
  ]

  @Test(arguments: Edit.allCases)
  func `24: on the host that answers is kept and becomes a conflict`(kind: Edit) throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    try lab.down()
    try lab.up("b", wrapper: delayed)
    try lab.write("a", "f", "from a")
    let sync = try lab.start("a", ["sync"])
    let open = try window(try #require(lab.servers["b"]), while: sync)
    try #require(open, "no exchange on b: \(sync.errorsSoFar)")
    try edit(lab, "b", kind)
    let mine = try #require(try lab.read("b", "f"))
    _ = try sync.wait()
    #expect(try lab.read("b", "f") == mine)
    try lab.down()
    try lab.up()
    try lab.settle(exits: 1)
    try lab.expectConflict("f")
    #expect(try lab.contents("f") == ["from a", mine])
  }

  @Test(arguments: [Edit.inPlace, .byRename])
  func `24: on the host that calls is kept and becomes a conflict`(kind: Edit) throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    try lab.down("a")
    try lab.write("b", "f", "from b")
    let sync = try lab.start("a", ["sync"], wrapper: delayed)
    let open = try window(sync, while: sync)
    try #require(open, "no exchange on a: \(sync.errorsSoFar)")
    try edit(lab, "a", kind)
    #expect(try sync.wait().status != 0)
    #expect(try lab.read("a", "f") == "local edit")
    try lab.up("a")
    try lab.settle(exits: 1)
    try lab.expectConflict("f")
    #expect(try lab.contents("f") == ["local edit", "from b"])
  }

  @Test func `24: that makes a file where one was to arrive keeps both`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    try lab.down()
    try lab.up("b", wrapper: delayed)
    try lab.write("a", "new", "from a")
    let sync = try lab.start("a", ["sync"])
    let open = try window(try #require(lab.servers["b"]), while: sync)
    try #require(open, "no exchange on b: \(sync.errorsSoFar)")
    try lab.write("b", "new", "local file")
    _ = try sync.wait()
    #expect(try lab.read("b", "new") == "local file")
    try lab.down()
    try lab.up()
    try lab.settle(exits: 1)
    try lab.expectConflict("new", kind: nil)
    #expect(try lab.contents("new") == ["from a", "local file"])
  }

  @Test func `24: is kept against a deletion as well`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    try lab.down()
    try lab.up("b", wrapper: delayed)
    try lab.remove("a", "f")
    let sync = try lab.start("a", ["sync"])
    let open = try window(try #require(lab.servers["b"]), while: sync)
    try #require(open, "no removal by renameat2 on b: \(sync.errorsSoFar)")
    try lab.write("b", "f", "local edit")
    _ = try sync.wait()
    #expect(try lab.read("b", "f") == "local edit")
    try lab.down()
    try lab.up()
    try lab.settle(exits: 1)
    try lab.expectConflict("f", kind: "delete-edit")
  }

  /// Waits until a thread of the traced group stands before its `renameat2`.
  private func window(_ traced: Child, while sync: Child) throws -> Bool {
    #if arch(x86_64)
      let numbers = ["316 ", "265 "]
    #else
      let numbers = ["276 ", "37 "]
    #endif
    var seen = false
    _ = until(seconds: 60) {
      seen = ProcessGroup(id: traced.pid).threads.contains { task in
        // Several calls of the same kind may be waiting; each is held before it does anything.
        let call = (try? String(contentsOfFile: "\(task)/syscall", encoding: .utf8)) ?? ""
        return numbers.contains { call.hasPrefix($0) }
      }
      return seen || sync.poll() != nil
    }
    return seen
  }
}
