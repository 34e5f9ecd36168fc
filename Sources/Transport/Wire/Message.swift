package import Model

/// Everything that two hosts say to each other in a session. One message is one frame; the bytes
/// are described in `spec/wire.md`.
package enum Message: Hashable, Sendable {
  case greeting(Greeting)
  /// Records of a group, in path order except for answers.
  case records(group: Int, [PathRecord])
  /// What explains the records that follow: the steps of their paths, and when events happened.
  case history(group: Int, [PathSteps], [Stamp])
  /// Every record of the group that the other side lacks has been sent.
  case recordsEnd(group: Int)
  /// Everything that the other side's records called for has been answered.
  case answersEnd(group: Int)
  case want([Want])
  case content([ContentPiece])
  /// What is shown on the disk, in path order: for comparing.
  case listing(group: Int, [ListingRow])
  case listingEnd(group: Int)
  /// What this side would do on its disk.
  case forecast(group: Int, [Forecast])
  /// What this side's configuration says of a group in which the two differ: its canonical text.
  case configuration(group: Int, String)
  /// This side wants nothing more.
  case done(Summary)
  /// This side has kept the memory of the session; the last message.
  case kept
  /// This side is at work; sent when nothing else was for a while.
  case alive
  /// This side ends the session and says why.
  case stop(StopReason)
}

extension Message {
  /// Whether it ends the session before its time.
  package var isStop: Bool { if case .stop = self { true } else { false } }
}

/// A question for the content of one path.
package struct Want: Hashable, Sendable {
  /// 1, 2, 3, ... in each direction.
  package var number: UInt64
  package var group: Int
  package var path: TreePath
  package var digest: Digest
  /// Bytes.
  package var size: UInt64
  /// Where the answer is to begin, in bytes: what is before is here.
  package var offset: UInt64 = 0
  /// What the answer may copy stretches from: the content that this host has at the path.
  package var former: Digest?

  package init(number: UInt64, group: Int, path: TreePath, digest: Digest, size: UInt64) {
    self.number = number
    self.group = group
    self.path = path
    self.digest = digest
    self.size = size
  }
}

/// Part of an answer to a `Want`.
package struct ContentPiece: Hashable, Sendable {
  package enum Kind: UInt8, Hashable, Sendable {
    /// More follows.
    case part = 0
    /// The last bytes.
    case last = 1
    /// This side cannot give it: it does not have it (any more).
    case refusal = 2
    /// A stretch that stands in the former content, as `CopiedStretch`; more follows.
    case copy = 3
    /// Zeros that take no room on the sender's disk, as `HoleLength`; more follows.
    case hole = 4
  }

  package var number: UInt64
  package var kind: Kind
  package var bytes: [UInt8]

  package init(number: UInt64, kind: Kind, bytes: [UInt8]) {
    self.number = number
    self.kind = kind
    self.bytes = bytes
  }
}

/// What one disk shows at one path.
package struct ListingRow: Hashable, Sendable {
  package var path: TreePath
  package var content: Content
  package var attributes: Attributes

  package init(path: TreePath, content: Content, attributes: Attributes) {
    self.path = path
    self.content = content
    self.attributes = attributes
  }
}

/// What would happen to one path on one host.
package struct Forecast: Hashable, Sendable {
  package enum Deed: UInt8, Hashable, Sendable, CaseIterable {
    case create = 0
    case update = 1
    case adjust = 2
    case remove = 3
    case conflict = 4
  }

  package var path: TreePath
  package var deed: Deed

  package init(path: TreePath, deed: Deed) {
    self.path = path
    self.deed = deed
  }
}

/// How a session went on one side's disk.
package struct Summary: Hashable, Sendable {
  package var installed: UInt64 = 0
  package var removed: UInt64 = 0
  /// Conflicts that are open now in the common groups.
  package var conflicts: UInt64 = 0
  /// Paths whose disk does not follow yet.
  package var pending: UInt64 = 0
  /// The first few troubles, each one line.
  package var problems: [String] = []
  /// The first paths that were installed or removed, for people at the other side.
  package var changes: [Change] = []
  /// What commands that look at changes before they are made have not let through.
  package var refusals: [Refusal] = []

  package struct Change: Hashable, Sendable {
    package var path: TreePath
    package var isRemoval: Bool

    package init(path: TreePath, isRemoval: Bool) {
      self.path = path
      self.isRemoval = isRemoval
    }
  }

  /// A set of changes of one group that was refused as a whole.
  package struct Refusal: Hashable, Sendable {
    package var group: Int
    /// One of the set that waits.
    package var path: TreePath
    /// Which command, how it ended and what it said first.
    package var text: String

    package init(group: Int, path: TreePath, text: String) {
      self.group = group
      self.path = path
      self.text = text
    }
  }

  package init() {}
}

/// Why a side ended a session.
package struct StopReason: Hashable, Sendable {
  package enum Kind: UInt8, Hashable, Sendable {
    /// The message cannot be understood, or comes at the wrong time.
    case fault = 0
    /// This side has just taken a new identity: meet again.
    case renewed = 1
    /// The other side's database is older than what this side remembers of it.
    case outdated = 2
    /// This side cannot go on: its own trouble.
    case trouble = 3
    /// Two databases use one identity.
    case twins = 4
    /// The other side has sent what it, or who wrote it, must not change.
    case refused = 5
  }

  package var kind: Kind
  package var text: String

  package init(kind: Kind, text: String) {
    self.kind = kind
    self.text = text
  }
}
