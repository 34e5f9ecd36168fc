import Model
import TestKit
import Testing

@Suite struct `A join of records` {
  static let rounds = 4000

  @Test(arguments: [false, true])
  func `is commutative, associative and idempotent`(twins: Bool) throws {
    var dice = Dice(seed: 1)
    for round in 0..<Self.rounds {
      let (x, y, z) = (
        dice.record(twins: twins), dice.record(twins: twins), dice.record(twins: twins)
      )
      let joined = x.joined(y)
      try #require(joined == y.joined(x), "round \(round)")
      try #require(joined.joined(z) == x.joined(y.joined(z)), "round \(round)")
      try #require(x.joined(x) == x, "round \(round)")
      try #require(joined.joined(x) == joined, "round \(round)")
      try #require(joined.joined(y) == joined, "round \(round)")
    }
  }

  @Test(arguments: [false, true])
  func `knows what either side knew`(twins: Bool) throws {
    var dice = Dice(seed: 2)
    for round in 0..<Self.rounds {
      let (x, y) = (dice.record(twins: twins), dice.record(twins: twins))
      try #require(x.joined(y).vector == x.vector.merging(y.vector), "round \(round)")
    }
  }

  @Test(arguments: [false, true])
  func `keeps just what both have or one has not seen`(twins: Bool) throws {
    var dice = Dice(seed: 3)
    for round in 0..<Self.rounds {
      let (x, y) = (dice.record(twins: twins), dice.record(twins: twins))
      let joined = x.joined(y)
      for register in 0..<4 {
        let (mine, theirs) = (x.numbered(register), y.numbered(register))
        let found = joined.numbered(register)
        for sibling in mine + theirs {
          let dot = sibling.dot
          let here = mine.contains { $0.dot == dot } || !x.vector.covers(dot)
          let there = theirs.contains { $0.dot == dot } || !y.vector.covers(dot)
          try #require(found.contains(sibling) == (here && there), "round \(round)")
        }
        for sibling in found {
          try #require(mine.contains(sibling) || theirs.contains(sibling), "round \(round)")
        }
      }
    }
  }

  @Test func `takes the same change on two hosts for one value`() {
    let joined = record(dot(a, 1), file(1)).joined(record(dot(b, 1), file(1)))
    #expect(joined.content.dots == [dot(a, 1), dot(b, 1)])
    #expect(!joined.isConflict)
  }

  @Test func `merges an edit here and a change of mode there`() {
    var (edited, changed) = (record(dot(a, 1), file(1)), record(dot(a, 1), file(1)))
    edited.vector.insert(dot(a, 2))
    edited.content.replace([dot(a, 1)], with: dot(a, 2), file(2))
    changed.vector.insert(dot(b, 1))
    changed.mode.replace([dot(a, 1)], with: dot(b, 1), mode(5))
    let joined = edited.joined(changed)
    #expect(joined.content.settled == file(2))
    #expect(joined.mode.settled == mode(5))
    #expect(!joined.isConflict)
  }

  @Test func `holds a deletion against an edit as a conflict`() {
    let (deleted, edited) = deletionBesides { record in
      record.content.replace([dot(a, 1)], with: dot(b, 1), file(2))
    }
    #expect(deleted.joined(edited).conflictingFields == [.content])
  }

  @Test func `lets a deletion stand against a mere change of mode`() {
    let (deleted, changed) = deletionBesides { record in
      record.mode.replace([dot(a, 1)], with: dot(b, 1), mode(7))
    }
    let joined = deleted.joined(changed)
    #expect(joined.isTombstone)
    #expect(!joined.isConflict)
  }

  private func deletionBesides(_ change: (inout Record) -> Void) -> (Record, Record) {
    var (deleted, changed) = (record(dot(a, 1), file(1)), record(dot(a, 1), file(1)))
    deleted.vector.insert(dot(a, 2))
    deleted.content.replace([dot(a, 1)], with: dot(a, 2), .absent)
    changed.vector.insert(dot(b, 1))
    change(&changed)
    return (deleted, changed)
  }
}

@Suite struct `Twins` {
  let one = record(dot(a, 1), file(1))
  let other = record(dot(a, 1), file(2))

  @Test func `both stay, and are told`() {
    let joined = one.joined(other)
    #expect(joined.hasTwins)
    #expect(joined.isConflict)
    #expect(joined.content.siblings.map(\.value) == [file(1), file(2)])
    #expect(!one.hasTwins)
  }

  @Test func `stand in the same order on every host, even if they look alike`() {
    let number = Owner(user: .number(0), group: .number(0))
    let name = Owner(user: .name(Array("root".utf8)), group: .number(0))
    var (left, right) = (one, one)
    left.owner = Register(dot(a, 1), number)
    right.owner = Register(dot(a, 1), name)
    #expect(left.joined(right) == right.joined(left))
    let siblings = left.joined(right).owner.siblings
    #expect(Register(sorted: siblings) != nil)
    #expect(Register(sorted: siblings.reversed()) == nil)
  }

  @Test func `are no alarm if they agree`() {
    var later = one
    later.content = Register(dot(a, 1), file(1, isBirth: true))
    #expect(!one.joined(later).hasTwins)
    #expect(one.joined(later) == later.joined(one))
  }

  @Test func `are both superseded by what saw their number`() {
    var resolved = one.joined(other)
    resolved = resolved.resolved(
      to: ResolvedValues(content: file(3)), seen: [dot(a, 1)], dot: dot(b, 1))
    #expect(resolved.content.siblings.map(\.value) == [file(3)])
    #expect(resolved.joined(one).content == resolved.content)
  }
}
