import Model
import TestKit
import Transport

/// One edit on its way through a fleet, by the choice that the program makes (`Fanout`).
///
/// Who has the edit meets its peers, as many at a time as the program does; in a meeting both tell
/// what they know of the others, as greetings do. Who was told hands on to those of its peers that
/// it does not know to have it.
struct FleetSimulation {
  /// Milliseconds of a meeting: connecting, greetings, records and content over a line of 40 ms.
  static let meeting = 250
  /// Milliseconds until a host that does not answer is given up.
  static let deadline = 10_000
  /// Meetings of one host at a time.
  static let limit = 64

  /// What it took until nobody had anything to do any more.
  struct Result {
    var reached = 0
    var meetings = 0
    /// Meetings in which somebody was told.
    var useful = 0
    /// Calls that nobody answered.
    var calls = 0
    /// Most meetings of one host.
    var most = 0
    /// Milliseconds until the last host had it.
    var told = 0
    /// Most meetings in a row on the way to a host.
    var steps = 0
  }

  private struct Host {
    var isAlive = true
    var hasIt = false
    var steps = 0
    var meetings = 0
    var isHandingOn = false
    var fanout: Fanout?
    var waiting: [Int] = []
    var running = 0
    /// Who is known to have it.
    var known = Marks()
  }

  /// A set of hosts.
  private struct Marks {
    private var words: [UInt64] = []

    func contains(_ number: Int) -> Bool {
      words.count > number / 64 && words[number / 64] >> (number % 64) & 1 == 1
    }

    mutating func insert(_ number: Int) {
      while words.count <= number / 64 { words.append(0) }
      words[number / 64] |= 1 << (number % 64)
    }

    mutating func form(_ other: Marks) {
      while words.count < other.words.count { words.append(0) }
      for place in other.words.indices { words[place] |= other.words[place] }
    }
  }

  private struct Event {
    var time: Int
    var from: Int
    var to: Int
  }

  private let names: [String]
  private let count: Int?
  private var hosts: [Host]
  private var events: [Int: [Event]] = [:]
  private var result = Result()

  /// - Parameter count: The fanout; nil: the first host meets all, and nobody hands on.
  init(hosts size: Int, fanout count: Int?, deadPercent: Int, seed: UInt64) {
    names = (0..<size).map { "host-" + String("\(10_000 + $0)".dropFirst()) }
    self.count = count
    hosts = Array(repeating: Host(), count: size)
    var dice = SessionDice(seed)
    let dead = Array(1..<size).shuffled(using: &dice).prefix(size * deadPercent / 100)
    for number in dead { hosts[number].isAlive = false }
  }

  var alive: Int { hosts.count { $0.isAlive } }

  mutating func run() -> Result {
    hosts[0].hasIt = true
    hosts[0].known.insert(0)
    begin(0, at: 0)
    while let time = events.keys.min() {
      for event in events.removeValue(forKey: time) ?? [] { end(event) }
    }
    result.reached = hosts.count { $0.hasIt }
    result.most = hosts.map(\.meetings).max() ?? 0
    return result
  }

  private mutating func begin(_ own: Int, at time: Int) {
    hosts[own].isHandingOn = true
    let first: [String]
    if let count {
      var fanout = Fanout(of: names[own], among: names, count)
      first = fanout.first()
      hosts[own].fanout = fanout
    } else {
      first = names.filter { $0 != names[own] }
    }
    call(first, from: own, at: time)
  }

  private mutating func call(_ peers: [String], from own: Int, at time: Int) {
    let known = hosts[own].known
    hosts[own].waiting += peers.compactMap { number(of: $0) }.filter { !known.contains($0) }
    start(own, at: time)
  }

  private mutating func start(_ own: Int, at time: Int) {
    while hosts[own].running < Self.limit, !hosts[own].waiting.isEmpty {
      let peer = hosts[own].waiting.removeFirst()
      hosts[own].running += 1
      let end = time + (hosts[peer].isAlive ? Self.meeting : Self.deadline)
      events[end, default: []].append(Event(time: end, from: own, to: peer))
    }
  }

  private mutating func end(_ event: Event) {
    let (own, peer) = (event.from, event.to)
    hosts[own].running -= 1
    if hosts[peer].isAlive {
      meet(own, peer, at: event.time)
    } else {
      result.calls += 1
      let others = hosts[own].fanout?.replacing(names[peer]) ?? []
      call(others, from: own, at: event.time)
    }
    start(own, at: event.time)
  }

  private mutating func meet(_ own: Int, _ peer: Int, at time: Int) {
    result.meetings += 1
    hosts[own].meetings += 1
    hosts[peer].meetings += 1
    if !hosts[peer].hasIt {
      hosts[peer].hasIt = true
      hosts[peer].steps = hosts[own].steps + 1
      result.useful += 1
      result.told = max(result.told, time)
      result.steps = max(result.steps, hosts[peer].steps)
    }
    hosts[own].known.form(hosts[peer].known)
    hosts[own].known.insert(own)
    hosts[own].known.insert(peer)
    hosts[peer].known = hosts[own].known
    if count != nil, !hosts[peer].isHandingOn { begin(peer, at: time) }
  }

  private func number(of name: String) -> Int? { Int(name.dropFirst(5)) }

  /// Bytes of one greeting in a group of so many hosts, a few of which edit.
  static func greetingBytes(hosts size: Int, editors: Int) -> Int {
    var chance = SessionDice(7)
    let replicas = (0..<size).map { _ in ReplicaID(high: chance.next(), low: chance.next()) }
    var knowledge = VersionVector()
    for replica in replicas.prefix(editors) {
      if let dot = Dot(replica, 1) { knowledge.insert(dot) }
    }
    let names = (0..<size).map { "host-" + String("\(10_000 + $0)".dropFirst()) }
    let members = zip(names, replicas).map {
      KnownMember(host: $0, replica: $1, knowledge: knowledge)
    }
    let greeting = Greeting(
      purpose: .synchronise, look: .parts([[]]), replica: replicas[0], last: 1,
      meeting: Meeting(
        peerReplica: nil, count: 0, nonces: [], confirmed: [],
        fresh: [UInt8](repeating: 0, count: 16)),
      groups: [
        GroupGreeting(
          configuration: memoryDigest([]), refusal: "", knowledge: knowledge,
          replicas: zip(names, replicas).map { KnownReplica(replica: $1, host: $0) },
          exchanged: [], members: members, retired: [])
      ], ownHost: names[0], seconds: 0)
    return Message.greeting(greeting).encoded.count
  }
}
