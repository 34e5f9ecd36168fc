import Testing

@testable import Model

@Suite struct `A pattern` {
  @Test(arguments: [
    ("/etc", "/etc", true), ("/etc", "/etc/hosts", true), ("/etc", "/etcetera", false),
    ("/etc", "/", nil), ("/etc/", "/etc", true), ("/etc///", "/etc/x", true),
    ("/etc/*", "/etc", false), ("/etc/*", "/etc/a", true), ("/etc/*", "/etc/a/b", true),
    ("/etc/*.d", "/etc/a.d/x", true), ("/etc/*.d", "/etc/a/b.d", false),
    ("/etc/*/x", "/etc/a/x", true), ("/etc/*/x", "/etc/a/b/x", false),
    ("/a?b", "/a/b", false), ("/a[!x]b", "/a/b", false), ("/a*b", "/a/b", false),
    ("/s/**.o", "/s/x.o", true), ("/s/**.o", "/s/a/b/x.o", true), ("/s/**.o", "/s/a/x.c", false),
    ("/s/**.o", "/s/x.o/below", true), ("/s/**/x", "/s/a/x", true), ("/s/**/x", "/s/a/b/x", true),
    ("/s/**/x", "/s/x", false), ("/s/**", "/s", false), ("/s/**", "/s/a/b", true),
    ("/s**", "/s", true), ("/s**", "/st/u", true), ("/s/*/**x", "/s/a/bx", true),
    ("/s/*/**x", "/s/ax", false), ("/s/**/*.o/q", "/s/a/b.o/q", true),
    ("/s/**/*.o/q", "/s/a/b.o/c/q", false), ("/s/***x", "/s/a/x", true),
    ("%w%", "%w%", true), ("%w%", "%w%/a", true), ("%w%", "%v%/a", false), ("%w%", "/w", false),
    ("%w%/a", "%w%", false), ("%w%/*", "%w%/a/b", true), ("/%w%", "%w%", false),
    ("/%w%", "/%w%", true), ("/a\\*", "/a*", true), ("/a\\*", "/ab", false),
  ])
  func `of paths matches an object and all below it`(
    text: String, path: String, expected: Bool?
  ) throws {
    let pattern = try Pattern(text)
    #expect(pattern.isPath)
    let found = TreePath(path).map { pattern.matches(PathParts($0)) }
    #expect(found == expected)
  }

  @Test(arguments: [("*.o", "x.o"), ("cache/", "cache"), ("[%]a", "%a"), ("a b", "a b")])
  func `of base names matches a name`(text: String, name: String) throws {
    let pattern = try Pattern(text)
    #expect(!pattern.isPath)
    #expect(pattern.matches(name: Array(name.utf8)[...]))
    #expect(pattern.anchor == nil)
  }

  @Test(arguments: [
    ("", "the pattern is empty"), ("/", "`/` would be the whole system"),
    ("///", "`/` would be the whole system"), ("//etc", "the pattern has an empty component"),
    ("/etc//x", "the pattern has an empty component"),
    ("/etc/../x", "the pattern has a component `..`, which no path has"),
    ("/etc/..", "the pattern has a component `..`"), ("/./x", "the pattern has a component `.`,"),
    ("..", "the pattern has a component `..`"), (".", "the pattern has a component `.`,"),
    ("../x", "the pattern has a component `..`"),
    ("files/cache", "the pattern is relative but has a `/`, so that it could never match"),
    ("./x", "the pattern has a component `.`"), ("%", "`%` is no prefix"), ("%%", "`%%` is no"),
    ("%x", "`%x` is no prefix"), ("%x%y/z", "`%x%y` is no prefix"), ("%*%/z", "`%*%` is no prefix"),
    ("%x%/../y", "the pattern has a component `..`"), ("/a[b/c]", "`[` is not closed"),
    ("/a\\/b", "a backslash stands before nothing"),
  ])
  func `is refused if no path could match, or all`(text: String, message: String) {
    do throws(Flaw) {
      _ = try Pattern(text)
      Issue.record("accepted")
    } catch {
      #expect(error.message.hasPrefix(message), "\(error.message)")
    }
  }

  @Test(arguments: [
    "/", "/proc", "/sys/kernel", "/dev/", "/*", "/**", "/*/x", "/[e]tc", "/proc/*",
  ])
  func `is refused as an include of the whole system or of what is the kernel's`(text: String) {
    #expect(faults(group("include \(text);")).count == 1)
    #expect(text == "/" || faults(group("include /x; exclude \(text);")) == [])
  }

  @Test(arguments: [
    ("/a/b", "/a/b"), ("/a/b*/c", "/a"), ("/a/**", "/a"), ("/a/b[c]", "/a"), ("%p%", "%p%"),
    ("%p%/*", "%p%"), ("/a\\*/b", "/a*/b"), ("/*", nil), ("/a/?", "/a"),
  ])
  func `has its part without wildcards as anchor`(text: String, anchor: String?) throws {
    #expect(try Pattern(text).anchor?.description == anchor)
  }

  @Test(arguments: [
    ("/a", "/a", true), ("/a", "/a/b", true), ("/a", "/b", false), ("/a/b", "/a/c", false),
    ("/a/*.x", "/a/*.y", false), ("/a/x*", "/a/*y", true), ("/a/*/b", "/a/c", true),
    ("/a/*/b", "/a/c/d", false), ("/a/*/b", "/a/c/b/e", true), ("/a/**", "/a/b", true),
    ("/a/**.x", "/b/**.x", false), ("/a/b/**", "/a/c/**", false), ("%p%", "/a", false),
    ("%p%", "%q%", false), ("%p%/x", "%p%", true), ("/a/[ab]", "/a/[cd]", false),
    ("/a/[ab]", "/a/[bc]", true), ("/a/?", "/a/bc", false),
  ])
  func `meets another if some path matches both`(
    left: String, right: String, expected: Bool
  ) throws {
    let (left, right) = (try Pattern(left), try Pattern(right))
    #expect(left.meets(right) == expected)
    #expect(right.meets(left) == expected)
  }

  @Test(arguments: [
    ("/a", "/a", true), ("/a", "/a/b", true), ("/a/b", "/a", false), ("/a/*", "/a/b", true),
    ("/a/*", "/a", false), ("/a/*.x", "/a/b.x/c", true), ("/a/*.x", "/a/*.x", true),
    ("/a/*", "/a/*.x", true), ("/a/b*", "/a/*", false), ("/a/**", "/a/b", false),
    ("/a", "/a/**", true), ("/a/*", "/a/**", false), ("%p%", "/a", false),
  ])
  func `covers another only if that is sure`(left: String, right: String, expected: Bool) throws {
    #expect(try Pattern(left).covers(try Pattern(right)) == expected)
  }
}
