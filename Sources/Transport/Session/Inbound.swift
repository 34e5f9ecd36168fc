package import Model

/// What this side makes of what the peer sends: joins records, asks for content, installs it. Used
/// by the receiving thread alone.
package final class Inbound {
  /// What a message led to.
  package struct Reaction {
    /// Messages to send, in order, before anything of one's own accord.
    package var messages: [Message] = []
    /// Questions of the peer, for `Outbound`.
    package var requests: [Want] = []
  }

  let ledger: any Ledger
  /// For everything but installing.
  let disk: any Disk
  /// What is ready is installed with this one, beside what still arrives.
  let installerDisk: any Disk
  let sideline: any Sideline
  /// What was handed over to be installed and not taken down yet.
  var installing: Installing?
  /// Bytes of the contents that this session has come upon and that were not here.
  var wantedBytes: UInt64 = 0
  /// How many contents this session has released.
  var ownReleases = 0
  let surroundings: any Surroundings
  let peer: String
  let groups: [SessionGroup]
  package let mine: Greeting
  package let theirs: Greeting
  let limits: Keeping

  var fetch: Fetch
  var comparison: Comparer?
  /// Texts of the peer's that are asked for in a comparison; nil: none.
  var texts: PeerTexts?
  private(set) var recordsEnded: Set<Int> = []
  private var answersEnded: Set<Int> = []
  private let open: Set<Int>
  private var integrators: [Int: Integrator] = [:]
  private(set) var isDoneHere = false
  package private(set) var peerSummary: Summary?
  /// What the peer's configuration says of groups in which the two differ.
  package internal(set) var peerConfigurations: [Int: String] = [:]
  /// What changed on this disk.
  package internal(set) var report = ApplyReport()
  /// Conflicts that this session has brought.
  package private(set) var newConflicts = 0
  /// What each side would do, in a forecast.
  package private(set) var forecasts: [(host: String, group: String, Forecast)] = []
  var ownForecastsSent = false
  /// How many texts are still kept for merges as they are installed.
  var textBudget = Keeper.atOnce

  package init(
    ledger: any Ledger, disk: any Disk, surroundings: any Surroundings, peer: String,
    groups: [SessionGroup], mine: Greeting, theirs: Greeting, isListingClient: Bool,
    wantsTexts: Bool = false, limits: Keeping = Keeping(), pace: Pace = Pace(),
    installerDisk: (any Disk)? = nil, sideline: any Sideline = OwnLine()
  ) {
    if isListingClient, wantsTexts { texts = PeerTexts() }
    self.limits = limits
    self.ledger = ledger
    self.disk = disk
    self.installerDisk = installerDisk ?? disk
    self.sideline = sideline
    self.surroundings = surroundings
    self.peer = peer
    self.groups = groups
    self.mine = mine
    self.theirs = theirs
    open = Set(groups.indices.filter { isOpen(mine, theirs, $0) })
    fetch = Fetch(groups: groups, open: open, pace: pace)
    if isListingClient { comparison = Comparer(groups: groups) }
  }

  /// Whether both sides want nothing more.
  package var isOver: Bool { isDoneHere && peerSummary != nil }

  /// Before the first message: what was left from earlier sessions.
  package func begin() throws(Failure) -> Reaction {
    var reaction = Reaction()
    if mine.purpose == .synchronise {
      try learnReplicas()
      try advance(&reaction)
    } else if mine.purpose == .verify {
      if comparison == nil { finish(Summary(), &reaction) }
      if open.isEmpty, comparison != nil { finish(Summary(), &reaction) }
    } else {
      try learnReplicas()
      try advance(&reaction)
    }
    return reaction
  }

  package func handle(_ message: Message) throws(Failure) -> Reaction {
    var reaction = Reaction()
    switch message {
    case .alive: break
    case .greeting, .kept: throw fault("a greeting or an end out of turn")
    case .stop(let reason): throw stopFailure(reason, peer)
    case .configuration(let group, let text): try take(text, of: group)
    case .records(let group, let batch): try integrate(batch, try checked(group), &reaction)
    case .history(let group, let paths, let stamps):
      try keep(paths, stamps, try checked(group))
    case .recordsEnd(let group): try endRecords(try checked(group), &reaction)
    case .answersEnd(let group): try endAnswers(try checked(group))
    case .want(let wants): reaction.requests = try checked(wants)
    case .content(let pieces) where texts != nil: try takeTexts(pieces, &reaction)
    case .content(let pieces): try take(pieces)
    case .listing(let group, let rows):
      let group = try checked(group)
      let known = differences.count
      try compare(rows, group)
      askForTexts(of: rows, group, since: known, &reaction)
    case .listingEnd(let group): try endListing(try checked(group), &reaction)
    case .forecast(let group, let deeds):
      let name = groups[try checked(group)].name
      forecasts += deeds.map { (peer, name, $0) }
    case .done(let summary):
      guard peerSummary == nil else { throw fault("a second end") }
      for refusal in summary.refusals { _ = try checked(refusal.group) }
      peerSummary = summary
    }
    if mine.purpose != .verify { try advance(&reaction) }
    return reaction
  }

  // MARK: Records

  private func integrate(
    _ batch: [PathRecord], _ group: Int, _ reaction: inout Reaction
  ) throws(Failure) {
    guard !isComplete(group) else { throw fault("records after their end") }
    for item in batch where !groups[group].selection.includes(item.path) {
      throw fault("\(item.path) is not in group \(groups[group].name)")
    }
    let configured = groups[group].group
    let peer = peer
    let known = integrators[group]
    let (integrator, outcome) = try ledger.with {
      store throws(Failure) -> (Integrator, Integrator.Outcome) in
      let integrator: Integrator
      if let known {
        integrator = known
      } else {
        integrator = try Integrator(
          store: store, group: configured, peer: peer, recording: recording(group))
      }
      return (integrator, try integrator.integrate(batch))
    }
    integrators[group] = integrator
    newConflicts += outcome.conflicts.count
    if !outcome.answers.isEmpty {
      reaction.messages.append(.records(group: group, outcome.answers))
    }
    if let first = batch.first { fetch.wake(group, from: first.path) }
  }

  private func endRecords(_ group: Int, _ reaction: inout Reaction) throws(Failure) {
    guard recordsEnded.insert(group).inserted else { throw fault("a second end of records") }
    reaction.messages.append(.answersEnd(group: group))
    try complete(group)
  }

  private func endAnswers(_ group: Int) throws(Failure) {
    guard answersEnded.insert(group).inserted else { throw fault("a second end of answers") }
    try complete(group)
  }

  /// Whether everything that the peer knows of the group has been taken in. Its answers may end
  /// before its own records do: they answer this side's.
  private func isComplete(_ group: Int) -> Bool {
    recordsEnded.contains(group) && answersEnded.contains(group)
  }

  /// The exchange of one group is complete: this host now knows what the peer knew.
  private func complete(_ group: Int) throws(Failure) {
    guard isComplete(group) else { return }
    try mergeKnowledge(group)
    fetch.wake()
  }

  // MARK: The straight way to the end

  /// Whether everything that the peer knows has been taken in.
  private var isExchanged: Bool { open.allSatisfy { isComplete($0) } }

  /// Installs what is complete, asks for what is missing, and ends when nothing is left.
  private func advance(_ reaction: inout Reaction) throws(Failure) {
    guard !isDoneHere else { return }
    if mine.purpose == .forecast {
      guard isExchanged else { return }
      try forecast(&reaction)
      finish(Summary(), &reaction)
      return
    }
    if mine.purpose == .adopt {
      guard isExchanged else { return }
      finish(try summary(), &reaction)
      return
    }
    var wants = try fetchMore(isExchanged: isExchanged)
    // What another session of this host fetches at the moment has to be here before this one ends:
    // its end says that this disk follows.
    while wants.isEmpty, isExchanged, fetch.isIdle, !fetch.elsewhere.isEmpty, fetch.waits < 20 {
      if !ledger.awaitRelease(after: fetch.releasesBefore) { fetch.waits += 1 }
      fetch.retryElsewhere()
      wants = try fetchMore(isExchanged: isExchanged)
    }
    if !wants.isEmpty { reaction.messages.append(.want(wants)) }
    guard isExchanged, fetch.isIdle else { return }
    // Who hears the end takes it that this host knows what it was told.
    try ledger.with { store throws(Failure) in try store.makeLasting() }
    finish(try summary(), &reaction)
  }

  func finish(_ summary: Summary, _ reaction: inout Reaction) {
    isDoneHere = true
    reaction.messages.append(.done(summary))
  }

  private func forecast(_ reaction: inout Reaction) throws(Failure) {
    for group in open.sorted() {
      let deeds = try forecast(group)
      forecasts += deeds.map { (mine.ownHost, groups[group].name, $0) }
      for start in stride(from: 0, to: deeds.count, by: 500) {
        let part = Array(deeds[start..<min(start + 500, deeds.count)])
        reaction.messages.append(.forecast(group: group, part))
      }
    }
  }

  private func endListing(_ group: Int, _ reaction: inout Reaction) throws(Failure) {
    guard var comparison else { throw fault("a listing that was not asked for") }
    try comparison.end(group, ledger)
    self.comparison = comparison
    recordsEnded.insert(group)
    endComparison(&reaction)
  }

  /// The end of a comparison, once all is listed and no text is on its way.
  func endComparison(_ reaction: inout Reaction) {
    if recordsEnded == open, texts?.isIdle ?? true { finish(Summary(), &reaction) }
  }

  private func compare(_ rows: [ListingRow], _ group: Int) throws(Failure) {
    guard var comparison else { throw fault("a listing that was not asked for") }
    try comparison.take(rows, group, ledger)
    self.comparison = comparison
  }

  // MARK: Bounds

  private func checked(_ group: Int) throws(Failure) -> Int {
    guard open.contains(group) else { throw fault("a group that is not open") }
    return group
  }

  private func checked(_ wants: [Want]) throws(Failure) -> [Want] {
    for want in wants { _ = try checked(want.group) }
    return wants
  }

  func fault(_ what: String) -> Failure {
    Failure(
      .protocolFault, escaped(peer), "the session was ended", "it sent \(what)",
      remedy: "use the same release of concord on both hosts")
  }

  /// What the peer gets for asking more than a session can hold.
  package var tooMuch: Failure { fault("more questions than are answered at a time") }

  package var differences: [Difference] { comparison?.differences ?? [] }
  package var peerTexts: [PeerText] { texts?.done ?? [] }

  /// Contents that will not come any more in this session: others may fetch them.
  package func releaseClaims() {
    sideline.wait()
    for (group, paths) in fetch.claimed {
      for path in paths { ledger.release(groups[group].name, path) }
    }
    fetch.claimed = [:]
    releaseGates()
  }
}

/// A peer's last word, as a failure.
package func stopFailure(_ reason: StopReason, _ peer: String) -> Failure {
  let text = escaped(reason.text)
  let place = escaped(peer)
  return switch reason.kind {
  case .fault: Failure(.protocolFault, place, "it ended the session", text)
  case .trouble: Failure(.unavailable, place, "it ended the session", text)
  case .renewed: Failure(.busy, place, "it has taken a new identity", text, remedy: "sync again")
  case .outdated, .twins, .refused:
    Failure(.permission, place, "it ended the session", text)
  }
}
