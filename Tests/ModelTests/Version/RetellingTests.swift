import Model
import TestKit
import Testing

@Suite struct `What is said anew` {
  private var conflict: Record {
    record(dot(a, 1), file(1)).joined(record(dot(b, 1), file(2), mode: mode(3)))
  }

  private func record(_ dot: Dot, _ content: Content, mode value: Mode = mode(0)) -> Record {
    var record = Record(vector: vector([dot.replica: dot.sequence]))
    record.content = Register(dot, content)
    record.mode = Register(dot, value)
    record.owner = Register(dot, owner(0))
    record.acl = Register(dot, acl(0))
    return record
  }

  private func shown(_ record: Record, _ content: Content) -> Shown {
    Shown(
      content: ShownValue(dots: [], value: content),
      attributes: ShownAttributes(
        mode: ShownValue(dots: [], value: mode(0)), owner: ShownValue(dots: [], value: owner(0)),
        acl: ShownValue(dots: [], value: acl(0)))
    ).reread(in: record)
  }

  @Test func `is the same under one more event, which a peer cannot know`() {
    let old = record(dot(a, 1), file(1))
    let new = old.retold(shown(old, file(1)), dot: dot(a, 2))
    #expect(new.record.content == Register(dot(a, 2), file(1)))
    #expect(new.record.vector == vector([a: 2]))
    #expect(new.shown == shown(new.record, file(1)))
    #expect(old.joined(new.record) == new.record)
  }

  @Test func `on two hosts alike is settled, differently a conflict`() {
    let old = record(dot(a, 1), file(1))
    let here = old.retold(shown(old, file(1)), dot: dot(a, 2)).record
    let there = old.retold(shown(old, file(1)), dot: dot(b, 1)).record
    #expect(here.joined(there).content.settled == file(1))
    #expect(!here.joined(there).isConflict)
    let other = record(dot(c, 1), file(3))
    #expect(here.joined(other).isConflict)
  }

  @Test func `leaves the other side of a conflict as it is`() {
    let new = conflict.retold(shown(conflict, file(1)), dot: dot(a, 2)).record
    #expect(new.content == register([dot(a, 2): file(1), dot(b, 1): file(2)]))
    #expect(Set(new.mode.dots) == [dot(a, 2), dot(b, 1)])
  }

  @Test func `is nothing of what this host does not show`() {
    let old = record(dot(b, 1), file(2))
    let new = old.retold(shown(old, file(1)), dot: dot(a, 2)).record
    #expect(new.content == old.content)
    #expect(new.vector == vector([a: 2, b: 1]))
  }

  @Test func `of an object against what settled its path makes a conflict and supersedes nothing`()
  {
    let old = record(dot(b, 1), file(2), mode: mode(3))
    let new = old.contested(by: shown(old, .directory), dot: dot(a, 2))
    #expect(new.content == register([dot(a, 2): .directory, dot(b, 1): file(2)]))
    #expect(new.mode == register([dot(a, 2): mode(0), dot(b, 1): mode(3)]))
    #expect(new.owner == old.owner)
    #expect(old.joined(new) == new)
  }
}
