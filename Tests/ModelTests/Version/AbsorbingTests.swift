import Model
import TestKit
import Testing

@Suite struct `A local change` {
  let known = vector([b: 9, c: 4])

  /// What absorbing makes of it, with dots of replica a above 10.
  private func absorb(
    _ record: Record?, _ shown: Shown, _ observed: Observation?
  ) throws -> LocalChange? {
    var mint = Mint(replica: a, last: 10)
    let change = try Record.absorbing(
      record, shown: shown, observed: observed, knowledge: known, mint: &mint)
    #expect(mint.last == (change?.dot == nil ? 10 : 11), "one number an event")
    return change
  }

  private var now: Dot { dot(a, 11) }

  /// Two contents and two modes at once; the disk shows those of b.
  private var conflict: (record: Record, shown: Shown) {
    let (mine, theirs) = (record(dot(b, 1), file(1)), record(dot(c, 1), file(2), mode: mode(3)))
    let joined = mine.joined(theirs)
    return (joined, shown(mine).reread(in: joined))
  }

  @Test func `is none while the disk holds what it held`() throws {
    let record = record(dot(b, 1), file(1))
    #expect(try absorb(nil, .nothing, nil) == nil)
    #expect(try absorb(record, shown(record), observation(file(1))) == nil)
  }

  @Test func `starts a path without a record from all that this host knows`() throws {
    let change = try #require(try absorb(nil, .nothing, observation(file(1))))
    #expect(change.dot == now)
    #expect(change.record.vector == known.merging(vector([a: 11])))
    #expect(change.record.dots == [now])
    #expect(change.record.content.settled == file(1, isBirth: true))
    #expect(change.shown.content.dots == [now])
  }

  @Test func `that revives a path supersedes attribute siblings that were never shown`() throws {
    var deleted = record(dot(b, 1), file(1)).joined(record(dot(c, 1), file(1), mode: mode(3)))
    deleted = deleted.resolved(
      to: ResolvedValues(content: .absent), seen: Set(deleted.dots), dot: dot(b, 2))
    #expect(deleted.isTombstone && deleted.mode.isConflict)
    let change = try #require(try absorb(deleted, shown(deleted), observation(file(4))))
    #expect(change.record.content.dots == [now])
    #expect(change.record.mode.dots == [now])
    #expect(change.record.owner.dots == [now])
    #expect(change.record.acl.dots == [now])
  }

  @Test func `leaves the siblings that were not shown`() throws {
    let (record, shown) = conflict
    let change = try #require(try absorb(record, shown, observation(file(5), mode: mode(0))))
    #expect(change.record.content.dots == [dot(c, 1), now])
    #expect(change.record.mode.dots == [dot(b, 1), dot(c, 1)], "the mode was not touched")
    #expect(change.shown.content.dots == [now])
  }

  @Test func `that deletes in a conflict leaves the sibling that was not shown`() throws {
    let (record, shown) = conflict
    let change = try #require(try absorb(record, shown, nil))
    #expect(change.record.content.dots == [dot(c, 1), now])
    #expect(change.record.isConflict)
    #expect(change.shown.attributes == nil)
  }

  @Test func `writes one event for all registers that changed`() throws {
    let record = record(dot(b, 1), file(1))
    let seen = observation(file(2), mode: mode(7), owner: owner(3), acl: acl(2))
    let change = try #require(try absorb(record, shown(record), seen))
    #expect(change.record.dots == [now])
    #expect(change.record.vector == vector([a: 11, b: 1]), "an edit knows what its record knew")
  }

  @Test func `to what is settled already is taken over without an event`() throws {
    let old = record(dot(b, 1), file(1))
    var new = old
    new.vector.insert(dot(c, 1))
    new.content.replace([dot(b, 1)], with: dot(c, 1), file(2))
    let change = try #require(try absorb(new, shown(old).reread(in: new), observation(file(2))))
    #expect(change.dot == nil)
    #expect(change.record == new)
    #expect(change.shown.content.dots == [dot(c, 1)])
  }

  @Test func `that finds what is settled on an empty disk is taken over without an event`() throws {
    let record = record(dot(b, 1), file(1))
    let change = try #require(try absorb(record, .nothing, observation(file(1))))
    #expect(change.dot == nil)
    #expect(change.shown == shown(record))
  }

