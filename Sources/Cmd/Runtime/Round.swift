import Model
import Synchronization
import Transport
import TransportEdge

/// One meeting with every peer at once, each in a thread of its own.
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
  }

  /// Meets all of them; in the order given.
  func meet(_ peers: [String]) -> [Meeting] {
    let shared = Shared()
    var threads: [OwnThread] = []
    for peer in peers {
      let thread = OwnThread {
        let meeting = self.meet(peer)
        shared.put(meeting)
      }
      if let thread { threads.append(thread) } else { shared.put(meet(peer)) }
    }
    for thread in threads { thread.join() }
    return peers.compactMap { shared.take($0) }
  }

  private final class Shared: Sendable {
    private let meetings = Mutex<[String: Meeting]>([:])
    func put(_ meeting: Meeting) { meetings.withLock { $0[meeting.peer] = meeting } }
    func take(_ peer: String) -> Meeting? { meetings.withLock { $0[peer] } }
  }

  private func meet(_ peer: String) -> Meeting {
    let start = monotonicSeconds()
    var meeting = Meeting(peer: peer, seconds: 0)
    do {
      do {
        meeting.result = try call(peer)
      } catch  where error.kind == .busy {
        // One of the two has just taken a new identity: with that the next meeting works.
        meeting.note = "\(error.place): \(error.action): \(error.reason)"
        meeting.result = try call(peer)
      }
    } catch {
      meeting.failure = error
      if purpose.isLasting { keep(error, peer) }
    }
    meeting.seconds = monotonicSeconds() - start
    return meeting
  }

  private func call(_ peer: String) throws(Failure) -> SessionResult {
    guard
      let endpoint = node.config.endpoint(
        of: peer, defaultPort: port ?? node.settings.port ?? Member.defaultPort)
    else {
      throw Failure(.configuration, escaped(peer), "not met", "no group lists it")
    }
    let channel = try connect(
      to: peer, address: endpoint.address, port: endpoint.port, party: node.party,
      deadlines: Deadlines.configured)
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
