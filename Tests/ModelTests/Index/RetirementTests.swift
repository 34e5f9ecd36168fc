import Model
import TestKit
import Testing

private func memberDot(_ replica: ReplicaID, _ sequence: UInt64) -> Dot {
  Dot(replica, sequence) ?? Dot(replica, 1).unsafelyUnwrapped
}

/// A host is struck by its replicas, not by its name.
@Suite struct `A retired host` {
  private let a = MemoryHost("a", number: 1, hosts: ["a", "b", "c"])
  private let first = ReplicaID(high: 2 << 32, low: 7)
  private let second = ReplicaID(high: 2 << 32, low: 8)
  private var store: MemoryStore { a.store }

  private func fact(_ seconds: UInt64, by: String, last: UInt64) -> RetiredReplica {
    RetiredReplica(replica: first, host: "b", last: last, seconds: seconds, by: by)
  }

  /// A deletion that this host has made and the others were not told of.
  private func tombstone(_ path: String, _ sequence: UInt64) throws {
    let own = try store.replicaState().replica
    var record = Record(vector: VersionVector())
    record.vector.insert(memberDot(own, sequence))
    record.content = Register(memberDot(own, sequence), Content.absent)
    var entry = Entry(path: memoryPath(path), record: record)
    entry.refresh()
    try store.put(entry, "g")
    var knowledge = try store.knowledge("g")
    knowledge.insert(memberDot(own, sequence))
    try store.setKnowledge(knowledge, "g")
  }

  private func know(_ host: String, _ knowledge: VersionVector) throws {
    var member = MemberState(host: host)
    member.knowledge = knowledge
    try store.put(member, "g")
  }

  private func isRetired(_ host: String) throws -> Bool {
    try Retirement.hosts("g", store: store).contains(host)
  }

  @Test func `is struck with every replica and the last number that is known of each`() throws {
    try store.learnReplica(first, host: "b", group: "g")
    try store.learnReplica(second, host: "b", group: "g")
    var knowledge = VersionVector()
    knowledge.insert(memberDot(first, 41))
    try store.setKnowledge(knowledge, "g")
    let struck = try Retirement.run("b", "g", by: "a", seconds: 5, store: store)
    #expect(struck.map(\.replica) == [first, second] && struck.map(\.last) == [41, 0])
    #expect(struck.allSatisfy { $0.by == "a" && $0.seconds == 5 && $0.host == "b" })
    #expect(try store.retired("g") == struck)
    #expect(try isRetired("b"))
    #expect(try Retirement.run("b", "g", by: "c", seconds: 6, store: store).isEmpty)
    #expect(try store.retired("g") == struck, "said again, it says nothing new")
  }

  @Test func `of which nothing was heard cannot be struck`() throws {
    #expect(try Retirement.run("b", "g", by: "a", seconds: 5, store: store).isEmpty)
    #expect(try !isRetired("b"))
  }

  @Test func `takes part again with a new replica`() throws {
    try store.learnReplica(first, host: "b", group: "g")
    _ = try Retirement.run("b", "g", by: "a", seconds: 5, store: store)
    #expect(try isRetired("b"))
    try store.learnReplica(second, host: "b", group: "g")
    #expect(try !isRetired("b"))
  }

  @Test func `is the same fact on all hosts, in whatever order they hear of it`() throws {
    let said = [fact(5, by: "c", last: 9), fact(4, by: "d", last: 3), fact(4, by: "c", last: 7)]
    let expected = fact(4, by: "c", last: 9)
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [1, 0, 2]] {
      let host = MemoryHost("a", number: 1, hosts: ["a", "b"])
      for place in order { try Retirement.learn([said[place]], "g", store: host.store) }
      #expect(try host.store.retired("g") == [expected], "\(order)")
    }
    #expect(expected.joined(expected) == expected)
  }

  @Test func `blocks no collection, and one that was only away does`() throws {
    try tombstone("/w/gone", 1)
    try know("c", try store.knowledge("g"))
    try know("b", VersionVector())
    try store.learnReplica(first, host: "b", group: "g")
    #expect(try a.collect() == 0)
    let blockers = try TombstoneCollection.blockers("g", others: ["b", "c"], store: store)
    #expect(blockers == [CollectionBlocker(host: "b", tombstones: 1)])
    _ = try Retirement.run("b", "g", by: "a", seconds: 5, store: store)
    #expect(try TombstoneCollection.blockers("g", others: ["b", "c"], store: store).isEmpty)
    #expect(try a.collect() == 1)
  }

  @Test func `leaves those that were never met to block, and they are counted`() throws {
    try tombstone("/w/gone", 1)
    try tombstone("/w/more", 2)
    var knowledge = VersionVector()
    knowledge.insert(memberDot(try store.replicaState().replica, 1))
    try know("c", knowledge)
    #expect(try a.collect() == 0)
    #expect(
      try TombstoneCollection.blockers("g", others: ["b", "c"], store: store) == [
        CollectionBlocker(host: "b", tombstones: 2), CollectionBlocker(host: "c", tombstones: 1),
      ])
  }
}

@Suite struct `Rejoining` {
  @Test func `forgets what was known, keeps records and files, renames what none confirmed`()
    throws
  {
    let host = MemoryHost("a", number: 1, hosts: ["a", "b"])
    host.tree.write(memoryPath("/w/sure"), "1")
    try host.scan()
    var state = try host.store.replicaState()
    let former = state.replica
    state.confirmed = state.last
    try host.store.setReplicaState(state)
    host.tree.write(memoryPath("/w/unsure"), "2")
    try host.scan()
    #expect(try host.store.replicaState().last > state.confirmed)
    try host.rejoin()
    let now = try host.store.replicaState()
    #expect(now.replica != former && now.confirmed == 0)
    let sure = try #require(host.entry(memoryPath("/w/sure")))
    let unsure = try #require(host.entry(memoryPath("/w/unsure")))
    #expect(sure.record.dots.allSatisfy { $0.replica == former })
    #expect(unsure.record.dots.map(\.replica) == [now.replica])
    #expect(unsure.shown.content.dots == unsure.record.content.dots)
    let knowledge = try host.store.knowledge("g")
    #expect(knowledge.entries.map(\.replica) == [now.replica], "nothing but its own new events")
    #expect(try host.scan().events == 0)
    #expect(host.tree.text(memoryPath("/w/sure")) == "1")
  }
}
