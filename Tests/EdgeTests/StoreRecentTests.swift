import Model
import TestKit
import Testing

@testable import ModelEdge

@Suite struct `What a peer lacks` {
  private let scratch = StateScratch()
  private let store: SQLiteStore

  init() throws { store = try openState(scratch).store }

  private static let replicas = (1...4).map { ReplicaID(high: UInt64($0), low: 7) }

  private func vector(_ dice: inout Dice, upTo limit: Int) -> VersionVector {
    var vector = VersionVector()
    for replica in Self.replicas {
      if let dot = Dot(replica, UInt64(dice.below(limit))) { vector.insert(dot) }
    }
    return vector
  }

  private func change(_ dice: inout Dice, _ latest: UInt64) throws(Failure) {
    let replica = Self.replicas[dice.below(Self.replicas.count)]
    guard let path = TreePath("/\(dice.below(60))"), let dot = Dot(replica, latest) else { return }
    if dice.below(12) == 0 { return try store.removeEntry("web", path) }
    var entry = fileEntry(path, latest)
    entry.record.vector = try store.entry("web", path)?.record.vector ?? VersionVector()
    entry.record.vector.insert(dot)
    entry.record.content = Register(dot, entry.shown.content.value)
    try store.put(entry, "web")
  }

  /// A few changes in one transaction, which may be undone.
  private func changeSome(_ dice: inout Dice, _ latest: UInt64) throws {
    let (count, isUndone) = (dice.below(6), dice.below(8) == 0)
    var own = dice
    let failure = failure { () throws(Failure) in
      try store.transaction { () throws(Failure) in
        for _ in 0..<count { try change(&own, latest) }
        if isUndone { throw Failure(.busy, "test", "undone", "on purpose") }
      }
    }
    #expect((failure != nil) == isUndone)
    dice = own
  }

  private func check(_ known: VersionVector, _ note: Comment) throws {
    let lacking = try store.entries("web", after: nil, limit: 1_000)
      .filter { !known.covers($0.record.vector) }.map(\.path)
    #expect(try store.countNotCovered("web", by: known) == lacking.count, note)
    var found: [TreePath] = []
    while true {
      let next = try store.entries("web", notCoveredBy: known, after: found.last, limit: 7)
      if next.isEmpty { break }
      found += next.map(\.path)
    }
    #expect(found == lacking, note)
  }

  @Test(arguments: 0..<20)
  func `is the same by the list as by looking at everything`(seed: UInt64) throws {
    var dice = Dice(seed: seed)
    var latest: UInt64 = 0
    for round in 0..<60 {
      latest += 1
      try changeSome(&dice, latest)
      if dice.below(5) == 0 {
        try store.setKnowledge(vector(&dice, upTo: Int(latest) + 1), "web")
      }
      if dice.below(10) == 0 {
        var member = MemberState(host: "b")
        member.knowledge = vector(&dice, upTo: Int(latest) + 1)
        try store.put(member, "web")
      }
      if dice.below(3) == 0 {
        try check(vector(&dice, upTo: Int(latest) + 2), "round \(round)")
      }
    }
  }

  private func listed() throws -> [Int64] {
    var out: [Int64] = []
    try store.database.rows(
      "SELECT count(*) FROM recent UNION ALL SELECT count(*) FROM recent_base"
    ) { row throws(Failure) in out.append(row.integer(0)) }
    return out
  }

  @Test func `is listed from the first pass on, and again after too much has changed`() throws {
    var known = VersionVector()
    try store.transaction { () throws(Failure) in
      for number in 1...100 { try store.put(entry(number, UInt64(number)), "web") }
      known.insert(Dot(someReplica, 100)!)
      try store.setKnowledge(known, "web")
    }
    #expect(try listed() == [0, 0])
    #expect(try store.countNotCovered("web", by: known) == 0)
    #expect(try listed() == [0, 1])
    for number in 1...3 { try store.put(entry(number, 101), "web") }
    #expect(try listed() == [3, 1])
    #expect(try store.countNotCovered("web", by: known) == 3)
    // What stands in no list is not looked at: that is what makes it quick.
    try store.database.run("DELETE FROM recent")
    #expect(try store.countNotCovered("web", by: known) == 0)
    try store.transaction { () throws(Failure) in
      for number in 1...9_000 { try store.put(entry(number, 102), "web") }
    }
    #expect(try listed() == [0, 0])
    #expect(try store.countNotCovered("web", by: known) == 9_000)
  }

  private func entry(_ number: Int, _ sequence: UInt64) -> Entry {
    fileEntry(TreePath("/\(number)") ?? TreePath(text: Array("/x".utf8))!, sequence)
  }
}
