import Model
import TestKit
import Testing
import Transport

private let a = ReplicaID(high: 1, low: 0)
private let b = ReplicaID(high: 2, low: 0)

/// A greeting of `own`, which remembers the other side.
private func greeting(
  _ own: ReplicaID, last: UInt64 = 9, knows: [(ReplicaID, UInt64)] = [], met: ReplicaID? = nil,
  count: UInt64 = 0, nonces: [UInt8] = [], confirmed: UInt8? = nil, retired: [RetiredReplica] = []
) -> Greeting {
  var knowledge = VersionVector()
  for (replica, sequence) in knows { knowledge.insert(Sample.dot(replica, sequence)) }
  return Greeting(
    purpose: .synchronise, look: .everything, replica: own, last: last,
    meeting: Meeting(
      peerReplica: met, count: count, nonces: nonces.map { [$0] },
      confirmed: confirmed.map { [$0] } ?? [], fresh: [0]),
    groups: [
      GroupGreeting(
        configuration: .zero, refusal: "", knowledge: knowledge, replicas: [], exchanged: [],
        members: [], retired: retired)
    ], ownHost: "h", seconds: 0)
}

@Suite struct `Two memories of former meetings` {
  private func both(_ left: Greeting, _ right: Greeting) -> [String] {
    [MeetingJudgement.judge(mine: left, theirs: right), .judge(mine: right, theirs: left)].map {
      switch $0 {
      case .fine: "fine"
      case .iAmOutdated: "mine"
      case .peerIsOutdated: "theirs"
      case .twins: "twins"
      case .iAmRetired: "I am retired"
      case .peerIsRetired: "it is retired"
      }
    }
  }

  @Test func `refuse a side that was retired, whoever knows of it, before anything else`() {
    let gone = RetiredReplica(replica: b, host: "b", last: 1, seconds: 1, by: "a")
    let refused = ["it is retired", "I am retired"]
    #expect(both(greeting(a, retired: [gone]), greeting(b)) == refused)
    #expect(both(greeting(a), greeting(b, retired: [gone])) == refused)
    #expect(both(greeting(a, knows: [(b, 99)], retired: [gone]), greeting(b)) == refused)
    let other = RetiredReplica(
      replica: ReplicaID(high: 9, low: 9), host: "b", last: 1, seconds: 1, by: "a")
    #expect(both(greeting(a, retired: [other]), greeting(b)) == ["fine", "fine"])
  }

  @Test func `agree at the first meeting and at the next`() {
    #expect(both(greeting(a), greeting(b)) == ["fine", "fine"])
    #expect(
      both(
        greeting(a, met: b, count: 3, nonces: [3, 2], confirmed: 3),
        greeting(b, met: a, count: 3, nonces: [3, 2], confirmed: 3)) == ["fine", "fine"])
  }

  @Test func `agree where one has lost the end of a session, however often`() {
    for count in [4, 5, 9] as [UInt64] {
      #expect(
        both(
          greeting(a, met: b, count: count, nonces: [9, 8, 7, 3], confirmed: 3),
          greeting(b, met: a, count: 3, nonces: [3, 2], confirmed: 3)) == ["fine", "fine"])
    }
  }

  @Test func `agree after sessions that ran at once`() {
    #expect(
      both(
        greeting(a, met: b, count: 5, nonces: [5, 4, 3], confirmed: 4),
        greeting(b, met: a, count: 5, nonces: [4, 5, 3], confirmed: 3)) == ["fine", "fine"])
  }

  @Test func `show whose database is older`() {
    #expect(
      both(
        greeting(a, met: b, count: 5, nonces: [5, 4, 3], confirmed: 4),
        greeting(b, met: a, count: 3, nonces: [3, 2], confirmed: 3)) == ["theirs", "mine"])
    #expect(both(greeting(a, last: 4), greeting(b, knows: [(a, 5)])) == ["mine", "theirs"])
    #expect(both(greeting(a, last: 5), greeting(b, knows: [(a, 5)])) == ["fine", "fine"])
  }

  @Test func `show two databases with one identity`() {
    #expect(
      both(
        greeting(a, met: b, count: 5, nonces: [5, 3], confirmed: 5),
        greeting(b, met: a, count: 5, nonces: [6, 3], confirmed: 6)) == ["twins", "twins"])
  }

  @Test func `say nothing about a side that has another identity by now`() {
    #expect(
      both(
        greeting(a, met: ReplicaID(high: 7, low: 7), count: 5, nonces: [5], confirmed: 5),
        greeting(b, met: a, count: 3, nonces: [3], confirmed: 3)) == ["fine", "fine"])
  }

  /// Both ends of session after session are lost on one side: no new identity is due.
  @Test func `outlive sessions whose end is lost on one side`() throws {
    let hosts = ["a", "b"]
    let left = MemoryHost("a", number: 1, hosts: hosts)
    let right = MemoryHost("b", number: 2, hosts: hosts)
    var pump = SessionPump(seed: 1)
    #expect(pump.run(left, right).end == .complete)
    for round in 1...40 as ClosedRange<UInt64> {
      for cut in 4...8 {
        var pump = SessionPump(seed: round)
        pump.cutAfter = cut
        let end = pump.run(left, right).end
        #expect(end == .complete || end == .cut, "round \(round), cut after \(cut)")
      }
    }
    #expect(left.renewals + right.renewals == 0)
  }
}
