package import Model
package import Transport

/// One session between two hosts in one thread: every message is encoded, carried and decoded.
///
/// The order in which the two send and receive comes from a seed; within a direction nothing is
/// reordered, as in TCP.
package struct SessionPump {
  /// How a session ended.
  package enum End: Equatable {
    case complete
    /// After that many frames neither side got anything any more.
    case cut
    /// One side took a new identity: meet again.
    case renewed
    /// One side was retired: nothing was said.
    case refused
    case failed(Failure)
    /// Both wait for each other for ever.
    case stuck
  }

  package struct Result {
    package var end = End.complete
    /// The hosts that have refused, in a session with one that was retired.
    package var refused: [String] = []
    /// Frames that arrived.
    package var frames = 0
    /// Records that were sent, and content bytes.
    package var records = 0
    package var contentBytes = 0
    package var caller: Inbound?
    package var answerer: Inbound?
    /// How often both sides had said all that they could and then heard it, as over a long way.
    package var turns = 0
    /// The kinds of message in the order in which the answerer got them.
    package var trace: [String] = []
  }

  package var purpose = Purpose.synchronise
  /// What both sides have to say goes out before either hears the other.
  package var inTurns = false
  /// The connection breaks after that many frames.
  package var cutAfter: Int?
  /// Called before each frame that arrives.
  package var beforeFrame: ((_ number: Int) -> Void)?
  /// Changes a frame on its way to the answerer; nil: as it is.
  package var tamper: ((_ message: Message) -> Message)?
  private var dice: SessionDice

  package init(seed: UInt64) { dice = SessionDice(seed) }

  package mutating func run(_ caller: MemoryHost, _ answerer: MemoryHost) -> Result {
    var result = Result()
    do {
      try caller.scan()
      try answerer.scan()
      let left = SessionSide(caller, answerer.name, isCaller: true, purpose)
      let right = SessionSide(answerer, caller.name, isCaller: false, purpose)
      let greetings = (try left.greeting(), try right.greeting())
      for (host, mine, theirs) in [
        (caller, greetings.0, greetings.1), (answerer, greetings.1, greetings.0),
      ] {
        switch MeetingJudgement.judge(mine: mine, theirs: theirs) {
        case .fine: continue
        case .iAmRetired, .peerIsRetired: result.refused.append(host.name)
        case .iAmOutdated:
          try host.renew()
          result.end = .renewed
          return result
        case .peerIsOutdated: continue
        case .twins: throw Failure(.permission, host.name, "no session", "twins")
        }
      }
      guard result.refused.isEmpty else {
        result.end = .refused
        return result
      }
      try left.begin(greetings.0, greetings.1)
      try right.begin(greetings.1, greetings.0)
      result.caller = left.inbound
      result.answerer = right.inbound
      defer {
        left.inbound?.releaseClaims()
        right.inbound?.releaseClaims()
      }
      result.end = try exchange(left, right, &result)
    } catch let failure as Failure {
      result.end = .failed(failure)
    } catch {
      result.end = .failed(Failure(.internalFault, "pump", "ended", "\(error)"))
    }
    return result
  }

  private mutating func exchange(
    _ left: SessionSide, _ right: SessionSide, _ result: inout Result
  ) throws -> End {
    if inTurns { return try exchangeInTurns(left, right, &result) }
    var idle = 0
    while !(left.isOver && right.isOver) {
      if let cutAfter, result.frames >= cutAfter { return .cut }
      // 0, 1: send; 2, 3: receive. All four in turn once nothing is left to do by chance.
      let choice = idle > 12 ? (idle & 3) : dice.below(4)
      let (side, other) = choice & 1 == 0 ? (left, right) : (right, left)
      if choice < 2 {
        guard let message = try side.nextMessage() else {
          idle += 1
          if idle > 20 { return .stuck }
          continue
        }
        count(message, &result)
        other.wire += try carried(message, isToAnswerer: !other.isCaller, &result)
      } else {
        guard !side.isOver, !side.wire.isEmpty else {
          idle += 1
          if idle > 20 { return .stuck }
          continue
        }
        beforeFrame?(result.frames)
        result.frames += 1
        try side.receive(side.wire.removeFirst())
      }
      idle = 0
    }
    try left.confirm()
    try right.confirm()
    return .complete
  }

  private mutating func exchangeInTurns(
    _ left: SessionSide, _ right: SessionSide, _ result: inout Result
  ) throws -> End {
    while !(left.isOver && right.isOver) {
      for (side, other) in [(left, right), (right, left)] {
        while let message = try side.nextMessage() {
          count(message, &result)
          other.wire += try carried(message, isToAnswerer: !other.isCaller, &result)
        }
      }
      if left.wire.isEmpty, right.wire.isEmpty { return .stuck }
      result.turns += 1
      for side in [left, right] {
        while !side.isOver, !side.wire.isEmpty {
          result.frames += 1
          try side.receive(side.wire.removeFirst())
        }
      }
    }
    try left.confirm()
    try right.confirm()
    return .complete
  }

  private func carried(
    _ message: Message, isToAnswerer: Bool, _ result: inout Result
  ) throws -> [[UInt8]] {
    var message = message
    if isToAnswerer {
      message = tamper?(message) ?? message
      result.trace.append(message.kindName)
    }
    let frames = message.frames
    guard frames.allSatisfy({ $0.count <= Limits.frameBytes }) else {
      throw Failure(
        .internalFault, "pump", "not sent",
        "\(message.kindName) is longer than a frame can be")
    }
    return frames
  }

  private func count(_ message: Message, _ result: inout Result) {
    switch message {
    case .records(_, let batch): result.records += batch.count
    case .content(let pieces):
      result.contentBytes += pieces.reduce(0) { $0 + $1.bytes.count }
    default: return
    }
  }
}

extension Message {
  /// The name of its kind, as in `spec/wire.md`.
  package var kindName: String {
    switch self {
    case .greeting: "greeting"
    case .records: "records"
    case .recordsEnd: "recordsEnd"
    case .answersEnd: "answersEnd"
    case .want: "want"
    case .content: "content"
    case .listing: "listing"
    case .listingEnd: "listingEnd"
    case .forecast: "forecast"
    case .done: "done"
    case .alive: "alive"
    case .stop: "stop"
    case .kept: "kept"
    case .history: "history"
    case .configuration: "configuration"
    }
  }
}
