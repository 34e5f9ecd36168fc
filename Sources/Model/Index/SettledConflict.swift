/// A conflict that somebody settled on this host: what `conflicts --resolved` lists, and all that
/// it takes to take the decision back.
package struct SettledConflict: Hashable, Sendable {
  package var id: String
  package var group: String
  package var path: TreePath
  /// As `conflicts` names it.
  package var kind: String
  /// The verb: `host`, `merge`, `delete`, ...
  package var how: String
  /// Whose version it came to, in words; empty if it is nobody's.
  package var winner: String
  /// The event.
  package var dot: Dot
  /// The registers that it settled.
  package var fields: [Field]
  /// The record as it was before.
  package var former: Record
  /// Who decided, where known.
  package var user: String
  /// Why, if it was said.
  package var reason: String
  /// Seconds since 1970.
  package var seconds: Int64

  package init(
    id: String, group: String, path: TreePath, kind: String, how: String, winner: String,
    dot: Dot, fields: [Field], former: Record, user: String, reason: String, seconds: Int64
  ) {
    self.id = id
    self.group = group
    self.path = path
    self.kind = kind
    self.how = how
    self.winner = winner
    self.dot = dot
    self.fields = fields
    self.former = former
    self.user = user
    self.reason = reason
    self.seconds = seconds
  }
}

/// A conflict that has become another one, or was settled elsewhere: who still has its identifier
/// in hand is told so.
package struct FormerConflict: Hashable, Sendable {
  package var group: String
  package var path: TreePath
  /// The events in conflict, sorted: the identifier is made of them and the path.
  package var dots: [Dot]

  package init(group: String, path: TreePath, dots: [Dot]) {
    self.group = group
    self.path = path
    self.dots = dots
  }
}
