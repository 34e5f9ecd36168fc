/// Whether a group holds a path, and the rule that says so.
package enum Decision: Hashable, Sendable {
  case included(by: Rule)
  /// By a rule, or because no rule names the path.
  case excluded(by: Rule?)
}

/// Which paths a group holds, decided from its rules alone: never from the disk, nor from how a
/// path was met.
///
/// The last path pattern that matches decides, nothing matched is excluded. An included path is
/// left out all the same if a base-name pattern is the last to match it, or a directory above it
/// within what that include names, and excludes it.
package struct Selection: Hashable, Sendable {
  let pathRules: [Rule]
  let nameRules: [Rule]
  /// Where walks start: the leading parts without wildcards of all includes, in path order, none
  /// below another.
  package let anchors: [TreePath]

  /// - Parameter comparing: For lists and comparisons: `compare` counts as `include`.
  package init(group: Group, comparing: Bool = false) {
    let rules = comparing ? group.rules.map(\.compared) : group.rules.filter { $0.kind != .compare }
    pathRules = rules.filter(\.pattern.isPath)
    nameRules = rules.filter { !$0.pattern.isPath }
    var anchors: [TreePath] = []
    for anchor in pathRules.filter({ $0.kind == .include }).compactMap(\.pattern.anchor).sorted() {
      if let last = anchors.last, anchor == last || anchor.isBelow(last) { continue }
      anchors.append(anchor)
    }
    self.anchors = anchors
  }

  /// Whether the group holds the path, and by which rule.
  package func decision(for path: TreePath) -> Decision {
    let path = PathParts(path)
    guard let rule = pathRules.last(where: { $0.pattern.matches(path) }) else {
      return .excluded(by: nil)
    }
    guard rule.kind == .include else { return .excluded(by: rule) }
    if let name = exclusion(by: rule, path) { return .excluded(by: name) }
    return .included(by: rule)
  }

  /// Whether the group holds the path.
  package func includes(_ path: TreePath) -> Bool {
    switch decision(for: path) {
    case .included: true
    case .excluded: false
    }
  }

  /// Whether a walk must enter the directory: it is included, or something below it can be.
  package func descends(into path: TreePath) -> Bool {
    let path = PathParts(path)
    for rule in pathRules.reversed() {
      // A rule that accepts the directory hides all below it from the rules before it.
      let decides = rule.pattern.matches(path)
      if rule.kind == .include, decides || rule.pattern.reaches(below: path),
        exclusion(by: rule, path) == nil
      {
        return true
      }
      if decides { return false }
    }
    return false
  }

  /// The base-name rule that leaves out what the include names. The directories above its anchor do
  /// not count, as they need not be in the group; nor does a prefix, which is no object's name.
  private func exclusion(by include: Rule, _ path: PathParts) -> Rule? {
    guard !nameRules.isEmpty else { return nil }
    let pattern = include.pattern
    var start = min(pattern.literalDepth, pattern.parts.count - 1)
    if !path.isRooted { start = max(start, 1) }
    for name in path.parts.dropFirst(max(start, 0)) {
      if let rule = nameRules.last(where: { $0.pattern.matches(name: name) }),
        rule.kind == .exclude
      {
        return rule
      }
    }
    return nil
  }

  /// All rules that match the path or, for base names, a component of it; in the order of the file.
  func matching(_ path: TreePath) -> [Rule] {
    let path = PathParts(path)
    let found =
      pathRules.filter { $0.pattern.matches(path) }
      + nameRules.filter { rule in path.parts.contains { rule.pattern.matches(name: $0) } }
    return found
  }
}
