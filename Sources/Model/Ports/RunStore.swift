/// What one `sync` came to, in numbers: for trends, no decision rests on them.
package struct RunFigures: Hashable, Sendable {
  /// Seconds since 1970 of its end.
  package var time: Int64
  package var milliseconds: Int64
  /// Objects that peers received, that this host received, and that were deleted here.
  package var sent: Int64
  package var received: Int64
  package var deleted: Int64
  /// Conflicts that are open here, and paths that failed.
  package var conflicts: Int64
  package var problems: Int64
  package var bytesOut: Int64
  package var bytesIn: Int64

  package init(
    time: Int64, milliseconds: Int64, sent: Int64, received: Int64, deleted: Int64,
    conflicts: Int64, problems: Int64, bytesOut: Int64, bytesIn: Int64
  ) {
    self.time = time
    self.milliseconds = milliseconds
    self.sent = sent
    self.received = received
    self.deleted = deleted
    self.conflicts = conflicts
    self.problems = problems
    self.bytesOut = bytesOut
    self.bytesIn = bytesIn
  }

  /// How many runs are kept: the last ones.
  package static let limit = 500
}

/// The figures of the last runs.
package protocol RunStore: AnyObject {
  /// At most `RunFigures.limit`, the oldest first.
  func runs() throws(Failure) -> [RunFigures]
  /// Adds one; the oldest goes if there are more than are kept.
  func add(_ run: RunFigures) throws(Failure)
}
