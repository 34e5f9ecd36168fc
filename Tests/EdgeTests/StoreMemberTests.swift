import Model
import TestKit
import Testing

@testable import ModelEdge

@Suite struct `A store of members` {
  private let scratch = StateScratch()

  private func retired(_ number: UInt64, _ last: UInt64) -> RetiredReplica {
    RetiredReplica(
      replica: ReplicaID(high: number, low: 1), host: "h\(number)", last: last,
      seconds: 1_700_000_000, by: "a")
  }

  private func expectSame(_ store: any Store) throws(Failure) {
    let facts = [retired(3, 0), retired(1, Dot.sequenceLimit), retired(2, 5)]
    for fact in facts { try store.put(fact, "web") }
    try store.put(retired(2, 6), "web")
    let expected = [retired(1, Dot.sequenceLimit), retired(2, 6), retired(3, 0)]
    #expect(try store.retired("web") == expected)
    #expect(try store.retired("mail").isEmpty)
  }

  @Test func `keeps who was retired, in memory and on the disk`() throws {
    try expectSame(MemoryStore(replica: someReplica))
    let store = try openState(scratch).store
    try expectSame(store)
    store.close()
    #expect(try openState(scratch).store.retired("web").map(\.last) == [Dot.sequenceLimit, 6, 0])
  }

  @Test func `undoes it with its transaction`() throws {
    let stores: [any Store] = [MemoryStore(replica: someReplica), try openState(scratch).store]
    for store in stores {
      _ = failure { () throws(Failure) in
        try store.transaction { () throws(Failure) in
          try store.put(retired(1, 1), "web")
          throw Failure(.usage, "p", "a", "r")
        }
      }
      #expect(try store.retired("web").isEmpty)
    }
  }

  @Test(arguments: [nil, 0, -7_200, .max] as [Int64?])
  func `keeps how far a clock is off`(skew: Int64?) throws {
    let store = try openState(scratch).store
    var peer = PeerState(name: "b")
    peer.skewSeconds = skew
    try store.put(peer)
    store.close()
    #expect(try openState(scratch).store.peer("b")?.skewSeconds == skew)
  }

  @Test func `says what it is when it is looked at closely`() throws {
    let store = try openState(scratch).store
    let facts = try store.examine()
    #expect(facts.verdict == "ok" && facts.schema == Schema.version && facts.hasWitness)
    #expect(facts.bytes > 4_096)
  }
}

@Suite struct `A probe` {
  private let scratch = StateScratch()

  @Test func `tells what a directory can do and leaves nothing behind`() throws {
    let path = Array(scratch.path.utf8)
    #expect(Probe.safeOpening() == nil)
    #expect(Probe.exchange(in: path) == nil)
    #expect(Probe.room(path).map { $0.free <= $0.all } == true)
    #expect(Probe.device(path) != nil)
    #expect(shell("test -z \"$(ls -A '\(scratch.path)')\"") == 0)
  }

  @Test func `gives the reason for what cannot be`() {
    let none = Array("\(scratch.path)/none".utf8)
    #expect(Probe.exchange(in: none) == "no such file or directory")
    #expect(Probe.unnamedFiles(in: none) == "no such file or directory")
    #expect(Probe.room(none) == nil && Probe.device(none) == nil)
    #expect(Probe.exchange(in: Array("/proc".utf8)) != nil)
  }
}