  @Test func `that deletes what is deleted already is taken over without an event`() throws {
    let old = record(dot(b, 1), file(1))
    let deleted = old.resolved(
      to: ResolvedValues(content: .absent), seen: [dot(b, 1)], dot: dot(c, 1))
    let change = try #require(try absorb(deleted, shown(old).reread(in: deleted), nil))
    #expect(change.dot == nil)
    #expect(change.shown.content.dots == [dot(c, 1)])
  }

  @Test func `counts against what was applied, not against what was wished`() throws {
    var record = record(dot(b, 1), file(1))
    record.owner = Register(dot(b, 1), owner(5))
    let held = Shown.nothing.displaying(record, heldOwner: owner(5))
    #expect(held.attributes?.owner.value == owner(0))
    #expect(try absorb(record, held, observation(file(1), owner: owner(0))) == nil)
    let change = try #require(try absorb(record, held, observation(file(1), owner: owner(6))))
    #expect(change.record.owner.dots == [now], "the wish that was not applied is superseded")
  }

  @Test func `supersedes all events that say what the disk showed`() throws {
    let joined = record(dot(b, 1), file(1)).joined(record(dot(c, 1), file(1)))
    let change = try #require(try absorb(joined, shown(joined), observation(file(3))))
    #expect(change.record.content.dots == [now])
  }

  /// A host that had forgotten the deletion answered; before it was carried out here, somebody
  /// edited the file (seed 1363280 of the random histories).
  @Test func `to a file whose deletion is not carried out yet writes what it has lost`() throws {
    let old = record(dot(b, 1), file(1), mode: mode(6))
    let deleted = old.joined(Record(vector: known))
    #expect(deleted.dots.isEmpty)
    let kept = shown(old).reread(in: deleted)
    let change = try #require(try absorb(deleted, kept, observation(file(2), mode: mode(6))))
    #expect(change.record.content.dots == [now])
    #expect(change.record.mode.settled == mode(6))
    #expect(change.record.owner.dots == [now])
    #expect(change.record.acl.dots == [now])
    #expect(change.shown.attributes?.mode.dots == [now])
    let chmod = try #require(try absorb(deleted, kept, observation(file(1), mode: mode(7))))
    #expect(chmod.record.isTombstone, "a mere change of mode does not bring it back")
  }

  @Test func `is a successor unless it brings the path to life`() throws {
    let record = record(dot(b, 1), file(1, isBirth: true))
    let change = try #require(try absorb(record, shown(record), observation(file(3))))
    #expect(change.record.content.settled == file(3, isBirth: false))
  }

  @Test func `fails whole when the numbers are used up`() throws {
    var mint = Mint(replica: a, last: Dot.sequenceLimit)
    #expect(throws: Failure.self) {
      try Record.absorbing(
        nil, shown: .nothing, observed: observation(file(1)), knowledge: known, mint: &mint)
    }
  }
}

@Suite struct `What is shown` {
  @Test func `is every event that says the same`() {
    let mine = record(dot(b, 1), file(1))
    let joined = mine.joined(record(dot(c, 1), file(1)))
    #expect(shown(mine).reread(in: joined).content.dots == [dot(b, 1), dot(c, 1)])
  }

  @Test func `is nothing of what has been superseded`() {
    let mine = record(dot(b, 1), file(1))
    let after = mine.resolved(
      to: ResolvedValues(content: file(2)), seen: [dot(b, 1)], dot: dot(c, 1))
    let kept = shown(mine).reread(in: after)
    #expect(kept.content.dots == [])
    #expect(!kept.content.shows(after.content))
    #expect(shown(after).content.shows(after.content))
  }

  @Test func `is the wish as well as what stands in for it`() {
    var mine = record(dot(b, 1), file(1))
    mine.owner = Register(dot(b, 1), owner(5))
    var other = record(dot(c, 1), file(1))
    other.owner = Register(dot(c, 1), owner(5))
    let held = Shown.nothing.displaying(mine, heldOwner: owner(5))
    let kept = held.reread(in: mine.joined(other))
    #expect(kept.attributes?.owner.dots == [dot(b, 1), dot(c, 1)])
    #expect(kept.attributes?.owner.value == owner(0))
  }
}
