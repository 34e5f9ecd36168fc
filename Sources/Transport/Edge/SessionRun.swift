package import Model
package import Transport
import Threads

/// One session over an authenticated channel, from the greetings to the end.
package struct SessionRun {
  let channel: Channel
  let host: any SessionHost
  private let sender: SendLoop
  let isCaller: Bool
  /// Whether a comparison brings the peer's texts along.
  private var wantsTexts = false
  private(set) var groups: [SessionGroup] = []
  /// How far the peer's clock is ahead of this host's, in seconds.
  private(set) var skew: Int64 = 0

  private init(_ channel: Channel, _ host: any SessionHost, isCaller: Bool) {
    self.channel = channel
    self.isCaller = isCaller
    self.host = host
    sender = SendLoop(channel)
  }

  var peer: String { channel.peer.name }

  /// The side that called. It has looked at its own disk already.
  ///
  /// - Parameter refusals: Why a group is not synced now, by its name.
  package static func call(
    _ channel: Channel, _ host: any SessionHost, _ purpose: Purpose, ledger: any Ledger,
    look: AskedLook, wantsTexts: Bool = false, refusals: [String: String]
  ) throws(Failure) -> SessionResult {
    var run = SessionRun(channel, host, isCaller: true)
    run.wantsTexts = wantsTexts
    return try run.conduct { run throws(Failure) in
      run.groups = try host.groups(channel.peer.groups).map { $0.asked(for: purpose) }
      let mine = try run.greeting(
        purpose, ledger, look.look(run.groups), refusals: run.groups.map { refusals[$0.name] ?? "" }
      )
      run.sender.send([.greeting(mine)])
      let theirs = try run.receiveGreeting()
      run.skew = run.skew(of: theirs)
      return (mine, theirs, ledger)
    }
  }

  /// The side that was called.
  /// - Parameter memory: What was remembered of peers before the connection was accepted.
  package static func answer(
    _ channel: Channel, _ host: any SessionHost, memory: [PeerState]
  ) throws(Failure) -> SessionResult {
    var run = SessionRun(channel, host, isCaller: false)
    return try run.conduct { run throws(Failure) in
      let theirs = try run.receiveGreeting()
      run.skew = run.skew(of: theirs)
      run.groups = try host.groups(channel.peer.groups).map { $0.asked(for: theirs.purpose) }
      let ledger = try host.ledger(for: theirs.purpose)
      let refusals = try host.look(run.groups, ledger, theirs.look)
      var mine = try run.greeting(theirs.purpose, ledger, .everything, refusals: refusals)
      // Meetings confirmed since the peer spoke would look as if it had forgotten them.
      mine.meeting.confirmed = memory.first { $0.name == run.peer }?.confirmed ?? []
      run.sender.send([.greeting(mine)])
      return (mine, theirs, ledger)
    }
  }

  // MARK: From end to end

  private mutating func conduct(
    _ greet: (inout SessionRun) throws(Failure) -> (Greeting, Greeting, any Ledger)
  ) throws(Failure) -> SessionResult {
    let thread = try sender.start()
    defer {
      sender.end()
      thread.join()
      channel.close()
    }
    do {
      let (mine, theirs, ledger) = try greet(&self)
      try judge(mine, theirs)
      return try exchange(mine, theirs, ledger)
    } catch {
      if error.kind == .protocolFault {
        sender.send([.stop(StopReason(kind: .fault, text: error.reason))])
      } else if error.kind != .busy && error.kind != .unavailable && error.kind != .permission {
        sender.send([.stop(StopReason(kind: .trouble, text: "\(error)"))])
      }
      throw sender.failure ?? error
    }
  }

  private func exchange(
    _ mine: Greeting, _ theirs: Greeting, _ ledger: any Ledger
  ) throws(Failure) -> SessionResult {
    let isVerify = mine.purpose == .verify
    host.sessionBegins()
    defer { host.sessionEnds() }
    sender.begin(
      Outbound(
        ledger: ledger, disk: try host.disk(), groups: groups, mine: mine, theirs: theirs,
        isListing: isVerify && !isCaller))
    let inbound = Inbound(
      ledger: ledger, disk: try host.disk(), surroundings: host.surroundings, peer: peer,
      groups: groups, mine: mine, theirs: theirs, isListingClient: isVerify && isCaller,
      wantsTexts: wantsTexts, limits: host.keeping, installerDisk: try host.disk(),
      sideline: SideThread())
    defer { inbound.releaseClaims() }
    sender.send(Inbound.configurations(groups, mine, theirs))
    var reaction = try inbound.begin()
    sender.send(reaction.messages, requests: reaction.requests)
    while !inbound.isOver {
      guard let frame = try channel.receive() else {
        throw sender.failure
          ?? Failure(
            .unavailable, escaped(peer), "the session was cut",
            "the connection closed before its end", remedy: "sync again to go on")
      }
      let message = try decoded(frame)
      do {
        reaction = try inbound.handle(message)
      } catch {
        if error.kind == .permission, !message.isStop {
          sender.send([.stop(StopReason(kind: .refused, text: error.reason))])
        }
        throw error
      }
      guard reaction.requests.count + sender.openRequests <= Limits.openWants else {
        throw inbound.tooMuch
      }
      sender.send(reaction.messages, requests: reaction.requests)
    }
    if mine.purpose.isLasting {
      let nonce = try remember(mine, theirs, ledger)
      sender.send([.kept])
      try confirm(nonce, ledger)
    }
    return result(inbound, mine, theirs)
  }

  private func result(
    _ inbound: Inbound, _ mine: Greeting, _ theirs: Greeting
  ) -> SessionResult {
    var result = SessionResult()
    result.report = inbound.report
    result.peerSummary = inbound.peerSummary ?? Summary()
    result.peerRefusals = result.peerSummary.refusals.compactMap { refusal in
      guard groups.indices.contains(refusal.group) else { return nil }
      return Problem(
        refused: refusal.path, groups[refusal.group].name, on: peer, escaped(refusal.text))
    }
    result.groups = groups.indices.filter { isOpen(mine, theirs, $0) }.map { groups[$0].name }
    result.newConflicts = inbound.newConflicts
    result.forecasts = inbound.forecasts
    result.differences = inbound.differences
    result.peerTexts = inbound.peerTexts
    for (index, group) in groups.enumerated() where !isOpen(mine, theirs, index) {
      result.refusals.append((group.name, refusal(index, inbound)))
    }
    result.bytesOut = channel.bytesOut
    result.bytesIn = channel.bytesIn
    return result
  }

  private func refusal(_ index: Int, _ inbound: Inbound) -> String {
    let (mine, theirs) = (inbound.mine.groups[index], inbound.theirs.groups[index])
    if !mine.refusal.isEmpty { return mine.refusal }
    if !theirs.refusal.isEmpty { return "\(escaped(peer)): " + escaped(theirs.refusal) }
    return inbound.configurationRefusal(index) ?? "it is not open"
  }

  // MARK: Greetings

  private func receiveGreeting() throws(Failure) -> Greeting {
    while true {
      guard let frame = try channel.receive() else {
        throw sender.failure
          ?? Failure(
            .unavailable, escaped(peer), "no session", "the connection closed before a greeting",
            remedy: "look into the log of \(escaped(peer))")
      }
      switch try decoded(frame) {
      case .alive: continue
      case .greeting(let greeting):
        guard greeting.groups.count == channel.peer.groups.count else {
          throw fault("a greeting for other groups")
        }
        return greeting
      case .stop(let reason): throw stopFailure(reason, peer)
      default: throw fault("something else than a greeting")
      }
    }
  }

  /// Right after the greeting has come: it was written just before.
  private func skew(of theirs: Greeting) -> Int64 {
    Int64(clamping: theirs.seconds) - host.surroundings.now().seconds
  }

  private func decoded(_ frame: [UInt8]) throws(Failure) -> Message {
    do throws(WireFault) {
      guard PackedFrame.isPacked(frame) else { return try Message(encoded: frame) }
      guard let payload = Zstd.unpacked(try PackedFrame(encoded: frame)) else {
        throw WireFault(.badValue, at: 0)
      }
      return try Message(encoded: payload)
    } catch {
      throw fault("a message that cannot be read (\(error))")
    }
  }

  private func fault(_ what: String) -> Failure {
    Failure(
      .protocolFault, escaped(peer), "the session was ended", "it sent \(what)",
      remedy: "use the same release of concord on both hosts")
  }

  private func greeting(
    _ purpose: Purpose, _ ledger: any Ledger, _ look: LookScope, refusals: [String]
  ) throws(Failure) -> Greeting {
    let (groups, peer, own) = (groups, peer, host.name)
    let fresh = host.surroundings.randomBytes(16)
    let now = UInt64(clamping: host.surroundings.now().seconds)
    // A copy does not hear of meetings that other commands of this host have meanwhile: going by
    // it, the peer would take this host for one that was put back.
    let memory = purpose.isLasting ? ledger : try host.ledger(for: .synchronise)
    let (state, known) = try memory.with { store throws(Failure) in
      (try store.replicaState(), try store.peer(peer) ?? PeerState(name: peer))
    }
    return try ledger.with { store throws(Failure) in
      var greetings: [GroupGreeting] = []
      for (group, refusal) in zip(groups, refusals) {
        var greeting = try groupGreeting(group, refusal, peer, own, state.replica, store)
        greeting.members = greeting.members.fitting(
          Limits.memberBytes / groups.count, beside: greeting.knowledge, turn: known.meetings)
        greetings.append(greeting)
      }
      return Greeting(
        purpose: purpose, look: look, replica: state.replica, last: state.last,
        meeting: Meeting(
          peerReplica: known.replica, count: known.meetings,
          nonces: Meeting.nonces(known.nonces) ?? [], confirmed: known.confirmed, fresh: fresh),
        groups: greetings, ownHost: own, seconds: now)
    }
  }

  // MARK: Memory

  private func judge(_ mine: Greeting, _ theirs: Greeting) throws(Failure) {
    let name = escaped(peer)
    switch MeetingJudgement.judge(mine: mine, theirs: theirs) {
    case .fine: return
    case .iAmRetired(let retired):
      throw Failure(
        .permission, name, "no session", "this host was retired by \(escaped(retired.by))",
        remedy: "run concord host rejoin on this host, then sync")
    case .peerIsRetired(let retired):
      throw Failure(
        .permission, name, "no session", "it was retired by \(escaped(retired.by))",
        remedy: "run concord host rejoin there to take it back")
    case .iAmOutdated(let why):
      guard mine.purpose.isLasting else {
        throw Failure(
          .busy, "state", "older than what \(name) remembers", why, remedy: "run concord sync")
      }
      try host.renew(reason: "\(name): \(why)")
      sender.send([.stop(StopReason(kind: .renewed, text: why))])
      throw Failure(
        .busy, "state", "a new identity was taken",
        "the database is older than what \(name) remembers: \(why)", remedy: "sync again")
    case .peerIsOutdated:
      // The peer comes to the same judgement by itself, and says what it did.
      while let frame = try channel.receive() {
        if case .stop(let reason) = try decoded(frame) { throw stopFailure(reason, peer) }
      }
      throw Failure(
        .busy, name, "no session", "its database is older than what this host remembers",
        remedy: "sync again")
    case .twins:
      throw Failure(
        .permission, name, "no session",
        "two databases use one identity: one of the two hosts was copied",
        remedy: "move the state directory of the copy away and sync: its files are kept")
    }
  }

  func hearsKept() -> Bool {
    while let frame = try? channel.receive(), let message = try? decoded(frame) {
      if message == .kept { return true }
      if message != .alive { return false }
    }
    return false
  }
}
