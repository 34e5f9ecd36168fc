import Model

/// A conflict that a person or a policy has decided.
struct ClosedConflict {
  /// The identifier that it had while it was open.
  var id: String
  var group: String
  var path: TreePath
  var kind: Conflict.Kind
  /// `resolve`, or the policy.
  var how: String
  /// The host or the label of the version that won.
  var winner: String
  /// Who decided; empty: nobody, a policy did.
  var author: String
  var reason: String
  /// Seconds since 1970 of the decision.
  var seconds: Int64
}

extension Node {
  /// Conflicts that were decided and are still remembered: those that a policy decides, by group,
  /// then in path order; then what people settled on this host, the latest first.
  func settledConflicts() throws(Failure) -> [ClosedConflict] {
    let decided = try decidedConflicts().map { item in
      let winner = item.conflict.versions.first { $0.label == item.winner }
      return ClosedConflict(
        id: item.conflict.id, group: item.conflict.group, path: item.conflict.path,
        kind: item.conflict.kind, how: "auto \(item.method.rawValue)",
        winner: winner.map { item.conflict.words($0) } ?? "all versions", author: "", reason: "",
        seconds: item.since)
    }
    let settled = try real.with { store throws(Failure) in
      try store.settledConflicts(limit: 10_000)
    }
    return decided
      + settled.map { item in
        ClosedConflict(
          id: item.id, group: item.group, path: item.path,
          kind: Conflict.Kind(rawValue: item.kind) ?? .content, how: item.how,
          winner: item.winner, author: item.user, reason: item.reason, seconds: item.seconds)
      }
  }

  /// The lines of the file on this disk that other versions of a conflict have changed; none where
  /// the versions are not at hand.
  func changedLines(_ open: OpenConflict) -> [ClosedRange<Int>] {
    let conflict = open.conflict
    guard let live = conflict.versions.first(where: \.isLiveHere),
      case .text(let mine)? = try? bytes(of: live, conflict)
    else { return [] }
    var ranges: Set<ClosedRange<Int>> = []
    for version in conflict.versions where !version.isLiveHere {
      guard case .text(let other)? = try? bytes(of: version, conflict) else { continue }
      let own = TextLines(mine)
      for change in lineDiff(own, TextLines(other)) {
        let first = min(change.old.lowerBound + 1, max(1, own.count))
        ranges.insert(first...max(first, change.old.upperBound))
      }
    }
    return ranges.sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
  }
}
