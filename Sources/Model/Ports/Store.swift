/// Who this host's database is, and how far its numbers have gone.
package struct ReplicaState: Hashable, Sendable {
  package var replica: ReplicaID
  /// The last sequence number given out.
  package var last: UInt64
  /// The last one when a peer last confirmed that it had seen no later one: numbers up to here are
  /// certain to have been given out in this life of the database.
  package var confirmed: UInt64

  package init(replica: ReplicaID, last: UInt64, confirmed: UInt64) {
    self.replica = replica
    self.last = last
    self.confirmed = confirmed
  }
}

/// What this host remembers of a peer.
package struct PeerState: Hashable, Sendable {
  package var name: String
  /// `sha256:` and 64 digits; nil: never met.
  package var fingerprint: String?
  /// The replica that the peer had at the last meeting.
  package var replica: ReplicaID?
  /// How often the two have met, and a nonce of 16 bytes for each of the last meetings, the latest
  /// first. A peer that remembers others has an older database, or a twin.
  package var meetings: UInt64
  package var nonces: [UInt8]
  /// The latest of them that the peer is sure to have kept; empty: none.
  package var confirmed: [UInt8]
  /// Seconds since 1970 of the last complete session; nil: never. For people only.
  package var lastMet: Int64?
  /// Why the last attempt failed; empty if it did not.
  package var trouble: String
  /// The class of that trouble: `unreachable`, `refused` or empty.
  package var troubleKind: String
  /// How far its clock was ahead of this host's at the last meeting, in seconds; nil: never met.
  /// For people only.
  package var skewSeconds: Int64?

  package init(name: String) {
    self.name = name
    meetings = 0
    nonces = []
    confirmed = []
    trouble = ""
    troubleKind = ""
  }
}

/// What this host remembers of one peer in one group.
package struct MemberState: Hashable, Sendable {
  package var host: String
  /// The replica that it had when it told `knowledge`.
  package var replica: ReplicaID?
  /// Its knowledge as far as it is known here: never ahead of what it has itself.
  package var knowledge: VersionVector?
  /// The replicas that the two knew of at the end of their last complete exchange, sorted; when
  /// these
  /// differ from today's, everything is exchanged once.
  package var exchangedReplicas: [ReplicaID]

  package init(host: String) {
    self.host = host
    exchangedReplicas = []
  }
}

/// One installation that was begun: written before the disk is touched, removed with its verdict.
/// The rows of a batch come and go together.
package struct JournalRow: Hashable, Sendable {
  package var group: String
  package var path: TreePath
  /// The disk's own note, for `Disk.recover`.
  package var token: [UInt8]
  /// What the entry becomes if the object is found in its place; its `seen` is not yet known.
  package var entry: Entry

  package init(group: String, path: TreePath, token: [UInt8], entry: Entry) {
    self.group = group
    self.path = path
    self.token = token
    self.entry = entry
  }
}

/// A decision that this host's version wins against a peer that has not been met since.
package struct ForceMark: Hashable, Sendable {
  package var path: TreePath
  package var host: String

  package init(path: TreePath, host: String) {
    self.path = path
    self.host = host
  }
}

