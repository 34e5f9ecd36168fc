/// How much has to be asked about what stands below a directory that a group holds.
package enum SelectionBelow: Hashable, Sendable {
  /// Nothing: all of it is held.
  case everything
  /// Only the base name of each object: a directory that is left out takes all below it along.
  case names
  /// Each path.
  case paths
}

extension Selection {
  /// What has to be asked below a directory; the same holds below all directories below it.
  package func below(_ directory: TreePath) -> SelectionBelow {
    guard case .included(let rule) = decision(for: directory),
      let place = pathRules.lastIndex(of: rule), rule.pattern.whole == nil
    else { return .paths }
    let parts = PathParts(directory)
    // A later rule that accepted the directory would have decided.
    let isLast = pathRules[(place + 1)...].allSatisfy { !$0.pattern.reaches(below: parts) }
    guard isLast else { return .paths }
    return nameRules.isEmpty ? .everything : .names
  }

  /// Whether base names leave an object out, below a directory of which only names are asked.
  package func leavesOut(name: ArraySlice<UInt8>) -> Bool {
    nameRules.last { $0.pattern.matches(name: name) }?.kind == .exclude
  }
}
