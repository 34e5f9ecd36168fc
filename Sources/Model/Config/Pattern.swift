/// What an `include`, `exclude` or `compare` names: paths, or the base names of objects.
///
/// A pattern that begins with `/` or `%` is one of paths: it accepts an object and all below it.
/// All others accept an object by its last component.
package struct Pattern: Hashable, Sendable {
  /// As written, without trailing slashes.
  package let text: String
  /// Whether it is one of paths, not of base names.
  package let isPath: Bool
  /// Whether it begins with `/` and not with a prefix.
  let isRooted: Bool
  /// One for each component; a prefix is the first.
  let parts: [Glob]
  /// The whole path as one pattern, if a `**` can cross its slashes.
  let whole: Glob?
  /// How many leading components have no wildcard.
  let literalDepth: Int

  /// A pattern from its text, or why it is none.
  init(_ text: String) throws(Flaw) {
    var bytes = Array(text.utf8)
    while bytes.count > 1, bytes.last == Glob.slash { bytes.removeLast() }
    try Self.requireSound(bytes)
    self.text = String(decoding: bytes, as: UTF8.self)
    isRooted = bytes.first == Glob.slash
    isPath = isRooted || bytes.first == UInt8(ascii: "%")
    var parts: [Glob] = []
    for part in bytes.split(separator: Glob.slash) {
      let isPrefix = parts.isEmpty && isPath && !isRooted
      if isPrefix { try Self.requirePrefix(part) }
      parts.append(
        isPrefix ? Glob(tokens: part.map { .byte($0) }) : try Glob(parsing: part))
    }
    self.parts = parts
    whole = isPath && parts.contains(where: \.hasDeepStar) ? Self.joined(parts, isRooted) : nil
    literalDepth = parts.prefix { $0.literal != nil }.count
  }

  /// A pattern for a place on disk: `parts` below the root.
  init(rooted parts: [Glob], text: String) {
    self.text = text
    isPath = true
    isRooted = true
    self.parts = parts
    whole = parts.contains(where: \.hasDeepStar) ? Self.joined(parts, true) : nil
    literalDepth = parts.prefix { $0.literal != nil }.count
  }

  private static func joined(_ parts: [Glob], _ isRooted: Bool) -> Glob {
    var tokens: [Glob.Token] = []
    for (index, part) in parts.enumerated() {
      if index > 0 || isRooted { tokens.append(.byte(Glob.slash)) }
      tokens += part.tokens
    }
    return Glob(tokens: tokens)
  }

  private static func requireSound(_ bytes: [UInt8]) throws(Flaw) {
    guard let first = bytes.first else {
      throw Flaw("the pattern is empty", "remove it")
    }
    if bytes.count == 1, first == Glob.slash {
      throw Flaw("`/` would be the whole system", "name the directories that are meant")
    }
    let isPath = first == Glob.slash || first == UInt8(ascii: "%")
    let inner = first == Glob.slash ? bytes.dropFirst() : bytes[...]
    for part in inner.split(separator: Glob.slash, omittingEmptySubsequences: false) {
      if part.isEmpty {
        throw Flaw("the pattern has an empty component", "write one `/` in place of `//`")
      }
      if part.elementsEqual([0x2E]) || part.elementsEqual([0x2E, 0x2E]) {
        throw Flaw(
          "the pattern has a component `\(escaped(part))`, which no path has",
          "write the path without it")
      }
      if !isPath, part.count < bytes.count {
        throw Flaw(
          "the pattern is relative but has a `/`, so that it could never match",
          "begin it with `/` or `%PREFIX%/`, or name only the last component")
      }
    }
  }

  private static func requirePrefix(_ part: ArraySlice<UInt8>) throws(Flaw) {
    guard part.count > 2, part.last == UInt8(ascii: "%"),
      isPlainName(part.dropFirst().dropLast())
    else {
      throw Flaw(
        "`\(escaped(part))` is no prefix", "write `%NAME%/...`, or `[%]` for a percent sign")
    }
  }

  /// The name of the prefix that it begins with, if it does.
  package var prefix: String? {
    guard isPath, !isRooted, let literal = parts.first?.literal else { return nil }
    return String(decoding: literal.dropFirst().dropLast(), as: UTF8.self)
  }

  /// The longest leading part without wildcards; nil for a base name or if there is none.
  package var anchor: TreePath? {
    guard isPath, literalDepth > 0 else { return nil }
    var key: [UInt8] = []
    for (index, part) in parts.prefix(literalDepth).enumerated() {
      if index > 0 || isRooted { key.append(0) }
      key += part.literal ?? []
    }
    return TreePath(key: key)
  }
}

/// A path cut into components once, for many patterns.
struct PathParts {
  let path: TreePath
  let parts: [ArraySlice<UInt8>]
  let isRooted: Bool

  init(_ path: TreePath) {
    self.path = path
    parts = path.key.split(separator: 0)
    isRooted = path.key.first == 0
  }
}

extension Pattern {
  /// Whether a pattern of paths accepts the path or a directory above it.
  func matches(_ path: PathParts) -> Bool {
    guard isPath, isRooted == path.isRooted, agrees(path, upTo: literalDepth) else { return false }
    if let whole { return whole.matchPath(path.path.text) == .matched }
    return parts.count <= path.parts.count && agrees(path, upTo: parts.count)
  }

  /// Whether a pattern of paths accepts something below the directory.
  func reaches(below path: PathParts) -> Bool {
    guard isPath, isRooted == path.isRooted, agrees(path, upTo: literalDepth) else { return false }
    if let whole { return whole.matchPath(path.path.text) != .dead }
    return agrees(path, upTo: parts.count)
  }

  /// Whether a pattern of base names accepts the name.
  func matches(name: ArraySlice<UInt8>) -> Bool {
    guard !isPath, let part = parts.first else { return false }
    return part.matches(name)
  }

  private func agrees(_ path: PathParts, upTo depth: Int) -> Bool {
    for (part, name) in zip(parts.prefix(depth), path.parts) where !part.matches(name) {
      return false
    }
    return true
  }
}
