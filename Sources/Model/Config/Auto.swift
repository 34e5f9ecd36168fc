/// How a group decides a conflict by itself.
package enum AutoMethod: String, Hashable, Sendable, CaseIterable {
  /// `none`: it does not.
  case manual = "none"
  case first, younger, older, bigger, smaller, left, right, merge

  /// Whether the order in which the group lists its hosts counts.
  package var goesByHosts: Bool { self == .left || self == .right }
}

/// One `auto METHOD PATTERN...;`.
package struct AutoStatement: Hashable, Sendable {
  package var method: AutoMethod
  /// Which paths are meant; all of them if there is none.
  package var patterns: [Located<Pattern>]
  /// Of the keyword `auto`.
  package var position: SourcePosition
}

extension Group {
  /// What decides a conflict of the path: the last statement that matches it, and nothing if none
  /// does.
  package func autoMethod(for path: TreePath) -> AutoMethod {
    guard isDeciding else { return .manual }
    let parts = PathParts(path)
    return auto.last { $0.matches(parts) }?.method ?? .manual
  }

  /// Whether some statement decides anything.
  package var isDeciding: Bool { auto.contains { $0.method != .manual } }

  /// Whether the order of the hosts means something.
  var countsHostOrder: Bool { auto.contains { $0.method.goesByHosts } }

  /// One line for each statement and pattern, in their order; what hosts compare.
  var autoLines: [String] {
    if auto.isEmpty { return ["auto \(AutoMethod.manual.rawValue)"] }
    return auto.flatMap { statement in
      let words = "auto \(statement.method.rawValue)"
      return statement.patterns.isEmpty
        ? [words] : statement.patterns.map { "\(words) \($0.value.text)" }
    }
  }

  /// The hosts as they are compared: in order of name, or in that of the file if it counts.
  var comparedHosts: [String] { countsHostOrder ? members.map(\.mark) : memberMarks }
}

extension AutoStatement {
  /// A pattern of paths means an object and all below it, one of base names the object of that
  /// name.
  fileprivate func matches(_ path: PathParts) -> Bool {
    if patterns.isEmpty { return true }
    // A prefix is no object's name.
    let name = path.isRooted || path.parts.count > 1 ? path.parts.last : nil
    return patterns.contains { pattern in
      pattern.value.matches(path) || name.map { pattern.value.matches(name: $0) } ?? false
    }
  }
}
