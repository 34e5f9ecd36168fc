package import Model
package import Transport

/// What a session needs of the host that it runs on.
package protocol SessionHost: Sendable {
  var name: String { get }
  var surroundings: any Surroundings { get }
  /// How much this host keeps beside its index.
  var keeping: Keeping { get }

  /// The state that a session works on: the real one, or a copy that is thrown away.
  func ledger(for purpose: Purpose) throws(Failure) -> any Ledger
  /// Before and after contents are exchanged: several sessions at once share what they read.
  func sessionBegins()
  func sessionEnds()
  /// A disk for one thread.
  func disk() throws(Failure) -> any Disk
  /// The groups of these names, in this order.
  func groups(_ names: [String]) throws(Failure) -> [SessionGroup]
  /// Looks at this host's disk before it speaks of it.
  ///
  /// - Returns: For each group why it cannot be synced now; empty if it can.
  func look(_ groups: [SessionGroup], _ ledger: any Ledger, _ look: LookScope) throws(Failure)
    -> [String]
  /// Takes a new identity: the state is older than what a peer remembers of it.
  func renew(reason: String) throws(Failure)
}

/// What a caller asks its peers to look at.
package enum AskedLook: Sendable {
  case everything
  /// Every byte is read again.
  case rereading
  /// Only these paths, by group.
  case parts([String: [TreePath]])

  func look(_ groups: [SessionGroup]) -> LookScope {
    switch self {
    case .everything: return .everything
    case .rereading: return .rereading
    case .parts(let parts):
      let asked = groups.map { parts[$0.name] ?? [] }
      return asked.contains { $0.count > Limits.lookParts } ? .everything : .parts(asked)
    }
  }
}

/// What came of a session.
package struct SessionResult: Sendable {
  package var report = ApplyReport()
  /// What the peer changed on its disk.
  package var peerSummary = Summary()
  /// What gates on the peer's side did not let through, for `status` here.
  package var peerRefusals: [Problem] = []
  /// The groups that were synced.
  package var groups: [String] = []
  package var newConflicts = 0
  /// Groups that were not synced, and why.
  package var refusals: [(group: String, reason: String)] = []
  package var forecasts: [(host: String, group: String, Forecast)] = []
  package var differences: [Difference] = []
  /// What the peer has where it has something else, if that was asked for.
  package var peerTexts: [PeerText] = []
  package var bytesOut: UInt64 = 0
  package var bytesIn: UInt64 = 0

  package init() {}
}
