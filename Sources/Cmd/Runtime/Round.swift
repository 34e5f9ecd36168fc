import Model
import Transport
import TransportEdge

/// How peers are met by this command, or by the daemon for others.
struct Round: Sendable {
  let node: Node
  let ledger: any Ledger
  let purpose: Purpose
  var look = AskedLook.everything
  /// Why a group is not synced now, by its name; groups without an entry are.
  let refusals: [String: String]
  /// For peers whose port the configuration does not name; nil: the usual one.
  var port: UInt16?
  /// Whether a comparison brings the peers' texts along.
  var wantsTexts = false

  /// How it went with one peer.
  struct Meeting: Sendable {
    var peer: String
    var result: SessionResult?
    var failure: Failure?
    var seconds: Double
    /// What has to be told although the meeting went well in the end.
    var note = ""

    /// Whether the peer's disk did not follow its records at the end.
    var isPending: Bool { (result?.peerSummary.pending ?? 0) > 0 }

    /// Whether the peer has said what is in the way. If it has not, another session of its may just
    /// have been at work.
    var isExplained: Bool {
      !(result?.peerSummary.problems.isEmpty ?? true) || !(result?.peerRefusals.isEmpty ?? true)
    }
  }

  /// Meets all of them; in the order given.
  func meet(_ peers: [String]) -> [Meeting] {
    var meetings: [String: Meeting] = [:]
    let turn = MeetingTurn(self)
    turn.begin(peers)
    while let meeting = turn.next() { meetings[meeting.peer] = meeting }
    return peers.compactMap { meetings[$0] }
  }

  /// - Parameter connected: Called once the peer has answered and shown who it is.
  func meet(_ peer: String, connected: () -> Void) -> Meeting {
    let start = monotonicSeconds()
    var meeting = Meeting(peer: peer, seconds: 0)
    do {
      do {
        meeting.result = try call(peer, connected)
      } catch  where error.kind == .busy {
        // One of the two has just taken a new identity: with that the next meeting works.
        meeting.note = "\(error.place): \(error.action): \(error.reason)"
        meeting.result = try call(peer, connected)
      }
    } catch {
      meeting.failure = error
      if purpose.isLasting { keep(error, peer) }
    }
    meeting.seconds = monotonicSeconds() - start
    return meeting
  }

  private func call(
    _ peer: String, _ connected: () -> Void
  ) throws(Failure) -> SessionResult {
    guard
      let endpoint = node.config.endpoint(
        of: peer, defaultPort: port ?? node.settings.port ?? Member.defaultPort)
    else {
      throw Failure(.configuration, escaped(peer), "not met", "no group lists it")
    }
    let channel = try connect(
      to: peer, address: endpoint.address, port: endpoint.port, party: node.party,
      deadlines: Deadlines.configured)
    connected()
    defer { node.noteLater() }
    return try SessionRun.call(
      channel, node, purpose, ledger: ledger, look: look, wantsTexts: wantsTexts,
      refusals: refusals)
  }

  /// For `status`: why the peer could not be met the last time.
  private func keep(_ failure: Failure, _ peer: String) {
    try? node.real.with { store throws(Failure) in
      try store.transaction { () throws(Failure) in
        var state = try store.peer(peer) ?? PeerState(name: peer)
        state.trouble = "\(failure)"
        state.troubleKind =
          failure.kind == .permission || failure.kind == .protocolFault ? "refused" : "unreachable"
        try store.put(state)
      }
    }
  }
}
