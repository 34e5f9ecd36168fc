/// Commands that run when certain files changed.
package struct Action: Hashable, Sendable {
  /// Whose change is meant; all files of the group if there is none.
  package var patterns: [Rule] = []
  /// As written, in the order of the file; at least one.
  package var commands: [String] = []
  /// As written.
  package var logFile: String?
  /// On which hosts it runs.
  package var runs: Place = .elsewhere
  /// How long one run may take, from 1 to 86 400; nil: the default.
  package var timeoutSeconds: Int?
  /// How often it is tried again, at most 1000; nil: the default.
  package var retries: Int?
  /// Of the keyword `action`.
  package var position: SourcePosition

  /// On which hosts it runs.
  package enum Place: String, Hashable, Sendable {
    /// Where a change arrives.
    case elsewhere
    /// `do-local`: also where it was made.
    case everywhere = "do-local"
    /// `do-local-only`: only where it was made.
    case here = "do-local-only"
  }

  init(position: SourcePosition) { self.position = position }
}

/// Commands that look at changes of certain files before they take effect.
package struct Gate: Hashable, Sendable {
  /// Whose change is meant; all files of the group if there is none.
  package var patterns: [Rule] = []
  /// As written, in the order of the file; at least one.
  package var commands: [String] = []
  /// How long one run may take, from 1 to 86 400; nil: the default.
  package var timeoutSeconds: Int?
  /// Of the keyword `validate`.
  package var position: SourcePosition

  init(position: SourcePosition) { self.position = position }
}

extension Action {
  /// Whether a change of the path is meant.
  package func matches(_ path: TreePath) -> Bool { patterns.match(path) }
}

extension Gate {
  /// Whether a change of the path is meant.
  package func matches(_ path: TreePath) -> Bool { patterns.match(path) }
}

extension [Rule] {
  /// Whether one of them matches the path; all do if there is none.
  fileprivate func match(_ path: TreePath) -> Bool {
    if isEmpty { return true }
    let parts = PathParts(path)
    return contains { $0.pattern.matches(parts) }
  }
}

extension Group {
  /// Where its patterns stand, of whatever kind.
  var patternPlaces: [SourcePosition] {
    let rules: [Rule] = rules + actions.flatMap(\.patterns) + gates.flatMap(\.patterns)
    let decided = auto.flatMap { statement in statement.patterns.map(\.position) }
    return rules.map(\.position) + decided
  }
}
