// Whether two patterns of paths can accept the same path.

extension Pattern {
  /// Whether some path is accepted by both.
  func meets(_ other: Pattern) -> Bool {
    guard isPath, other.isPath, isRooted == other.isRooted else { return false }
    let depth = min(literalDepth, other.literalDepth)
    for (left, right) in zip(parts.prefix(depth), other.parts.prefix(depth))
    where left.literal != right.literal {
      return false
    }
    if whole == nil, other.whole == nil {
      return zip(parts, other.parts).allSatisfy { $0.meets($1) }
    }
    // Only what stands before the first `**` is compared in full: beyond it any depth can fit.
    let left = parts.prefix { !$0.hasDeepStar }
    let right = other.parts.prefix { !$0.hasDeepStar }
    return zip(left, right).allSatisfy { $0.meets($1) }
  }

  /// Whether it surely accepts all that `other` accepts; false if that is not plain to see.
  func covers(_ other: Pattern) -> Bool {
    guard isPath, other.isPath, isRooted == other.isRooted, whole == nil else { return false }
    let known = other.parts.prefix { !$0.hasDeepStar }
    guard parts.count <= known.count else { return false }
    return zip(parts, known).allSatisfy { own, theirs in
      if own == theirs || own.tokens == [.star] { return true }
      guard let literal = theirs.literal else { return false }
      return own.matches(literal[...])
    }
  }
}

extension Glob {
  /// Whether some name is accepted by both: both patterns are walked side by side, each pair of
  /// places once.
  func meets(_ other: Glob) -> Bool {
    if let literal { return other.matches(literal[...]) }
    if let literal = other.literal { return matches(literal[...]) }
    let width = other.tokens.count + 1
    var row = [Bool](repeating: false, count: width)
    row[0] = true
    for left in 0...tokens.count {
      var next = [Bool](repeating: false, count: width)
      let token = left < tokens.count ? tokens[left] : nil
      for right in 0..<width where row[right] {
        let facing = right < other.tokens.count ? other.tokens[right] : nil
        if token == nil, facing == nil { return true }
        // A star may end, or take what the other side takes.
        if let token, token.repeats || facing?.repeats == true { next[right] = true }
        if facing?.repeats == true || (token?.repeats == true && facing != nil) {
          row[right + 1] = true
        }
        if let token, let facing, !token.repeats, !facing.repeats, token.meets(facing) {
          next[right + 1] = true
        }
      }
      row = next
    }
    return false
  }
}

extension Glob.Token {
  /// Whether some byte is accepted by both; neither repeats.
  fileprivate func meets(_ other: Glob.Token) -> Bool {
    switch (self, other) {
    case (.byte(let byte), let token), (let token, .byte(let byte)): token.accepts(byte)
    case (.set(let left), .set(let right)): left.meets(right)
    default: true
    }
  }
}

/// One include of a group as it lies on a host's disk.
struct PlacedInclude {
  let group: Int
  let rule: Rule
  let pattern: Pattern
  /// The excludes behind it in its group.
  let excludes: [Pattern]

  /// Whether both can select the same path on that disk.
  func meets(_ other: PlacedInclude) -> Bool {
    guard pattern.meets(other.pattern) else { return false }
    return !excludes.contains { $0.covers(other.pattern) }
      && !other.excludes.contains { $0.covers(pattern) }
  }
}

extension Config {
  /// The pattern with its prefix put in place; nil if the prefix has no place on the host.
  func placed(_ pattern: Pattern, on host: String) -> Pattern? {
    guard let prefix = pattern.prefix else { return pattern }
    guard let root = localPath(ofPrefix: prefix, on: host) else { return nil }
    let above = root.split(separator: Glob.slash).map { part in
      Glob(tokens: part.map { .byte($0) })
    }
    let text = String(decoding: root, as: UTF8.self)
    return Pattern(rooted: above + pattern.parts.dropFirst(), text: text)
  }

  /// The includes of the group as they lie on the host's disk.
  func placedIncludes(of group: Group, _ number: Int, on host: String) -> [PlacedInclude] {
    var excludes: [Pattern] = []
    var includes: [PlacedInclude] = []
    for rule in group.rules.reversed() where rule.pattern.isPath {
      guard let pattern = placed(rule.pattern, on: host) else { continue }
      if rule.kind == .exclude {
        excludes.append(pattern)
      } else if rule.kind == .include {
        includes.append(
          PlacedInclude(group: number, rule: rule, pattern: pattern, excludes: excludes))
      }
    }
    return includes.reversed()
  }
}
