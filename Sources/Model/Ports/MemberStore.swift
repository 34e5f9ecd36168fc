/// A replica that is gone for good, as somebody has said: a fact of its group, kept for ever.
package struct RetiredReplica: Hashable, Sendable {
  package var replica: ReplicaID
  /// The host that it belonged to.
  package var host: String
  /// The last number of it that was known then. For people only.
  package var last: UInt64
  /// When it was said, in seconds since 1970. For people only.
  package var seconds: UInt64
  /// The host on which it was said.
  package var by: String

  package init(replica: ReplicaID, host: String, last: UInt64, seconds: UInt64, by: String) {
    self.replica = replica
    self.host = host
    self.last = last
    self.seconds = seconds
    self.by = by
  }
}

/// The part of a host's state that tells which replicas have left.
package protocol MemberStore: AnyObject {
  /// Every replica of the group that is gone for good, sorted by replica.
  func retired(_ group: String) throws(Failure) -> [RetiredReplica]
  /// Inserts or replaces.
  func put(_ retired: RetiredReplica, _ group: String) throws(Failure)
}
