import Testing

/// One path, what both hosts had in common, what each has made of it since, and what has to come of
/// it on both.
struct ThreeWay: Sendable, CustomTestStringConvertible {
  typealias Deed = @Sendable (Lab) throws -> Void

  let name: String
  var base: Deed = { _ in }
  var a: Deed = { _ in }
  var b: Deed = { _ in }
  /// The tree lines of both hosts, without owners; nil: each keeps what it has.
  var tree: [String]?
  /// The path in conflict, its kind and the fields that differ.
  var conflict: (path: String, kind: String, fields: [String])?

  var testDescription: String { name }

  /// Builds the three states, lets the hosts meet, and checks what came of them.
  func play() throws {
    let lab = try Lab(["a", "b"])
    try lab.write("a", "keep", "x")
    try base(lab)
    try lab.up()
    try lab.settle()
    try a(lab)
    try b(lab)
    let before = try lab.hosts.map { try lab.tree($0, []) }
    try lab.settle(exits: conflict == nil ? 0 : 1)
    let after = try lab.hosts.map { try lab.tree($0, []).filter { $0 != Self.keep } }
    for (index, lines) in after.enumerated() {
      #expect(lines == tree ?? before[index].filter { $0 != Self.keep }, "\(lab.hosts[index])")
    }
    guard let conflict else { return try lab.expectNoConflicts() }
    try lab.expectConflict(conflict.path, kind: conflict.kind)
    for host in lab.hosts {
      #expect(try lab.conflicts(host).front["fields"].texts == conflict.fields)
    }
  }

  private static let keep = "keep file 644 'x'"

  static func write(_ host: String, _ name: Name, _ text: String, _ mode: UInt32? = nil) -> Deed {
    { try $0.write(host, name, text, mode: mode) }
  }

  static func remove(_ host: String, _ name: Name) -> Deed { { try $0.remove(host, name) } }

  static func replace(_ host: String, _ name: Name, byDirectoryWith child: Name, _ text: String)
    -> Deed
  {
    {
      try $0.remove(host, name)
      try $0.write(host, child, text)
    }
  }

  static func chmod(_ host: String, _ name: Name, _ mode: UInt32) -> Deed {
    { try $0.chmod(host, name, mode) }
  }

  static func link(_ host: String, _ name: Name, to target: String) -> Deed {
    { try $0.link(host, name, to: target) }
  }
}

@Suite struct `A common state and two changes of it` {
  private static let ways: [ThreeWay] = [
    ThreeWay(
      name: "nothing, the same file, the same file", a: ThreeWay.write("a", "f", "1"),
      b: ThreeWay.write("b", "f", "1"), tree: ["f file 644 '1'"]),
    ThreeWay(
      name: "nothing, a file, another file", a: ThreeWay.write("a", "f", "1"),
      b: ThreeWay.write("b", "f", "2"), conflict: ("f", "unrelated", ["content"])),
    ThreeWay(
      name: "nothing, a directory, an empty directory", a: ThreeWay.write("a", "d/f", "1"),
      b: { try $0.makeDirectory("b", "d") }, tree: ["d dir 755", "d/f file 644 '1'"]),
    ThreeWay(
      name: "nothing, a directory, the same with another file",
      a: ThreeWay.write("a", "d/f", "1"), b: ThreeWay.write("b", "d/f", "2"),
      conflict: ("d/f", "unrelated", ["content"])),
    ThreeWay(
      name: "a file, edited, deleted", base: ThreeWay.write("a", "f", "1"),
      a: ThreeWay.write("a", "f", "2"), b: ThreeWay.remove("b", "f"),
      conflict: ("f", "delete-edit", ["content"])),
    ThreeWay(
      name: "a file, deleted, deleted", base: ThreeWay.write("a", "f", "1"),
      a: ThreeWay.remove("a", "f"), b: ThreeWay.remove("b", "f"), tree: []),
    ThreeWay(
      name: "a directory, deleted, emptied", base: ThreeWay.write("a", "d/f", "1"),
      a: ThreeWay.remove("a", "d"), b: ThreeWay.remove("b", "d/f"), tree: []),
    ThreeWay(
      name: "a directory, deleted, one more file in it", base: ThreeWay.write("a", "d/f", "1"),
      a: ThreeWay.remove("a", "d"), b: ThreeWay.write("b", "d/new", "2"),
      tree: ["d dir 755", "d/new file 644 '2'"]),
    ThreeWay(
      name: "a file, a directory in its place, unchanged", base: ThreeWay.write("a", "p", "1"),
      a: ThreeWay.replace("a", "p", byDirectoryWith: "p/f", "1"),
      tree: ["p dir 755", "p/f file 644 '1'"]),
  ]

