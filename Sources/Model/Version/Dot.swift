/// One event: the `sequence`-th of one replica. No clock takes part.
package struct Dot: Hashable, Sendable {
  /// The greatest sequence number: a replica that reaches it refuses to mint, it never wraps.
  package static let sequenceLimit: UInt64 = 1 << 48

  package let replica: ReplicaID
  /// 1 to `sequenceLimit`.
  package let sequence: UInt64

  /// A dot, or nil if the number is 0 or above the limit.
  package init?(_ replica: ReplicaID, _ sequence: UInt64) {
    guard sequence >= 1, sequence <= Self.sequenceLimit else { return nil }
    self.replica = replica
    self.sequence = sequence
  }
}

extension Dot: Comparable {
  /// By number, then by replica: the order in which ties are broken, alike on every host.
  package static func < (left: Dot, right: Dot) -> Bool {
    (left.sequence, left.replica) < (right.sequence, right.replica)
  }
}

extension Dot: CustomStringConvertible {
  package var description: String { "\(replica).\(sequence)" }
}

/// Where a host's dots come from: the next number of its own replica.
package struct Mint: Hashable, Sendable {
  package let replica: ReplicaID
  /// The last number given out; 0: none yet.
  package private(set) var last: UInt64

  package init(replica: ReplicaID, last: UInt64) {
    self.replica = replica
    self.last = last
  }

  /// The next dot. Throws at the limit; the number is spent even if the caller drops the dot.
  package mutating func next() throws(Failure) -> Dot {
    guard last < Dot.sequenceLimit, let dot = Dot(replica, last + 1) else {
      throw Failure(
        .internalFault, "state", "no further change recorded",
        "this replica has used up all \(Dot.sequenceLimit) numbers",
        remedy: "give it a new identity: move the state directory away and sync")
    }
    last = dot.sequence
    return dot
  }
}
