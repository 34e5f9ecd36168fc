import Model
import TestKit
import Testing

@Suite struct `A version vector` {
  static let rounds = 4000

  /// The same vector as a set of events.
  private func events(_ vector: VersionVector) -> Set<Dot> {
    var out: Set<Dot> = []
    for entry in vector.entries {
      for sequence in 1...entry.sequence { out.insert(dot(entry.replica, sequence)) }
    }
    return out
  }

  @Test func `compares like the set of events that it stands for`() throws {
    var dice = Dice(seed: 11)
    for round in 0..<Self.rounds {
      let (x, y) = (dice.vector(), dice.vector())
      let (left, right) = (events(x), events(y))
      let expected: VersionVector.Comparison =
        switch (left.isSuperset(of: right), left.isSubset(of: right)) {
        case (true, true): .equal
        case (true, false): .after
        case (false, true): .before
        case (false, false): .concurrent
        }
      try #require(x.compared(to: y) == expected, "round \(round)")
      try #require(x.covers(y) == left.isSuperset(of: right), "round \(round)")
      try #require(events(x.merging(y)) == left.union(right), "round \(round)")
    }
  }

  @Test func `is ordered: antisymmetric and transitive`() throws {
    var dice = Dice(seed: 12)
    for round in 0..<Self.rounds {
      let (x, y, z) = (dice.vector(limit: 2), dice.vector(limit: 2), dice.vector(limit: 2))
      if x.covers(y), y.covers(x) { try #require(x == y, "round \(round)") }
      if x.covers(y), y.covers(z) { try #require(x.covers(z), "round \(round)") }
      #expect(x.covers(x))
      #expect(x.covers(VersionVector()))
    }
  }

  @Test func `merges to the least upper bound`() throws {
    var dice = Dice(seed: 13)
    for round in 0..<Self.rounds {
      let (x, y, z) = (dice.vector(), dice.vector(), dice.vector())
      let merged = x.merging(y)
      try #require(merged.covers(x) && merged.covers(y), "round \(round)")
      if z.covers(x), z.covers(y) { try #require(z.covers(merged), "round \(round)") }
      try #require(merged == y.merging(x), "round \(round)")
      try #require(merged.merging(z) == x.merging(y.merging(z)), "round \(round)")
    }
  }

  @Test func `stays in order whatever is inserted or lowered`() throws {
    var dice = Dice(seed: 14)
    for round in 0..<Self.rounds {
      var vector = VersionVector()
      var model: [ReplicaID: UInt64] = [:]
      for _ in 0..<dice.below(12) {
        let replica = replica(UInt64(dice.below(6)))
        let sequence = UInt64(dice.below(5))
        if dice.chance(70), sequence > 0 {
          vector.insert(dot(replica, sequence))
          model[replica] = max(model[replica] ?? 0, sequence)
        } else {
          vector.lower(replica, to: sequence)
          model[replica] = model[replica].map { min($0, sequence) }
          if model[replica] == 0 { model[replica] = nil }
        }
      }
      try #require(VersionVector(sorted: vector.entries) == vector, "round \(round)")
      try #require(vector == TestKit.vector(model), "round \(round)")
      for number in UInt64(0)..<6 {
        try #require(vector[replica(number)] == model[replica(number)] ?? 0, "round \(round)")
      }
    }
  }

  @Test func `is refused unsorted, with duplicates, zeros or numbers above the limit`() {
    typealias Entry = VersionVector.Entry
    func entry(_ number: UInt64, _ sequence: UInt64) -> Entry {
      Entry(replica: replica(number), sequence: sequence)
    }
    func accepts(_ entries: Entry...) -> Bool { VersionVector(sorted: entries) != nil }
    let limit = Dot.sequenceLimit
    #expect(accepts())
    #expect(accepts(entry(1, 1), entry(2, limit)))
    #expect(!accepts(entry(2, 1), entry(1, 1)))
    #expect(!accepts(entry(1, 1), entry(1, 1)))
    #expect(!accepts(entry(1, 1), entry(1, 2)))
    #expect(!accepts(entry(1, 0)))
    #expect(!accepts(entry(1, limit + 1)))
    #expect(!accepts(entry(1, .max)))
  }

  @Test func `is stable when all members cover it, and never with one who was not met`() {
    let tombstone = vector([a: 2, b: 1])
    #expect(tombstone.isStable(among: [vector([a: 2, b: 1]), vector([a: 3, b: 1, c: 4])]))
    #expect(!tombstone.isStable(among: [vector([a: 2, b: 1]), vector([a: 2])]))
    #expect(!tombstone.isStable(among: [vector([a: 2, b: 1]), nil]))
  }
}

@Suite struct `A number` {
  @Test func `is 1 to 2^48`() {
    #expect(Dot.sequenceLimit == 1 << 48)
    #expect(Dot(a, 0) == nil)
    #expect(Dot(a, 1) != nil)
    #expect(Dot(a, Dot.sequenceLimit) != nil)
    #expect(Dot(a, Dot.sequenceLimit + 1) == nil)
    #expect(Dot(a, .max) == nil)
  }

  @Test func `is given out once, in order`() throws {
    var mint = Mint(replica: a, last: 0)
    for sequence in UInt64(1)...100 { #expect(try mint.next() == dot(a, sequence)) }
    #expect(mint.last == 100)
  }

  @Test(arguments: [Dot.sequenceLimit, Dot.sequenceLimit + 1, .max])
  func `is refused at the limit, and never wraps`(last: UInt64) {
    var mint = Mint(replica: a, last: last)
    for _ in 0..<3 {
      #expect(throws: Failure.self) { try mint.next() }
      #expect(mint.last == last)
    }
  }

  @Test func `goes up to the limit itself`() throws {
    var mint = Mint(replica: a, last: Dot.sequenceLimit - 1)
    #expect(try mint.next() == dot(a, Dot.sequenceLimit))
    #expect(throws: Failure.self) { try mint.next() }
  }

  @Test func `breaks ties before the replica does`() {
    #expect(dot(b, 1) < dot(a, 2))
    #expect(dot(a, 2) < dot(b, 2))
  }
}

@Suite struct `A register` {
  private typealias Siblings = [Register<Mode>.Sibling]

  @Test func `is refused unsorted or with the same sibling twice`() {
    let (one, two) = (dot(a, 1), dot(b, 1))
    func accepts(_ siblings: [(Dot, Int)]) -> Bool {
      Register<Mode>(sorted: siblings.map { .init(dot: $0, value: mode($1)) }) != nil
    }
    #expect(accepts([]))
    #expect(accepts([(one, 1), (two, 1)]))
    #expect(!accepts([(two, 1), (one, 1)]))
    #expect(!accepts([(one, 1), (one, 1)]))
    #expect(accepts([(one, 1), (one, 2)]), "the trace of a twin")
    #expect(!accepts([(one, 2), (one, 1)]), "twins have an order too")
  }

  @Test func `is settled while its siblings agree`() {
    let agreed = register([dot(a, 1): file(1), dot(b, 1): file(1, isBirth: true)])
    #expect(agreed.settled == file(1, isBirth: true), "the greatest event speaks")
    #expect(register([dot(a, 1): file(1), dot(b, 1): file(2)]).settled == nil)
    #expect(Register<Mode>().settled == nil)
  }

  @Test func `tells each value once, in the order of the greatest events`() {
    let values = register([dot(a, 1): mode(1), dot(b, 1): mode(2), dot(a, 2): mode(1)])
    #expect(values.distinct.map(\.dot) == [dot(b, 1), dot(a, 2)])
    #expect(values.isConflict)
  }
}

@Suite struct `An access list` {
  @Test func `is in one order however its entries come`() throws {
    var dice = Dice(seed: 15)
    for round in 0..<4000 {
      var entries = (0..<4).map { _ in
        AccessEntry(
          dice.pick([.user, .group]), dice.pick([nil, .number(0), .name(Array("root".utf8))]),
          permissions: UInt8(dice.below(8)))
      }
      let list = AccessList(access: entries)
      dice.shuffle(&entries)
      try #require(AccessList(access: entries) == list, "round \(round)")
    }
  }
}

@Suite struct `What two vectors have in common` {
  @Test func `is covered by both, and covers whatever both cover`() throws {
    var dice = Dice(seed: 27)
    let replicas = (1...4).map { ReplicaID(high: UInt64($0), low: 1) }
    func some() -> VersionVector {
      var vector = VersionVector()
      for replica in replicas {
        if let dot = Dot(replica, UInt64(dice.below(4))) { vector.insert(dot) }
      }
      return vector
    }
    for round in 0..<4000 {
      let (one, other, third) = (some(), some(), some())
      let common = one.meeting(other)
      try #require(one.covers(common) && other.covers(common), "round \(round)")
      try #require(common == other.meeting(one), "round \(round)")
      let isBelowBoth = one.covers(third) && other.covers(third)
      try #require(common.covers(third) == isBelowBoth, "round \(round)")
    }
  }
}
