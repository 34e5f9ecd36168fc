import Testing

@testable import Model

@Suite struct `A glob` {
  @Test(arguments: [
    ("a", "a", true), ("a", "b", false), ("a", "aa", false), ("", "", true),
    ("*", "", true), ("*", "anything", true), ("*", ".hidden", true),
    ("*.o", "x.o", true), ("*.o", ".o", true), ("*.o", "x.oo", false), ("*.o", "x.o.o", true),
    ("a*b*c", "abc", true), ("a*b*c", "axxbyyc", true), ("a*b*c", "acb", false),
    ("?", "a", true), ("?", "", false), ("??", "ä", true), ("?", "ä", false),
    ("a?c", "abc", true), ("a?c", "ac", false),
    ("[abc]", "b", true), ("[abc]", "d", false), ("[a-c]x", "bx", true), ("[a-c]", "d", false),
    ("[!a-c]", "d", true), ("[!a-c]", "b", false), ("[^a]", "b", true), ("[^a]", "a", false),
    ("[]]", "]", true), ("[!]]", "]", false), ("[!]]", "x", true), ("[]-a]", "_", true),
    ("[a-]", "-", true), ("[-a]", "-", true), ("[a-]", "b", false),
    ("[\\]]", "]", true), ("[\\!a]", "!", true), ("[a\\-c]", "b", false), ("[a\\-c]", "-", true),
    ("[[:digit:]]", "5", true), ("[[:digit:]]", "x", false), ("[[:alpha:]_]", "_", true),
    ("[![:space:]]", "x", true), ("[[:upper:][:digit:]]", "Q", true), ("[:]", ":", true),
    ("\\*", "*", true), ("\\*", "x", false), ("\\\\", "\\", true), ("\\a", "a", true),
    ("[*]", "*", true), ("[?]", "x", false), ("A", "a", false), ("**", "x", true),
    ("a**b", "axb", true), ("***", "", true),
  ])
  func `matches a name`(pattern: String, name: String, expected: Bool) throws {
    #expect(try Glob(parsing: pattern.utf8).matches(name) == expected)
  }

  @Test func `matches bytes that are no UTF-8`() throws {
    #expect(try Glob(parsing: "a?c".utf8).matches([0x61, 0xFF, 0x63]))
    #expect(try Glob(parsing: "a*".utf8).matches([0x61, 0xFF, 0xFE]))
    #expect(try Glob(parsing: "[!a]".utf8).matches([0xFF]))
  }

  @Test(arguments: [
    ("[", "`[` is not closed"), ("[]", "`[` is not closed"), ("[a", "`[` is not closed"),
    ("[!", "`[` is not closed"), ("[!]", "`[` is not closed"), ("[a-", "`[` is not closed"),
    ("[\\", "`[` is not closed"), ("[a\\]", "`[` is not closed"), ("[a-\\", "`[` is not closed"),
    ("x\\", "a backslash stands before nothing"), ("[z-a]", "the range in `[...]` runs backwards"),
    ("[[:oops:]]", "`[...]` names no class"), ("[[.a.]]", "`[...]` names no class"),
    ("[[=a=]]", "`[...]` names no class"), ("[[:alpha]", "`[...]` names no class"),
    ("[[:", "`[...]` names no class"), ("[/]", "`[...]` accepts nothing"),
  ])
  func `is refused if it is none`(pattern: String, message: String) {
    do throws(Flaw) {
      _ = try Glob(parsing: pattern.utf8)
      Issue.record("accepted")
    } catch {
      #expect(error.message.hasPrefix(message))
    }
  }

  @Test func `needs no exponential time for a hostile pattern`() throws {
    let stars = String(repeating: "a*", count: 500) + "b"
    let name = String(repeating: "a", count: 255)
    #expect(try !Glob(parsing: stars.utf8).matches(name))
    #expect(try !Glob(parsing: ("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b").utf8).matches(name))
    let deep = String(repeating: "**a", count: 100) + "b"
    let path = Array(("/" + String(repeating: "a", count: 2000)).utf8)
    #expect(try Glob(parsing: deep.utf8).matchPath(path) == .open)
    let other = try Glob(parsing: (String(repeating: "*a", count: 500) + "c").utf8)
    #expect(try !Glob(parsing: stars.utf8).meets(other))
  }

