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
  /// Conflicts that were decided and are still remembered, by group, then in path order.
  func settledConflicts() throws(Failure) -> [ClosedConflict] { [] }

  /// The lines of the file on this disk that other versions of a conflict have changed; none where
  /// the versions are not at hand.
  func changedLines(_ open: OpenConflict) -> [ClosedRange<Int>] { [] }
}
