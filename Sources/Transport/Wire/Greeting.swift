package import Model

/// What a session is for.
package enum Purpose: UInt8, Hashable, Sendable {
  /// Both hosts end with what both know.
  case synchronise = 0
  /// The same on copies of both states: nothing is changed, each side says what it would do.
  case forecast = 1
  /// The client compares the server's disk with its own; nothing is changed.
  case verify = 2
  /// What both know is joined and kept, and neither disk is touched: nothing is fetched, installed
  /// or removed.
  case adopt = 3

  /// Whether what is agreed on is kept.
  package var isLasting: Bool { self == .synchronise || self == .adopt }
}

/// What the side that is called looks at on its disk before it speaks of it.
package enum LookScope: Hashable, Sendable {
  case everything
  /// Every byte is read again.
  case rereading
  /// Only these paths and what is below them, for each group of the session in its order. None of a
  /// group: only whether its roots can be used. What is installed is compared with what is there in
  /// any case.
  case parts([[TreePath]])
}

/// The first message of each side of a session, after both have proven who they are.
package struct Greeting: Hashable, Sendable {
  package var purpose: Purpose
  package var look: LookScope
  package var replica: ReplicaID
  /// The last number that this replica has given out.
  package var last: UInt64
  package var meeting: Meeting
  /// One for each common group, in the order of `PeerIdentity.groups`.
  package var groups: [GroupGreeting]
  /// The name of the host that speaks: known since authentication, repeated for reports.
  package var ownHost: String
  /// Its wall clock, in seconds since 1970: nothing is decided by it.
  package var seconds: UInt64

  package init(
    purpose: Purpose, look: LookScope, replica: ReplicaID, last: UInt64, meeting: Meeting,
    groups: [GroupGreeting], ownHost: String, seconds: UInt64
  ) {
    self.purpose = purpose
    self.look = look
    self.replica = replica
    self.last = last
    self.meeting = meeting
    self.groups = groups
    self.ownHost = ownHost
    self.seconds = seconds
  }
}

/// What one side remembers of the meetings of the two.
package struct Meeting: Hashable, Sendable {
  package static let nonceBytes = 16
  /// How many meetings are remembered.
  package static let memory = 16

  /// The replica that the other side had at the last meeting; nil: never met.
  package var peerReplica: ReplicaID?
  package var count: UInt64
  /// One for each of the last meetings, the latest first; at most `memory`.
  package var nonces: [[UInt8]]
  /// The latest of them that the other side is sure to have kept; empty: none.
  package var confirmed: [UInt8]
  /// This side's part of the nonce of this meeting: 16 random bytes.
  package var fresh: [UInt8]

  package init(
    peerReplica: ReplicaID?, count: UInt64, nonces: [[UInt8]], confirmed: [UInt8], fresh: [UInt8]
  ) {
    self.peerReplica = peerReplica
    self.count = count
    self.nonces = nonces
    self.confirmed = confirmed
    self.fresh = fresh
  }

  /// Nonces as they are kept and sent: one behind the other; nil if the length is wrong.
  package static func nonces(_ bytes: [UInt8]) -> [[UInt8]]? {
    guard bytes.count % nonceBytes == 0, bytes.count <= memory * nonceBytes else { return nil }
    return stride(from: 0, to: bytes.count, by: nonceBytes)
      .map { Array(bytes[$0..<($0 + nonceBytes)]) }
  }
}

/// How far one side is in one group.
package struct GroupGreeting: Hashable, Sendable {
  /// Of the group's canonical text: hosts whose configurations differ do not sync the group.
  package var configuration: Digest
  /// Why this side does not sync the group now; empty if it does.
  package var refusal: String
  package var knowledge: VersionVector
  /// Every replica that is known, sorted, with the host that it belongs to.
  package var replicas: [KnownReplica]
  /// The replicas that both knew at the end of the last complete exchange, sorted.
  package var exchanged: [ReplicaID]
  /// The knowledge of other members, as told: by host name, sorted.
  package var members: [KnownMember]
  /// The replicas that are gone for good, sorted.
  package var retired: [RetiredReplica]

  package init(
    configuration: Digest, refusal: String, knowledge: VersionVector, replicas: [KnownReplica],
    exchanged: [ReplicaID], members: [KnownMember], retired: [RetiredReplica]
  ) {
    self.configuration = configuration
    self.refusal = refusal
    self.knowledge = knowledge
    self.replicas = replicas
    self.exchanged = exchanged
    self.members = members
    self.retired = retired
  }
}

/// A replica and the host that it belongs, or belonged, to.
package struct KnownReplica: Hashable, Sendable {
  package var replica: ReplicaID
  package var host: String

  package init(replica: ReplicaID, host: String) {
    self.replica = replica
    self.host = host
  }
}

/// How far another member of a group is, as it or somebody else has told.
package struct KnownMember: Hashable, Sendable {
  package var host: String
  package var replica: ReplicaID
  package var knowledge: VersionVector

  package init(host: String, replica: ReplicaID, knowledge: VersionVector) {
    self.host = host
    self.replica = replica
    self.knowledge = knowledge
  }
}
