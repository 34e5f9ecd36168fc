import TransportEdge
import Threads

/// Who is changing this disk now, and who runs what follows: one at a time.
///
/// What is queued waits until everybody who was at work then is through, so that the changes of one
/// session are one run; whoever begins later does not keep it.
final class ActionGate: Sendable {
  private struct State {
    var last = 0
    var working: Set<Int> = []
    var isTaken = false
    /// Nothing more is begun.
    var isEnding = false
    /// What runs is ended.
    var isCancelling = false
    /// Rises whenever something may have become due.
    var wakes = 0
  }

  private let state = Signal(State())

  /// Somebody begins to change things.
  func begin() -> Int {
    state.change { state in
      state.last += 1
      state.working.insert(state.last)
      return state.last
    }
  }

  /// And is through.
  func end(_ number: Int) {
    state.change { state in
      state.working.remove(number)
      state.wakes += 1
    }
  }

  /// Becomes the one who runs actions; waits for the one who does. False: this process is ending.
  func take() -> Bool {
    while true {
      let isMine: Bool? = state.wait(seconds: 60) { state in
        if state.isEnding { return false }
        if state.isTaken { return nil }
        state.isTaken = true
        return true
      }
      if let isMine { return isMine }
    }
  }

  func release() { state.change { $0.isTaken = false } }

  /// Waits until all who are at work now are through.
  func awaitQuiet() {
    let now = state.change { $0.working }
    while state.wait(seconds: 60, { $0.isEnding || $0.working.isDisjoint(with: now) ? true : nil })
      == nil
    {}
  }

  var isEnding: Bool { state.change { $0.isEnding } }
  var wakes: Int { state.change { $0.wakes } }

  /// Waits for something new after `wakes`, or for the end; at most `seconds`.
  func awaitWake(after wakes: Int, seconds: Double) {
    _ = state.wait(seconds: seconds) { $0.isEnding || $0.wakes != wakes ? true : nil }
  }

  var isCancelling: Bool { state.change { $0.isCancelling } }

  /// Lets nobody begin any more, and waits for the one who runs something now.
  func finish(seconds: Double) {
    state.change { $0.isEnding = true }
    _ = state.wait(seconds: seconds) { $0.isTaken ? nil : true }
  }

  /// The same, and ends what runs.
  func close(seconds: Double) {
    state.change { $0.isCancelling = true }
    finish(seconds: seconds)
  }
}
