/// What an event did to its path.
package enum Deed: UInt8, Hashable, Sendable, CaseIterable {
  /// The path came (back) to life.
  case create = 0
  /// Its content changed.
  case edit = 1
  /// Its mode, owner or access list changed, its content did not.
  case adjust = 2
  case delete = 3
  /// A person decided a conflict.
  case resolve = 4
  /// A person said beforehand that this host's version wins.
  case force = 5
  /// A decision was taken back: the event carries one version of the conflict again.
  case reopen = 6
  /// Its content became one that it had before.
  case revert = 7
}

/// A content that an event replaced.
package struct ReplacedContent: Hashable, Sendable {
  package var dot: Dot
  package var content: ContentMark

  package init(dot: Dot, content: ContentMark) {
    self.dot = dot
    self.content = content
  }
}

/// One event of one path that is more than a first sight of it: what it did, and what it replaced.
///
/// Written by the host that minted it and passed on beside the records. It explains and never
/// decides: a step that is lost costs an answer, not a file.
package struct HistoryStep: Hashable, Sendable {
  package var dot: Dot
  package var deed: Deed
  /// What the event made of the content; nil if it left the content alone.
  package var content: ContentMark?
  /// The contents that it superseded, in the order of their dots.
  package var replaced: [ReplacedContent]
  /// For `reopen`: the event whose version it carries again.
  package var origin: Dot?
  /// What a person gave as the reason; empty if nobody did.
  package var reason: String

  package init(
    dot: Dot, deed: Deed, content: ContentMark?, replaced: [ReplacedContent] = [],
    origin: Dot? = nil, reason: String = ""
  ) {
    self.dot = dot
    self.deed = deed
    self.content = content
    self.replaced = replaced
    self.origin = origin
    self.reason = reason
  }
}

/// When and by whom a run of events of one replica was recorded, `first` to `last`, both included.
///
/// One scan mints its events in one run, so a stamp costs nothing per path.
package struct Stamp: Hashable, Sendable {
  package var replica: ReplicaID
  package var first: UInt64
  package var last: UInt64
  /// Seconds since 1970, by the clock of the host that minted them. For people only.
  package var seconds: Int64
  /// The user who ran the command that recorded them, where known; else empty.
  package var user: String

  package init(replica: ReplicaID, first: UInt64, last: UInt64, seconds: Int64, user: String) {
    self.replica = replica
    self.first = first
    self.last = last
    self.seconds = seconds
    self.user = user
  }
}

/// How a run of events of one replica came to this host.
package struct Arrival: Hashable, Sendable {
  package var replica: ReplicaID
  package var first: UInt64
  package var last: UInt64
  /// Seconds since 1970, by this host's clock. For people only.
  package var seconds: Int64
  /// The host that passed them on.
  package var via: String

  package init(replica: ReplicaID, first: UInt64, last: UInt64, seconds: Int64, via: String) {
    self.replica = replica
    self.first = first
    self.last = last
    self.seconds = seconds
    self.via = via
  }
}
