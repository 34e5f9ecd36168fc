import Model
import Transport
import Threads

/// The sending thread of a session: messages that answer first, then what `Outbound` has.
final class SendLoop: Sendable {
  /// A sign of life goes out when nothing else did for so long.
  private static let aliveSeconds = 10.0

  private struct State {
    var messages: [Message] = []
    var requests: [Want] = []
    /// What this side sends of its own accord; handed over once both greetings are known.
    var outbound: Outbound?
    var isEnding = false
    var failure: Failure?
  }

  private let link: any Link
  private let state = Signal(State())
  private let packer: FramePacker

  init(_ link: any Link) {
    self.link = link
    packer = FramePacker(link)
  }

  func start() throws(Failure) -> OwnThread {
    guard let thread = OwnThread({ [self] in run() }) else {
      throw Failure(
        .system, escaped(link.peer.name), "no session", "the system has no room for another thread")
    }
    return thread
  }

  func send(_ messages: [Message], requests: [Want] = []) {
    guard !messages.isEmpty || !requests.isEmpty else { return }
    state.change {
      $0.messages += messages
      $0.requests += requests
    }
  }

  func begin(_ outbound: sending Outbound) {
    let box = Handover(outbound)
    state.change { $0.outbound = box.value }
  }

  /// Everything that was given to `send` goes out, then the thread ends.
  func end() { state.change { $0.isEnding = true } }

  /// Why sending failed; nil if it did not.
  var failure: Failure? { state.change { $0.failure } }

  var openRequests: Int { state.change { $0.requests.count } }

  // MARK: The thread

  private func run() {
    do {
      try loop()
    } catch {
      state.change { $0.failure = error }
      link.close()
    }
  }

  private func loop() throws(Failure) {
    var outbound: Outbound?
    var requests: [Want] = []
    var isIdle = false
    while true {
      let turn = state.wait(seconds: isIdle ? Self.aliveSeconds : 0) { state in
        Self.take(&state)
      }
      if let new = turn?.outbound { outbound = new }
      requests += turn?.requests ?? []
      for message in turn?.messages ?? [] { try send(message) }
      let own = try next(outbound, &requests)
      if let own { try send(own) }
      if own == nil {
        if turn == nil, isIdle { try link.send(Message.alive.encoded) }
        try link.flush()
        if turn?.isEnding == true { return }
      }
      isIdle = own == nil
    }
  }

  /// What stops this side is the state's trouble, not the connection's: the peer is told.
  private func next(
    _ outbound: Outbound?, _ requests: inout [Want]
  ) throws(Failure) -> Message? {
    do throws(Failure) {
      return try outbound?.next(&requests)
    } catch {
      try send(.stop(StopReason(kind: .trouble, text: "\(error)")))
      try link.flush()
      throw error
    }
  }

  private func send(_ message: Message) throws(Failure) {
    for frame in message.frames { try packer.send(frame) }
  }

  private struct Turn {
    var messages: [Message]
    var requests: [Want]
    var outbound: Outbound?
    var isEnding: Bool
  }

  private static func take(_ state: inout State) -> Turn? {
    guard
      !state.messages.isEmpty || !state.requests.isEmpty || state.outbound != nil || state.isEnding
    else { return nil }
    defer {
      state.messages = []
      state.requests = []
      state.outbound = nil
    }
    return Turn(
      messages: state.messages, requests: state.requests, outbound: state.outbound,
      isEnding: state.isEnding)
  }
}

/// Carries a value that one thread gives up to another that takes it.
private struct Handover<Value>: @unchecked Sendable {
  // The giver keeps no reference: `sending` at the call proves it.
  let value: Value
  init(_ value: Value) { self.value = value }
}
