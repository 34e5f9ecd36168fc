import Foundation
import Testing

/// `wait`: until others have what this host has.
@Suite struct `Waiting` {
  private func host(_ document: JSON, _ name: String) -> JSON {
    document["groups"].items.front["hosts"].items.first { $0["name"].text == name } ?? .null
  }

  @Test(arguments: Form.allCases)
  func `ends with 0 when all have it, and brings it to them`(form: Form) throws {
    let lab = try Lab()
    try lab.base(["f": "base"])
    if form == .alone { try lab.down("a") }
    try lab.write("a", "f", "changed")
    let document = try lab.json("a", "wait", exits: 0)
    #expect(document["schema"].text == "concord.wait/1" && document["host"].text == "a")
    for name in ["b", "c"] {
      #expect(host(document, name)["has"].flag == true, "\(document)")
      #expect(host(document, name)["seconds"].number != nil)
      #expect(host(document, name)["problem"] == .null)
    }
    #expect(try lab.contents("f") == ["changed", "changed", "changed"])
    #expect(try lab.run("a", "wait").silent)
  }

  @Test func `ends with 2 when the time runs out, and names who lacks it and why`() throws {
    let lab = try Lab()
    try lab.base(["f": "base"])
    try lab.down("c")
    try lab.write("a", "f", "changed")
    let document = try lab.json("a", "wait", "--timeout", "0.5", exits: 2)
    #expect(host(document, "b")["has"].flag == true, "\(document)")
    #expect(host(document, "c")["has"].flag == false)
    #expect(host(document, "c")["seconds"] == .null)
    #expect(host(document, "c")["problem"].text?.contains("refused") == true, "\(document)")
    let told = try lab.run("a", "wait", "--timeout", "0")
    #expect(told.status == 2)
    expectOneLine(told, naming: "web: c: does not have it")
    expect(try lab.run("a", "wait", "--hosts", "b"), [0], at: #_sourceLocation)
    #expect(try lab.read("c", "f") == "base")
  }

  @Test(arguments: Form.allCases)
  func `goes on until a host that was down is up, and other commands run meanwhile`(form: Form)
    throws
  {
    let lab = try Lab()
    try lab.base(["f": "base"])
    try lab.down("c")
    if form == .alone { try lab.down("a") }
    try lab.write("a", "f", "changed")
    let waiting = try lab.start("a", ["wait", "--timeout", "100"])
    // b has it: the wait has begun and c is what is left.
    #expect(try until(seconds: 60) { try lab.read("b", "f") == "changed" })
    if form == .throughDaemon {
      expect(try lab.run("a", "status"), [2], at: #_sourceLocation)
      #expect(waiting.poll() == nil)
    }
    try lab.up("c")
    let outcome = try waiting.wait(seconds: 100)
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try lab.read("c", "f") == "changed")
  }

  @Test func `takes another host's word for one that it cannot reach`() throws {
    let lab = try Lab()
    try lab.base(["f": "base"])
    try lab.down("a")
    // For a alone c has an address at which nobody is.
    let text = try lab.configuration().replacingOccurrences(
      of: "c@127.0.0.1:\(try lab.port("c").number)", with: "c@127.0.0.1:1")
    lab.configurations["a"] = "\(lab.folder)/a.cfg"
    try lab.put(text, in: "\(lab.folder)/a.cfg")
    try lab.write("a", "f", "changed")
    let waiting = try lab.start("a", ["wait", "--timeout", "100"])
    #expect(try until(seconds: 60) { try lab.read("b", "f") == "changed" })
    #expect(waiting.poll() == nil, "b has it, and nobody has told of c")
    try lab.sync("b", exits: 2)
    let outcome = try waiting.wait(seconds: 100)
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try lab.contents("f") == ["changed", "changed", "changed"])
  }

  @Test func `meets everybody after a rejoin, when knowledge does not say it all`() throws {
    let lab = try Lab()
    try lab.base(["f": "base"])
    try lab.down("a", "c")
    try lab.write("a", "f", "changed")
    // b has confirmed it and c has not heard of it; a forgets that it knew.
    try lab.sync("a", exits: 2)
    try lab.sync("a", exits: 2)
    expect(try lab.run("a", "host", "rejoin"), [0], at: #_sourceLocation)
    expect(try lab.run("a", "wait", "--timeout", "0"), [2], at: #_sourceLocation)
    try lab.up("c")
    expect(try lab.run("a", "wait"), [0], at: #_sourceLocation)
    #expect(try lab.contents("f") == ["changed", "changed", "changed"])
  }

  @Test func `leaves out who was retired, and refuses names that it does not know`() throws {
    let lab = try Lab()
    try lab.base(["f": "base"])
    try lab.down("c")
    expect(try lab.run("a", "host", "retire", "c", "--yes"), [0], at: #_sourceLocation)
    try lab.write("a", "f", "changed")
    expect(try lab.run("a", "wait"), [0], at: #_sourceLocation)
    for hosts in ["zz", "b,zz", "a"] {
      let outcome = try lab.run("a", "wait", "--hosts", hosts)
      #expect(outcome.status == 64, "\(outcome)")
    }
    #expect(try lab.run("a", "wait", "--timeout", "-1").status == 64)
    #expect(try lab.run("a", "wait", "--group", "zz").status != 0)
  }

  @Test func `says that a question is open and does not send what nobody has answered`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    for name in ["f", "keep"] as [Name] { try lab.remove("a", name) }
    let outcome = try lab.run("a", "wait", "--timeout", "30")
    #expect(outcome.status == 2 && outcome.err.contains("is empty now"), "\(outcome)")
    #expect(try lab.read("b", "f") == "base")
  }
}