  @Test(arguments: 0..<20)
  func `agrees with a matcher that tries everything`(seed: UInt64) throws {
    var chance = Chance(seed: seed)
    for _ in 0..<500 {
      let pattern = (0..<Int.random(in: 0...7, using: &chance)).map { _ in
        ["a", "b", "*", "?", "[ab]", "[!a]", "\\a"].randomElement(using: &chance) ?? ""
      }
      let name = (0..<Int.random(in: 0...7, using: &chance)).map { _ in
        ["a", "b", "c"].randomElement(using: &chance) ?? ""
      }.joined()
      let glob = try Glob(parsing: pattern.joined().utf8)
      let expected = accepts(pattern[...], Array(name)[...], crossing: false)
      #expect(glob.matches(name) == expected, "\(pattern.joined()) \(name)")
    }
  }

  @Test(arguments: 0..<20)
  func `of a path agrees with a matcher that tries everything`(seed: UInt64) throws {
    var chance = Chance(seed: seed)
    for _ in 0..<500 {
      let middle = (0..<Int.random(in: 1...6, using: &chance)).map { _ in
        ["a", "b", "**", "*", "?", "[!a]"].randomElement(using: &chance) ?? ""
      }
      var pieces = ["/", "r"]
      for piece in middle {
        if Bool.random(using: &chance), pieces.last != "/" { pieces.append("/") }
        // Stars side by side would be read as one.
        if piece.hasPrefix("*"), pieces.last?.hasPrefix("*") == true { pieces.append("a") }
        pieces.append(piece)
      }
      let pattern = try Pattern(pieces.joined())
      let text =
        "/r"
        + (0..<Int.random(in: 0...7, using: &chance)).map { _ in
          ["a", "b", "/a", "/b"].randomElement(using: &chance) ?? ""
        }.joined()
      let path = try #require(TreePath(text))
      let expected = acceptsLeading(pieces, text)
      #expect(pattern.matches(PathParts(path)) == expected, "\(pattern.text) \(text)")
    }
  }

  @Test(arguments: 0..<10)
  func `meets another exactly if some name matches both`(seed: UInt64) throws {
    var chance = Chance(seed: seed)
    // c stands for all other bytes. The shortest common name has at most one byte for each token
    // that is no star, so five are enough.
    var names = [""]
    for length in 0..<5 {
      names += names.filter { $0.count == length }.flatMap { [$0 + "a", $0 + "b", $0 + "c"] }
    }
    for _ in 0..<50 {
      let left = try randomGlob(3, &chance)
      let right = try randomGlob(2, &chance)
      let expected = names.contains { left.matches($0) && right.matches($0) }
      #expect(left.meets(right) == expected, "\(left.tokens) \(right.tokens)")
      #expect(right.meets(left) == expected)
    }
  }
}

private func randomGlob(_ tokens: Int, _ chance: inout Chance) throws -> Glob {
  let pieces = (0..<Int.random(in: 0...tokens, using: &chance)).map { _ in
    ["a", "b", "*", "?", "[ab]", "[!a]"].randomElement(using: &chance) ?? ""
  }
  return try Glob(parsing: pieces.joined().utf8)
}

/// The meaning of a pattern, cut into pieces, by trying everything.
private func accepts(
  _ pattern: ArraySlice<String>, _ name: ArraySlice<Character>, crossing: Bool
) -> Bool {
  guard let piece = pattern.first else { return name.isEmpty }
  let rest = pattern.dropFirst()
  if piece.hasPrefix("*") {
    if accepts(rest, name, crossing: crossing) { return true }
    guard let first = name.first, piece == "**" || first != "/" else { return false }
    return accepts(pattern, name.dropFirst(), crossing: crossing)
  }
  guard let first = name.first else { return false }
  let fits =
    switch piece {
    case "?": first != "/"
    case "[ab]": first == "a" || first == "b"
    case "[!a]": first != "a" && first != "/"
    default: piece.last == first
    }
  return fits && accepts(rest, name.dropFirst(), crossing: crossing)
}

/// Whether the path or a directory above it is accepted.
private func acceptsLeading(_ pattern: [String], _ path: String) -> Bool {
  let path = Array(path)
  return path.indices.contains { end in
    (end + 1 == path.count || path[end + 1] == "/")
      && accepts(pattern[...], path[...end], crossing: true)
  }
}