/// This host's durable state. Not thread-safe: one owner at a time.
///
/// Everything that is written stands in a transaction; a transaction that was committed survives a
/// power cut. Every method throws a `Failure` of kind `inputOutput`, `busy` or `badData` with the
/// database's file as its place.
package protocol Store:
  HistoryStore, SettlementStore, ContentStore, MemberStore, RunStore, ActionStore, HintStore,
  LocalOnlyStore, RecentStore, ChunkStore, LastingStore, RestingStore
{
  /// Runs `body` as one transaction: all of it or, if it throws, nothing. One within another
  /// belongs
  /// to the outer one.
  func transaction<Result>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result

  func replicaState() throws(Failure) -> ReplicaState
  func setReplicaState(_ state: ReplicaState) throws(Failure)

  /// Every replica ever heard of in the group and the host that it belongs (or belonged) to.
  func replicas(_ group: String) throws(Failure) -> [(replica: ReplicaID, host: String)]
  func learnReplica(_ replica: ReplicaID, host: String, group: String) throws(Failure)

  func entry(_ group: String, _ path: TreePath) throws(Failure) -> Entry?
  /// Inserts or replaces.
  func put(_ entry: Entry, _ group: String) throws(Failure)
  func removeEntry(_ group: String, _ path: TreePath) throws(Failure)
  /// At most `limit` entries in path order, those after `after` (nil: from the start).
  func entries(_ group: String, after: TreePath?, limit: Int) throws(Failure) -> [Entry]
  /// The same, only those with at least one of the `states`.
  func entries(_ group: String, in states: EntryState, after: TreePath?, limit: Int)
    throws(Failure) -> [Entry]
  /// The same in reverse path order, those before `before` (nil: from the end).
  func entriesBackwards(
    _ group: String, in states: EntryState, before: TreePath?, limit: Int
  ) throws(Failure) -> [Entry]
  /// The path itself, if it has an entry, and all below it, in path order, at most `limit`, after
  /// `after`.
  func entries(_ group: String, under path: TreePath, after: TreePath?, limit: Int)
    throws(Failure) -> [Entry]
  /// At most `limit` entries in path order beyond `subtree` and all below it (nil: from the start),
  /// after `after`, before `end` (nil: to the end).
  func entries(
    _ group: String, beyond subtree: TreePath?, after: TreePath?, before end: TreePath?,
    limit: Int
  ) throws(Failure) -> [Entry]
  /// A live path of the group whose disk shows this content, if there is one: where bytes can be
  /// copied from instead of asking a peer. May give one that has changed meanwhile.
  func entryShowing(_ digest: Digest, _ group: String) throws(Failure) -> Entry?
  /// Reads every row of the group.
  func counts(_ group: String) throws(Failure) -> GroupCounts
  /// Costs as much as there is open.
  func openCounts(_ group: String) throws(Failure) -> OpenCounts

  /// All events of the group that are integrated here.
  func knowledge(_ group: String) throws(Failure) -> VersionVector
  func setKnowledge(_ knowledge: VersionVector, _ group: String) throws(Failure)

  func peer(_ name: String) throws(Failure) -> PeerState?
  func peers() throws(Failure) -> [PeerState]
  func put(_ peer: PeerState) throws(Failure)

  func member(_ host: String, _ group: String) throws(Failure) -> MemberState?
  func members(_ group: String) throws(Failure) -> [MemberState]
  func put(_ member: MemberState, _ group: String) throws(Failure)

  /// What was begun and has no verdict, by the number of its batch, in the order in which it was
  /// begun.
  func journal() throws(Failure) -> [(batch: Int64, rows: [JournalRow])]
  /// Writes down what is about to be done. Returns the number of the batch.
  func addToJournal(_ rows: [JournalRow]) throws(Failure) -> Int64
  /// All of a batch has its verdict, but what is to be kept.
  func removeFromJournal(_ batch: Int64, keeping rows: [JournalRow]) throws(Failure)

  func forceMarks(_ group: String) throws(Failure) -> [ForceMark]
  func addForceMark(_ mark: ForceMark, _ group: String) throws(Failure)
  func removeForceMark(_ mark: ForceMark, _ group: String) throws(Failure)

  /// Small facts by name: when a conflict was first seen, what a question was about.
  func note(_ name: String) throws(Failure) -> [UInt8]?
  func setNote(_ name: String, _ value: [UInt8]?) throws(Failure)

  /// The troubles of the last scan or session of a group, shown by `status`.
  func problems(_ group: String) throws(Failure) -> [Problem]
  /// Replaces those that came from `source` (`scan`, or `sync HOST`).
  func setProblems(_ problems: [Problem], _ group: String, source: String) throws(Failure)

  /// A copy of the whole state in a file of its own, for looking ahead without touching anything.
  func copy(to file: String) throws(Failure)
}
