import Foundation
import Testing

/// Texts whose changes do not meet, and those that do.
@Suite struct `A merge` {
  private static let base = (1...9).map { "line \($0)\n" }.joined()
  private static let ofA = base.replacingOccurrences(of: "line 2\n", with: "line 2 of a\n")
  private static let ofB = base.replacingOccurrences(of: "line 8\n", with: "line 8 of b\n")
  private static let ofBoth = ofA.replacingOccurrences(of: "line 8\n", with: "line 8 of b\n")

  private func conflicting(_ a: String, _ b: String, more: String = "") throws -> Lab {
    let lab = try Lab()
    if !more.isEmpty { try lab.put(try lab.configuration(more: more), in: lab.config) }
    try lab.base(["f": "\(Self.base)"])
    try lab.down()
    try lab.write("a", "f", a)
    try lab.write("b", "f", b)
    try lab.up()
    return lab
  }

  @Test func `by hand takes the changes of both sides, on every host`() throws {
    let lab = try conflicting(Self.ofA, Self.ofB)
    try lab.settle(exits: 1)
    let id = try lab.expectConflict("f")
    try lab.resolve("c", id, "--merge")
    #expect(try lab.read("c", "f") == Self.ofBoth)
    try lab.settle()
    #expect(try lab.contents("f") == [Self.ofBoth, Self.ofBoth, Self.ofBoth])
    try lab.expectNoConflicts()
  }

  @Test func `by hand works with every other host down`() throws {
    let lab = try conflicting(Self.ofA, Self.ofB)
    try lab.settle(exits: 1)
    try lab.down()
    try lab.resolve("a", lab.path("a", "f"), "--merge")
    #expect(try lab.read("a", "f") == Self.ofBoth)
    try lab.up()
    try lab.settle()
    #expect(try lab.contents("f") == [Self.ofBoth, Self.ofBoth, Self.ofBoth])
  }

  @Test func `of changes that meet says where, and writes nothing`() throws {
    let other = Self.base.replacingOccurrences(of: "line 2\n", with: "line 2 of b\n")
    let lab = try conflicting(Self.ofA, other)
    try lab.settle(exits: 1)
    let id = try lab.expectConflict("f")
    let refused = try lab.resolve("a", id, "--merge", exits: 65)
    expectOneLine(refused, naming: "line 2", "--union")
    #expect(try lab.contents("f").prefix(2) == [Self.ofA, other])
    try lab.expectConflict("f")
    try lab.resolve("a", id, "--union")
    try lab.settle()
    let text = try #require(try lab.read("c", "f"))
    #expect(text.contains("line 2 of a\n") && text.contains("line 2 of b\n"))
    #expect(!text.contains("<<<") && text.contains("line 9\n"))
  }

  @Test func `by the configuration happens on every host alike, without an event`() throws {
    for order in [["a", "b", "c"], ["c", "b", "a"], ["b", "c", "a"]] {
      let lab = try conflicting(Self.ofA, Self.ofB, more: "auto merge;")
      for host in order { expect(try lab.run(host, "sync"), [0, 1], at: #_sourceLocation) }
      try lab.settle()
      #expect(try lab.contents("f") == [Self.ofBoth, Self.ofBoth, Self.ofBoth])
      try lab.expectNoConflicts()
      let listed = try lab.run("c", "conflicts", "--resolved")
      #expect(listed.out.contains("auto merge"), "\(listed)")
      // An edit on top of it is one edit, and no conflict comes back.
      try lab.write("b", "f", Self.ofBoth + "more\n")
      try lab.settle()
      #expect(try lab.read("a", "f") == Self.ofBoth + "more\n")
      try lab.expectNoConflicts()
    }
  }

  @Test func `by the configuration leaves what meets to people`() throws {
    let other = Self.base.replacingOccurrences(of: "line 2\n", with: "line 2 of b\n")
    let lab = try conflicting(Self.ofA, other, more: "auto merge;")
    try lab.settle(exits: 1)
    try lab.expectConflict("f")
    #expect(try lab.contents("f").prefix(2) == [Self.ofA, other])
  }

  @Test func `can be looked at before: the versions and what they come from`() throws {
    let lab = try conflicting(Self.ofA, Self.ofB)
    try lab.settle(exits: 1)
    let id = try lab.expectConflict("f")
    try lab.down()
    for host in ["a", "b", "c"] {
      let two = try lab.run(host, "diff", id)
      #expect(two.status == 1, "\(two)")
      // Which of the two is called a follows from their numbers.
      let signs = two.out.contains("-line 2 of a\n") ? ("-", "+") : ("+", "-")
      #expect(two.out.contains("\(signs.0)line 2 of a\n"), "\(two)")
      #expect(two.out.contains("\(signs.1)line 8 of b\n"), "\(two)")
      #expect(two.out.contains("\(signs.0)line 8\n"), "\(two)")
      let three = try lab.run(host, "diff", "--base", id)
      #expect(three.status == 1 && three.out.contains("-line 2\n"), "\(three)")
      #expect(three.out.contains("+line 2 of a\n") && three.out.contains("+line 8 of b\n"))
      let shown = try lab.run(host, "conflicts", "show", id)
      #expect(shown.out.contains("merge     clean"), "\(shown)")
    }
  }

  @Test func `shows no control byte of a file`() throws {
    let lab = try conflicting("one \u{1B}[2J\n", "two \u{202E}\n")
    try lab.settle(exits: 1)
    let shown = try lab.run("c", "diff", lab.path("c", "f"))
    expectHarmless(shown)
  }
}