  @Test(arguments: ways) func `end as they should`(way: ThreeWay) throws { try way.play() }

  @Test func `one a file and one a directory with a file in it are a conflict of types`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base([:])
    try lab.write("a", "p", "file")
    try lab.write("b", "p/child", "below")
    for host in ["a", "b", "a", "b"] { _ = try lab.run(host, "sync") }
    try lab.expectConflict("p", kind: "type")
    #expect(try lab.read("a", "p") == "file")
    #expect(try lab.read("b", "p/child") == "below")
  }

  @Test func `one that cannot be read is no change, whatever the other is`() throws {
    for isDeleted in [true, false] {
      let lab = try Lab(["a", "b"])
      try lab.base(["f": "base"])
      try lab.down("a")
      if isDeleted { try lab.remove("b", "f") } else { try lab.write("b", "f", "edited") }
      try lab.write("a", "f", "changed, and now damaged")
      let outcome = try lab.run(
        "a", "sync",
        wrapper: [
          "strace", "-f", "-qq", "-o", "/dev/null", "-P", "f", "-P", lab.path("a", "f"), "-e",
          "trace=openat,openat2,read,pread64", "-e",
          "inject=openat,openat2,read,pread64:error=EIO",
        ])
      #expect(outcome.status == 4, "\(outcome)")
      #expect(try lab.contents("f") == ["changed, and now damaged", isDeleted ? nil : "edited"])
      try lab.up("a")
      try lab.settle(exits: 1)
      try lab.expectConflict("f", kind: isDeleted ? "delete-edit" : "content")
    }
  }
}

@Suite struct `Two replicas of a path` {
  private static let file = ThreeWay.write("a", "f", "1")
  private static let directory = ThreeWay.write("a", "d/f", "1")

  private static let ways: [ThreeWay] = [
    ThreeWay(
      name: "changed on the second only", base: file, b: ThreeWay.write("b", "f", "2"),
      tree: ["f file 644 '2'"]),
    ThreeWay(
      name: "changed on the first only", base: file, a: ThreeWay.write("a", "f", "2"),
      tree: ["f file 644 '2'"]),
    ThreeWay(
      name: "a directory's mode on the first, a child on the second", base: directory,
      a: ThreeWay.chmod("a", "d", 0o700), b: ThreeWay.write("b", "d/f", "2"),
      tree: ["d dir 700", "d/f file 644 '2'"]),
    ThreeWay(
      name: "a directory's mode, alike", base: directory, a: ThreeWay.chmod("a", "d", 0o700),
      b: ThreeWay.chmod("b", "d", 0o700), tree: ["d dir 700", "d/f file 644 '1'"]),
    ThreeWay(
      name: "a directory's mode, differently", base: directory,
      a: ThreeWay.chmod("a", "d", 0o700), b: ThreeWay.chmod("b", "d", 0o750),
      conflict: ("d", "metadata", ["mode"])),
    ThreeWay(
      name: "the same new content and the same mode", base: file,
      a: ThreeWay.write("a", "f", "2", 0o600), b: ThreeWay.write("b", "f", "2", 0o600),
      tree: ["f file 600 '2'"]),
    ThreeWay(
      name: "the same new content and two modes", base: file,
      a: ThreeWay.write("a", "f", "2", 0o600), b: ThreeWay.write("b", "f", "2", 0o640),
      conflict: ("f", "metadata", ["mode"])),
    ThreeWay(
      name: "modes alone, alike", base: file, a: ThreeWay.chmod("a", "f", 0o600),
      b: ThreeWay.chmod("b", "f", 0o600), tree: ["f file 600 '1'"]),
    ThreeWay(
      name: "modes alone, differently", base: file, a: ThreeWay.chmod("a", "f", 0o600),
      b: ThreeWay.chmod("b", "f", 0o640), conflict: ("f", "metadata", ["mode"])),
    ThreeWay(
      name: "two contents", base: file, a: ThreeWay.write("a", "f", "2"),
      b: ThreeWay.write("b", "f", "3"), conflict: ("f", "content", ["content"])),
    ThreeWay(
      name: "content here, mode there", base: file, a: ThreeWay.write("a", "f", "2"),
      b: ThreeWay.chmod("b", "f", 0o600), tree: ["f file 600 '2'"]),
    ThreeWay(
      name: "links to one place", a: ThreeWay.link("a", "l", to: "x"),
      b: ThreeWay.link("b", "l", to: "x"), tree: ["l link -> x"]),
    ThreeWay(
      name: "links to two places", a: ThreeWay.link("a", "l", to: "x"),
      b: ThreeWay.link("b", "l", to: "y"), conflict: ("l", "content", ["content"])),
    ThreeWay(
      name: "two types", a: ThreeWay.write("a", "p", "1"), b: ThreeWay.link("b", "p", to: "x"),
      conflict: ("p", "type", ["content", "mode"])),
  ]

