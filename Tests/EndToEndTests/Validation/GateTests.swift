import Foundation
import Testing

/// Commands that look at changes before they are made, on the host that takes them.
@Suite struct `A validation` {
  /// Files of `n/` have to agree: `n/head` and `n/body` begin with the same word.
  private func lab(
    _ hosts: [String] = ["a", "b"], command: String? = nil, timeout: Int = 20, gates: String = ""
  ) throws -> Lab {
    let lab = try Lab(hosts)
    let checker = "\(lab.folder)/check"
    try lab.put(
      """
      #!/bin/sh
      cd \(lab.folder)/$CONCORD_HOST/root/n || exit 2
      test -f head || test -f body || exit 0
      read head rest < head
      read body rest < body
      test "$head" = "$body" || { echo "head $head, body $body"; exit 1; }

      """, in: checker)
    chmod(checker, 0o755)
    try lab.put(
      try lab.configuration(
        more: """
          validate { pattern %root%/n/**; exec "\(command ?? checker)"; timeout \(timeout); }
          \(gates)
          """), in: lab.config)
    return lab
  }

  private func refusals(_ lab: Lab, _ host: String) throws -> [String] {
    try lab.status(host)["problems"].items.compactMap { $0["what"].text }
      .filter { $0.hasPrefix("refused by validation") }
  }

  @Test func `lets a set in only as a whole, and tells of it on both sides`() throws {
    let lab = try lab()
    try lab.base(["n/head": "1", "n/body": "1", "free": "1"])
    try lab.write("a", "n/head", "2")
    try lab.write("a", "n/new", "new")
    try lab.write("a", "free", "2")
    let outcome = try lab.sync("a", exits: 3)
    #expect(outcome.err.contains("refused by validation on b"), "\(outcome)")
    #expect(outcome.err.contains("exit 1: head 2, body 1"), "\(outcome)")
    #expect(try lab.contents("n/head") == ["2", "1"])
    #expect(!lab.exists("b", "n/new"))
    #expect(try lab.read("b", "free") == "2")
    #expect(try refusals(lab, "a") == ["refused by validation on b"])
    #expect(try refusals(lab, "b") == ["refused by validation"])
    #expect(try lab.run("b", "status").status == 3)
    expect(try lab.run("b", "sync"), [3], at: #_sourceLocation)
    try lab.write("a", "n/body", "2")
    try lab.sync("a")
    try lab.sync("b")
    #expect(try lab.contents("n/head") == ["2", "2"])
    #expect(try lab.contents("n/body") == ["2", "2"])
    #expect(try lab.contents("n/new") == ["new", "new"])
    for host in lab.hosts { #expect(try refusals(lab, host).isEmpty, "\(host)") }
    try lab.expectEqualTrees()
  }

  @Test func `sees new directories, removals and renames as they will be`() throws {
    let lab = try lab()
    try lab.base(["n/old": "1"])
    try lab.write("a", "n/head", "1")
    try lab.write("a", "n/body", "1")
    try lab.write("a", "n/d/e/f", "deep")
    try lab.remove("a", "n/old")
    try lab.sync("a")
    try lab.expectEqualTrees()
    try lab.remove("a", "n/body")
    try lab.sync("a", exits: 3)
    #expect(try lab.read("b", "n/body") == "1")
    try lab.remove("a", "n/head")
    try lab.settle()
    try lab.expectEqualTrees()
  }

  @Test(arguments: [
    ("sleep 600", "its time was over"), ("/no/such/command", "exit 127"),
    ("yes x; true", "its time was over"), ("kill -9 $$", "signal 9"),
  ])
  func `that hangs, floods, is missing or dies refuses`(command: String, reason: String) throws {
    let lab = try lab(command: command, timeout: 1)
    try lab.base(["free": "1"])
    try lab.write("a", "n/f", "1")
    let outcome = try lab.sync("a", exits: 3)
    #expect(outcome.err.contains(reason), "\(outcome)")
    #expect(!lab.exists("b", "n/f"))
  }

  @Test func `gets names as they are, and cannot write where it looks`() throws {
    let lab = try lab(
      command: "cat -- %% > /dev/null && ! touch -- %% && test $# -eq 3 && tr -dc '\\\\000' | wc -c"
    )
    try lab.base(["free": "1"])
    let names: [Name] = [
      "n/with 'quotes\" and $(touch x) `y`", Name(bytes: Array("n/line\nbreak".utf8)),
      Name(bytes: Array("n/".utf8) + [0xFF, 0xFE]),
    ]
    for name in names { try lab.write("a", name, "1") }
    try lab.sync("a")
    for name in names { #expect(try lab.read("b", name) == "1", "\(name)") }
  }

  @Test func `has no effect on other gates of the group`() throws {
    let lab = try lab(
      command: "false", gates: "validate { pattern %root%/m/**; exec true; }")
    try lab.base(["free": "1"])
    try lab.write("a", "n/f", "1")
    try lab.write("a", "m/f", "1")
    try lab.sync("a", exits: 3)
    #expect(!lab.exists("b", "n/f"))
    #expect(try lab.read("b", "m/f") == "1")
    let forecast = try lab.run("a", "sync", "--dry-run")
    #expect(forecast.out.contains("n/f"), "\(forecast)")
  }

  @Test func `is passed when three hosts meet at once`() throws {
    let lab = try lab(["a", "b", "c"])
    try lab.base(["n/head": "1", "n/body": "1"])
    for turn in 2...4 {
      try lab.write("a", "n/head", "\(turn)")
      try lab.write("a", "n/body", "\(turn)")
      try lab.sync("a")
      try lab.sync("b")
      #expect(try lab.contents("n/head") == ["\(turn)", "\(turn)", "\(turn)"])
    }
    for host in lab.hosts { #expect(try refusals(lab, host).isEmpty, "\(host)") }
  }

  @Test func `holds what a decision brings`() throws {
    let lab = try lab()
    try lab.base(["n/head": "1", "n/body": "1"])
    try lab.write("a", "n/head", "1 from a")
    try lab.write("b", "n/head", "2 from b")
    try lab.settle(exits: 1)
    try lab.resolve("a", lab.path("a", "n/head"), "--host", "b", exits: 0, 2, 3, 4)
    #expect(try lab.read("a", "n/head") == "1 from a")
    #expect(try refusals(lab, "a") == ["refused by validation"])
  }

  @Test func `asks a program of the system`() throws {
    guard access("/bin/bash", X_OK) == 0 else { return }
    let lab = try lab(command: "bash -n %%")
    try lab.base(["n/start": "echo fine\n"])
    try lab.write("a", "n/start", "if then fi (\n")
    let outcome = try lab.sync("a", exits: 3)
    #expect(outcome.err.contains("syntax error"), "\(outcome)")
    #expect(try lab.read("b", "n/start") == "echo fine\n")
    try lab.write("a", "n/start", "echo better\n")
    try lab.settle()
    try lab.expectEqualTrees()
  }
}
