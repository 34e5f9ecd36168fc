import Model
import Transport

/// One end of a session: what `SessionRun` and `SendLoop` do with threads, without threads.
final class SessionSide {
  let isCaller: Bool
  private let host: MemoryHost
  private let peer: String
  private let purpose: Purpose
  private let ledger: MemoryLedger
  private let surroundings: MemorySurroundings
  private(set) var inbound: Inbound?
  private var outbound: Outbound?
  private var mine: Greeting?
  private var theirs: Greeting?
  private var messages: [Message] = []
  private var requests: [Want] = []
  private var hasRemembered = false
  /// Frames that have not arrived yet.
  var wire: [[UInt8]] = []

  init(_ host: MemoryHost, _ peer: String, isCaller: Bool, _ purpose: Purpose) {
    self.host = host
    self.peer = peer
    self.isCaller = isCaller
    self.purpose = purpose
    surroundings = host.freshSurroundings()
    ledger = purpose == .synchronise ? host.ledger : MemoryLedger(host.store.copy())
  }

  var isOver: Bool { inbound?.isOver ?? false }

  func begin(_ mine: Greeting, _ theirs: Greeting) throws(Failure) {
    self.mine = mine
    self.theirs = try Self.carried(theirs)
    let isVerify = purpose == .verify
    outbound = Outbound(
      ledger: ledger, disk: host.disk, groups: [host.group], mine: mine, theirs: theirs,
      isListing: isVerify && !isCaller)
    let inbound = Inbound(
      ledger: ledger, disk: host.disk, surroundings: surroundings, peer: peer,
      groups: [host.group], mine: mine, theirs: theirs, isListingClient: isVerify && isCaller,
      limits: host.limits, pace: host.pace,
      sideline: LateLine(seed: UInt64(surroundings.randomBytes(1)[0])))
    self.inbound = inbound
    try react(try inbound.begin())
  }

  private static func carried(_ greeting: Greeting) throws(Failure) -> Greeting {
    guard case .greeting(let same)? = try? Message(encoded: Message.greeting(greeting).encoded)
    else { throw Failure(.protocolFault, "pump", "no greeting", "it cannot be read") }
    return same
  }

  /// What goes out next: answers first.
  func nextMessage() throws(Failure) -> Message? {
    if !messages.isEmpty { return messages.removeFirst() }
    return try outbound?.next(&requests)
  }

  func receive(_ frame: [UInt8]) throws(Failure) {
    let message: Message
    do {
      message = try Message(encoded: frame)
    } catch {
      throw Failure(.protocolFault, peer, "the session was ended", "\(error)")
    }
    guard let inbound else { return }
    try react(try inbound.handle(message))
  }

  private func react(_ reaction: Inbound.Reaction) throws(Failure) {
    guard let inbound else { return }
    guard reaction.requests.count + requests.count <= Limits.openWants else {
      throw inbound.tooMuch
    }
    messages += reaction.messages
    requests += reaction.requests
    if inbound.isOver, !hasRemembered, purpose == .synchronise {
      hasRemembered = true
      try remember()
    }
  }

  // MARK: As `SessionRun` does

  func greeting() throws(Failure) -> Greeting {
    let (store, group) = (ledger.store, host.group)
    let state = try store.replicaState()
    let known = try store.peer(peer) ?? PeerState(name: peer)
    var replicas = try store.replicas(group.name)
      .map { KnownReplica(replica: $0.replica, host: $0.host) }
    if !replicas.contains(where: { $0.replica == state.replica }) {
      replicas.append(KnownReplica(replica: state.replica, host: host.name))
    }
    let members = try store.members(group.name)
    let greeting = GroupGreeting(
      configuration: group.configuration, refusal: "",
      knowledge: try store.knowledge(group.name),
      replicas: replicas.sorted { $0.replica < $1.replica },
      exchanged: members.first { $0.host == peer }?.exchangedReplicas ?? [],
      members: members.compactMap { member in
        guard let replica = member.replica, let knowledge = member.knowledge else { return nil }
        return KnownMember(host: member.host, replica: replica, knowledge: knowledge)
      }.sorted { $0.host < $1.host },
      retired: try store.retired(group.name))
    return Greeting(
      purpose: purpose, look: .everything, replica: state.replica, last: state.last,
      meeting: Meeting(
        peerReplica: known.replica, count: known.meetings,
        nonces: Meeting.nonces(known.nonces) ?? [], confirmed: known.confirmed,
        fresh: surroundings.randomBytes(16)),
      groups: [greeting], ownHost: host.name, seconds: UInt64(surroundings.now().seconds))
  }

  /// Both sides have kept the session, and have told each other.
  func confirm() throws(Failure) {
    guard hasRemembered, var known = try ledger.store.peer(peer) else { return }
    known.confirmed = Array(known.nonces.prefix(Meeting.nonceBytes))
    try ledger.store.put(known)
  }

  private func remember() throws(Failure) {
    guard let mine, let theirs else { return }
    let parts =
      isCaller
      ? mine.meeting.fresh + theirs.meeting.fresh : theirs.meeting.fresh + mine.meeting.fresh
    let store = ledger.store
    try store.transaction { () throws(Failure) in
      var known = try store.peer(peer) ?? PeerState(name: peer)
      if known.replica != theirs.replica { (known.nonces, known.confirmed) = ([], []) }
      let nonce = Array(memoryDigest(parts).bytes.prefix(Meeting.nonceBytes))
      known.nonces = Array(
        (nonce + known.nonces).prefix(Meeting.memory * Meeting.nonceBytes))
      known.meetings = max(known.meetings, mine.meeting.count, theirs.meeting.count) + 1
      known.replica = theirs.replica
      try store.put(known)
      if var member = try store.member(peer, host.group.name), member.replica == theirs.replica,
        let told = member.knowledge
      {
        member.knowledge = told.merging(mine.groups[0].knowledge)
        try store.put(member, host.group.name)
      }
      var state = try store.replicaState()
      let seen = theirs.groups.map { $0.knowledge[mine.replica] }.max() ?? 0
      if state.replica == mine.replica, seen > state.confirmed {
        state.confirmed = seen
        try store.setReplicaState(state)
      }
    }
  }
}