  @Test(arguments: ways) func `are compared by what changed`(way: ThreeWay) throws {
    try way.play()
  }

  @Test func `edited and edited back before the run is unchanged, and yields to the other`() throws
  {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    try lab.write("a", "f", "something else")
    try lab.write("a", "f", "base")
    try lab.write("b", "f", "from b")
    try lab.settle()
    try lab.expectNoConflicts()
    #expect(try lab.contents("f") == ["from b", "from b"])
  }

  @Test func `replaced by a copy of the same size and time is noticed`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "one"])
    // As a restore or an installer does: another inode, the old size, the old time.
    let copy = "\(lab.folder)/copy"
    try lab.put("two", in: copy)
    try lab.tool("touch", "-r", lab.path("a", "f"), copy)
    try lab.tool("mv", copy, lab.path("a", "f"))
    try lab.sync("a")
    #expect(try lab.read("b", "f") == "two")
  }

  @Test func `with an older time on the later edit take the later edit`() throws {
    let lab = try Lab()
    try lab.base(["f": "base"])
    try lab.write("b", "f", "from b")
    try lab.touch("b", "f", seconds: 4_000_000_000)
    try lab.settle()
    try lab.write("a", "f", "later, by a clock of 1980")
    try lab.touch("a", "f", seconds: 315_532_800)
    try lab.settle()
    try lab.expectNoConflicts()
    for text in try lab.contents("f") { #expect(text == "later, by a clock of 1980") }
  }

  @Test func `linked by two names conflict name by name, and are the same at every run`() throws {
    let lab = try Lab()
    try lab.write("a", "one", "base")
    try lab.tool("ln", lab.path("a", "one"), lab.path("a", "two"))
    try lab.base([:])
    try lab.write("a", "one", "from a, by both names")
    try lab.write("b", "one", "from b, by one name")
    try lab.settle(exits: 1)
    let id = try lab.expectConflict("one")
    // The other name was changed on one host only.
    for text in try lab.contents("two") { #expect(text == "from a, by both names") }
    let before = try lab.hosts.map { try lab.sights($0) }
    try lab.settle(exits: 1)
    #expect(try lab.expectConflict("one") == id)
    for (host, sights) in zip(lab.hosts, before) { try lab.expectUntouched(host, since: sights) }
    try lab.resolve("c", id, "--host", "b")
    try lab.settle()
    try lab.expectNoConflicts()
    for text in try lab.contents("one") { #expect(text == "from b, by one name") }
    for text in try lab.contents("two") { #expect(text == "from a, by both names") }
  }
}
