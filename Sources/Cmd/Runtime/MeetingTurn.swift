import TransportEdge
import Threads

/// Meetings that run at the same time, each in a thread of its own, and those that wait for one.
///
/// A host that does not answer takes its time, and nobody else's: see `isQuiet`.
final class MeetingTurn: Sendable {
  /// How many meetings run at a time.
  static let limit = 64

  private struct State {
    var waiting: [String] = []
    /// Peers that do not answer yet.
    var calling: Set<String> = []
    /// Peers that have answered.
    var meeting: Set<String> = []
    var ended: [Round.Meeting] = []
    var threads: [OwnThread] = []

    var running: Int { calling.count + meeting.count }
  }

  private let round: Round
  private let state = Signal(State())

  init(_ round: Round) { self.round = round }

  /// Meets these as well, in this order if not all at once; not those who are being met already.
  func begin(_ peers: [String]) {
    state.change { state in
      state.waiting += peers.filter { peer in
        !state.waiting.contains(peer) && !state.calling.contains(peer)
          && !state.meeting.contains(peer)
      }
    }
    startThreads()
  }

  /// The next meeting that ended; nil if all have.
  func next() -> Round.Meeting? {
    let found: Round.Meeting? = state.wait { state in
      if !state.ended.isEmpty { return .some(state.ended.removeFirst()) }
      return state.running == 0 && state.waiting.isEmpty ? .some(nil) : nil
    }
    if found == nil { for thread in takeThreads() { thread.join() } }
    return found
  }

  /// Whether nothing more is to be expected soon: all that still run wait for a first answer.
  var isQuiet: Bool {
    state.change { $0.meeting.isEmpty && $0.waiting.isEmpty && $0.ended.isEmpty }
  }

  private func takeThreads() -> [OwnThread] {
    state.change { state in
      defer { state.threads = [] }
      return state.threads
    }
  }

  private func startThreads() {
    while let peer = takeWaiting() {
      if let thread = OwnThread({ [self] in run(peer) }) {
        state.change { $0.threads.append(thread) }
      } else {
        run(peer)
      }
    }
  }

  private func takeWaiting() -> String? {
    state.change { state in
      guard state.running < Self.limit, !state.waiting.isEmpty else { return nil }
      let peer = state.waiting.removeFirst()
      state.calling.insert(peer)
      return peer
    }
  }

  private func run(_ peer: String) {
    let meeting = round.meet(peer) { [self] in
      state.change { state in
        state.calling.remove(peer)
        state.meeting.insert(peer)
      }
    }
    state.change { state in
      state.calling.remove(peer)
      state.meeting.remove(peer)
      state.ended.append(meeting)
    }
    startThreads()
  }
}
