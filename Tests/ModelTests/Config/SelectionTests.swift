import Model
import Testing

@Suite struct `A selection` {
  @Test func `holds what is included and all below it`() {
    #expect(
      misjudged(
        "include /etc/x %p%;", ["+ /etc/x", "+ /etc/x/y/z", "- /etc", "- /etc/xx", "+ %p%/a"])
        == [])
  }

  @Test func `goes by the last path pattern that matches`() {
    #expect(
      misjudged(
        "include /a; exclude /a/b; include /a/b/c; exclude /a/b/c/d;",
        ["+ /a", "+ /a/x", "- /a/b", "- /a/b/x", "+ /a/b/c", "+ /a/b/c/x", "- /a/b/c/d/e"]) == [])
    #expect(misjudged("exclude /a/b; include /a;", ["+ /a/b"]) == [])
  }

  @Test func `goes by the last base-name pattern that matches`() {
    #expect(
      misjudged(
        "include /a; exclude *.o; include keep.o; exclude k*;",
        ["+ /a/x", "- /a/x.o", "- /a/keep.o", "- /a/kiss", "+ /a/x.oo"]) == [])
    #expect(
      misjudged("include keep.o; include /a; exclude *.o;", ["- /a/keep.o", "- /b/keep.o"]) == [])
    #expect(
      misjudged("exclude *.o; include keep.o; include /a;", ["+ /a/keep.o", "- /b/keep.o"]) == [])
  }

  @Test func `leaves out all below a directory that is excluded by its base name`() {
    #expect(
      misjudged(
        "include /a; exclude cache;",
        ["- /a/cache", "- /a/cache/x", "- /a/b/cache/c/d", "+ /a/caches", "+ /a/b"]) == [])
    #expect(
      misjudged(
        "include /a; exclude .*; include .ssh;",
        ["+ /a/.ssh/x", "- /a/.git/.ssh", "- /a/.ssh/.x"]) == [])
  }

  @Test func `takes no base name above what an include names`() {
    #expect(
      misjudged("include /old/keep; exclude old;", ["+ /old/keep", "- /old/keep/old", "- /old"])
        == [])
    #expect(misjudged("include /a/old; exclude old;", ["- /a/old", "- /a/old/x"]) == [])
    #expect(
      misjudged(
        "include /old/*/x; exclude old tmp;", ["+ /old/a/x", "- /old/tmp/x", "- /old/a/x/tmp/y"])
        == [])
    #expect(
      misjudged("include %old%; exclude *old*;", ["+ %old%", "+ %old%/a", "- %old%/old"]) == [])
  }

  @Test func `lets a deeper include name what a base name leaves out above it`() {
    #expect(
      misjudged(
        "include /a; exclude .cache; include /a/.cache/keep;",
        ["- /a/.cache", "- /a/.cache/x", "+ /a/.cache/keep/y", "- /a/.cache/keep/.cache"]) == [])
  }

  @Test func `gives no weight to compare`() {
    #expect(misjudged("include /a; compare /b /a/c;", ["+ /a/c", "- /b"]) == [])
    #expect(misjudged("include /a; exclude /a/c; compare /a/c;", ["- /a/c"]) == [])
  }

  @Test func `can be told with its rule`() throws {
    let selection = try #require(selecting("include /a; exclude /a/b; exclude *.o;"))
    func told(_ path: String) -> String? {
      guard let path = TreePath(path) else { return nil }
      return switch selection.decision(for: path) {
      case .included(let rule): "+ \(rule)"
      case .excluded(let rule): "- \(rule.map { "\($0)" } ?? "nothing")"
      }
    }
    #expect(told("/a/x") == "+ include /a")
    #expect(told("/a/b/x") == "- exclude /a/b")
    #expect(told("/a/d.o/x") == "- exclude *.o")
    #expect(told("/b") == "- nothing")
  }

  @Test func `starts its walks at the anchors`() {
    func anchors(_ statements: String) -> [String]? {
      selecting(statements)?.anchors.map(\.description)
    }
    #expect(anchors("include /b /a /c/*/d;") == ["/a", "/b", "/c"])
    #expect(anchors("include /a/b /a /a/c* /ab %p%/x %p%;") == ["/a", "/ab", "%p%"])
    #expect(anchors("include /a.x /a/b /a /a/b;") == ["/a", "/a.x"])
    #expect(anchors("include /x; exclude /a; compare /b;") == ["/x"])
    #expect(anchors("include /x *.c;") == ["/x"])
  }

  @Test(arguments: [
    ("include /a;", "/a", true), ("include /a;", "/a/b", true), ("include /a/b/c;", "/a", true),
    ("include /a/b/c;", "/a/x", false), ("include /a;", "/b", false),
    ("include /a/*/c;", "/a/x", true), ("include /a/*/c;", "/a/x/d", false),
    ("include /a/*.d/c;", "/a/x", false), ("include /a/**.c;", "/a/x/y", true),
    ("include /a; exclude /a/b;", "/a/b", false),
    ("include /a; exclude /a/b; include /a/b/c/d;", "/a/b/c", true),
    ("include /a; exclude /a/b; include /a/b/c/d;", "/a/b/x", false),
    ("include /a; exclude cache;", "/a/cache", false),
    ("include /a; exclude cache;", "/a/cache/b", false),
    ("include /a; exclude cache; include /a/cache/k;", "/a/cache", true),
    ("include /a; exclude cache; include /a/cache/k;", "/a/cache/x", false),
    ("include /a/cache/k; include /a; exclude cache;", "/a/cache/k", false),
    ("include %p%/x;", "%p%", true), ("include %p%/x;", "%q%", false),
  ])
  func `is walked only where it can hold something`(
    statements: String, path: String, expected: Bool
  ) throws {
    let path = try #require(TreePath(path))
    #expect(selecting(statements)?.descends(into: path) == expected)
  }

  @Test(arguments: 0..<40)
  func `is found whole by a walk from its anchors`(seed: UInt64) throws {
    var chance = Chance(seed: seed)
    let names = ["a", "b", "c"]
    for _ in 0..<25 {
      let rules = (0..<Int.random(in: 1...6, using: &chance)).map { _ in
        randomRule(&chance)
      }
      let selection = try #require(selecting("include /a/b; " + rules.joined(separator: " ")))
      for _ in 0..<40 {
        let parts = (0..<Int.random(in: 1...4, using: &chance)).map { _ in
          names.randomElement(using: &chance) ?? "a"
        }
        let path = try #require(TreePath("/" + parts.joined(separator: "/")))
        guard selection.includes(path) else { continue }
        #expect(selection.anchors.contains { $0 == path || path.isBelow($0) })
        var above: TreePath? = path
        while let directory = above {
          #expect(selection.descends(into: directory), "\(rules) \(path) \(directory)")
          above = directory.parent
        }
      }
    }
  }
}

private func randomRule(_ chance: inout Chance) -> String {
  let words = ["a", "b", "c", "*", "?", "[ab]", "**", "a*"]
  let depth = Int.random(in: 0...3, using: &chance)
  let kind = Bool.random(using: &chance) ? "include" : "exclude"
  let parts = (0..<depth).map { _ in words.randomElement(using: &chance) ?? "a" }
  let first = ["a", "b", "c"].randomElement(using: &chance) ?? "a"
  return depth == 0
    ? "\(kind) \(first);" : "\(kind) /\(first)/\(parts.joined(separator: "/"));"
}
