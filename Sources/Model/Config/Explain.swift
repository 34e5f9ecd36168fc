/// Why a group holds a path, or does not.
package struct Explanation: Hashable, Sendable {
  /// Its name.
  package let group: String
  /// The path that was asked for.
  package let path: TreePath
  /// What the group says, and by which rule.
  package let decision: Decision
  /// The other rules that match the path, or a component of it; those of paths first, each in the
  /// order of the file.
  package let alsoMatching: [Rule]
}

/// What each group of the host says about the path, in the order of the file.
package func explain(_ path: TreePath, host: String, config: Config) -> [Explanation] {
  config.groups(of: host).map { group in
    let selection = Selection(group: group)
    let decision = selection.decision(for: path)
    return Explanation(
      group: group.name, path: path, decision: decision,
      alsoMatching: selection.matching(path).filter { $0 != decision.rule })
  }
}

extension Decision {
  /// The rule that decided; nil if none did.
  package var rule: Rule? {
    switch self {
    case .included(let rule): rule
    case .excluded(let rule): rule
    }
  }
}

extension Explanation: CustomStringConvertible {
  /// One line with the decision, then one for each other rule, indented; without a line feed at the
  /// end.
  package var description: String {
    var lines = ["group \(escaped(group)): \(path): \(verdict)"]
    lines += alsoMatching.map { "  also matches: \($0) (\($0.position))" }
    return lines.joined(separator: "\n")
  }

  private var verdict: String {
    switch decision {
    case .included(let rule): "included by `\(rule)` (\(rule.position))"
    case .excluded(let rule?): "excluded by `\(rule)` (\(rule.position))"
    case .excluded(nil): "excluded: no `include` names it"
    }
  }
}
