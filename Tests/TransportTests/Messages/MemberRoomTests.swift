import Model
import TestKit
import Testing
import Transport

@Suite struct `What a greeting tells of others` {
  /// Members that each know other events, of as many replicas.
  private func members(_ count: Int, replicas: Int) -> [KnownMember] {
    let all = (0..<replicas).map { ReplicaID(high: 1, low: UInt64($0) + 1) }
    return (0..<count).map { number in
      let entries = all.map {
        VersionVector.Entry(replica: $0, sequence: Dot.sequenceLimit - UInt64(number))
      }
      return KnownMember(
        host: "host-\(10_000 + number)", replica: ReplicaID(high: 2, low: UInt64(number)),
        knowledge: VersionVector(sorted: entries) ?? VersionVector())
    }
  }

  private func frame(_ members: [KnownMember]) -> Int {
    var greeting = Sample.greeting
    greeting.groups[0].members = members
    return Message.greeting(greeting).encoded.count
  }

  @Test func `is all of it where there is room`() {
    let few = members(20, replicas: 20)
    #expect(few.fitting(Limits.memberBytes, beside: VersionVector(), turn: 7) == few)
    #expect([KnownMember]().fitting(0, beside: VersionVector(), turn: 7) == [])
  }

  @Test func `fits into a frame, and everybody has a turn`() {
    let all = members(600, replicas: 100)
    #expect(frame(all) > Limits.frameBytes)
    var told: Set<String> = []
    for turn in 0..<UInt64(all.count) {
      let some = all.fitting(Limits.memberBytes, beside: VersionVector(), turn: turn)
      #expect(some.map(\.host) == some.map(\.host).sorted())
      told.formUnion(some.map(\.host))
      if turn % 100 == 0 {
        let bytes = frame(some)
        #expect(bytes < Limits.memberBytes + 1_000 && bytes > Limits.memberBytes / 2)
      }
    }
    #expect(told.count == all.count)
  }

  @Test func `leaves nobody out for what was said before`() {
    var all = members(600, replicas: 100)
    let own = all[0].knowledge
    for place in all.indices.dropFirst() { all[place].knowledge = own }
    #expect(all.fitting(Limits.memberBytes, beside: own, turn: 3) == all)
  }
}
