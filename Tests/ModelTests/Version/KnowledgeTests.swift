import Model
import TestKit
import Testing

@Suite struct `A record that a peer sent` {
  let sent = record(dot(a, 2), file(1))

  private func integrate(
    _ incoming: Record, into mine: Record? = nil, _ knowledge: VersionVector
  ) -> Integration {
    Record.integrating(incoming, into: mine, knowledge: knowledge)
  }

  @Test func `is joined with the record that is here`() {
    let mine = record(dot(b, 1), file(2))
    #expect(integrate(sent, into: mine, vector([a: 9, b: 9])) == .merged(mine.joined(sent)))
  }

  @Test func `is taken as it is where nothing is known of it`() {
    #expect(integrate(sent, vector([b: 9])) == .merged(sent))
    #expect(integrate(sent, vector([a: 1])) == .merged(sent))
  }

  @Test func `is answered with its deletion where all of it is known and forgotten`() {
    let knowledge = vector([a: 2, b: 3])
    #expect(integrate(sent, knowledge) == .deleted(answer: Record(vector: knowledge)))
    #expect(sent.joined(Record(vector: knowledge)).isTombstone)
  }

  @Test func `comes back as a whole if any of it is news`() {
    var changed = sent
    changed.vector.insert(dot(c, 1))
    changed.mode.replace([dot(a, 2)], with: dot(c, 1), mode(4))
    #expect(integrate(changed, vector([a: 2, b: 3])) == .merged(changed))
  }

  @Test func `that only says that all is deleted is taken as a whole or not at all`() {
    let answer = Record(vector: vector([a: 2, b: 3]))
    #expect(integrate(answer, into: sent, vector([:])) == .merged(answer))
    var changed = sent
    changed.vector.insert(dot(c, 1))
    changed.mode.replace([dot(a, 2)], with: dot(c, 1), mode(4))
    #expect(integrate(answer, into: changed, vector([:])) == .merged(changed))
  }

  /// Joined register by register, the file would have lost its attributes (seed 3173255 of the
  /// random histories).
  @Test func `comes back as a whole to a host that holds nothing but an answer`() {
    let answer = Record(vector: vector([a: 2, b: 3]))
    var edited = sent
    edited.vector.insert(dot(c, 1))
    edited.content.replace([dot(a, 2)], with: dot(c, 1), file(4))
    #expect(integrate(edited, into: answer, vector([:])) == .merged(edited))
    #expect(integrate(sent, into: answer, vector([:])) == .deleted(answer: answer))
    #expect(integrate(answer, into: answer, vector([:])) == .merged(answer))
  }

  @Test func `is nothing to talk about if it is a deletion that was forgotten here`() {
    let deleted = sent.resolved(
      to: ResolvedValues(content: .absent), seen: [dot(a, 2)], dot: dot(a, 3))
    #expect(integrate(deleted, vector([a: 3])) == .known)
    #expect(integrate(Record(vector: vector([a: 3])), vector([a: 3])) == .known)
    #expect(integrate(deleted, vector([a: 2])) == .merged(deleted))
  }
}

@Suite struct `A resolution` {
  let conflict = record(dot(a, 1), file(1)).joined(record(dot(b, 1), file(2), mode: mode(3)))

  @Test func `settles what it names, by one event`() {
    let resolved = conflict.resolved(
      to: ResolvedValues(content: file(2)), seen: Set(conflict.dots), dot: dot(c, 1))
    #expect(resolved.content.dots == [dot(c, 1)])
    #expect(resolved.content.settled == file(2))
    #expect(resolved.mode == conflict.mode)
    #expect(resolved.conflictingFields == [.mode])
    #expect(resolved.vector == vector([a: 1, b: 1, c: 1]))
  }

  @Test func `leaves a sibling that arrived meanwhile`() {
    let seen = Set(conflict.dots)
    let later = conflict.joined(record(dot(c, 5), file(7)))
    let resolved = later.resolved(
      to: ResolvedValues(content: file(1)), seen: seen, dot: dot(a, 2))
    #expect(resolved.content.dots == [dot(a, 2), dot(c, 5)])
    #expect(resolved.isConflict)
  }

  @Test func `holds on every host`() {
    let resolved = conflict.resolved(
      to: ResolvedValues(content: file(1), mode: mode(0)), seen: Set(conflict.dots), dot: dot(c, 1))
    for old in [record(dot(a, 1), file(1)), record(dot(b, 1), file(2), mode: mode(3)), conflict] {
      #expect(old.joined(resolved) == resolved)
    }
  }

  @Test func `of what is settled as absent is not asked for`() {
    let deleted = conflict.resolved(
      to: ResolvedValues(content: .absent), seen: Set(conflict.dots), dot: dot(c, 1))
    #expect(deleted.mode.isConflict)
    #expect(deleted.conflictingFields == [])
  }
}

@Suite struct `A reissue` {
  /// An edit of mode and a content, all of replica a: numbers 3 and 5.
  private var old: Record {
    var record = record(dot(a, 3), file(1))
    record.vector.insert(dot(a, 5))
    record.vector.insert(dot(b, 2))
    record.mode.replace([dot(a, 3)], with: dot(a, 5), mode(4))
    return record
  }

  @Test func `names the doubtful events anew and forgets their numbers`() throws {
    var mint = Mint(replica: c, last: 0)
    let (record, renamed) = try #require(try old.reissued(from: a, above: 3, mint: &mint))
    #expect(renamed == [dot(a, 5): dot(c, 1)])
    #expect(record.vector == vector([a: 3, b: 2, c: 1]))
    #expect(record.mode.dots == [dot(c, 1)])
    #expect(record.content.dots == [dot(a, 3)])
    #expect(shown(old).renamed(renamed) == shown(record))
  }

  @Test func `gives an event that stands in several registers one name`() throws {
    var mint = Mint(replica: c, last: 7)
    let (record, renamed) = try #require(try old.reissued(from: a, above: 0, mint: &mint))
    #expect(renamed == [dot(a, 3): dot(c, 8), dot(a, 5): dot(c, 9)])
    #expect(record.content.dots == [dot(c, 8)])
    #expect(record.owner.dots == [dot(c, 8)])
    #expect(record.vector == vector([b: 2, c: 9]))
  }

  @Test func `lowers the vector of a record that holds no doubtful event itself`() throws {
    var mint = Mint(replica: c, last: 0)
    let taken = old.resolved(
      to: ResolvedValues(mode: mode(6)), seen: [dot(a, 5)], dot: dot(b, 3))
    let (record, renamed) = try #require(try taken.reissued(from: a, above: 4, mint: &mint))
    #expect(renamed.isEmpty)
    #expect(record.vector == vector([a: 4, b: 3]))
  }

  @Test func `is none where all is certain`() throws {
    var mint = Mint(replica: c, last: 0)
    #expect(try old.reissued(from: a, above: 5, mint: &mint) == nil)
    #expect(try old.reissued(from: c, above: 0, mint: &mint) == nil)
    #expect(mint.last == 0)
  }
}
