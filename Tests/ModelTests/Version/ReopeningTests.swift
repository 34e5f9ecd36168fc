import Model
import TestKit
import Testing

@Suite struct `A resolution that is taken back` {
  private let a = ReplicaID(high: 0, low: 1)
  private let b = ReplicaID(high: 0, low: 2)
  private let c = ReplicaID(high: 0, low: 3)

  private func dot(_ replica: ReplicaID, _ sequence: UInt64) throws -> Dot {
    try #require(Dot(replica, sequence))
  }

  private func file(_ text: UInt8) throws -> Content {
    .file(
      FileContent(
        digest: try #require(Digest([UInt8](repeating: text, count: 32))), size: 1,
        modified: Timestamp(seconds: 1, nanoseconds: 0), isBirth: false))
  }

  /// Two versions of one path, by a and by b, and one mode.
  private func conflict() throws -> Record {
    let (first, second) = (try dot(a, 5), try dot(b, 7))
    var record = Record(vector: VersionVector())
    record.vector.insert(first)
    record.vector.insert(second)
    record.content = try #require(
      Register(sorted: [
        .init(dot: first, value: try file(1)), .init(dot: second, value: try file(2)),
      ]))
    record.mode = Register(first, Mode(bits: 0o644))
    record.owner = Register(first, Owner(user: .number(0), group: .number(0)))
    record.acl = Register(first, .none)
    return record
  }

  private func reopened(
    _ record: Record, _ former: Record, _ resolution: Dot
  ) throws -> (record: Record, events: [(new: Dot, former: Dot)])? {
    var mint = Mint(replica: c, last: 10)
    return try record.reopened([.content], former: former, resolution: resolution) {
      () throws(Failure) in try mint.next()
    }
  }

  @Test func `brings back every version, each under an event of its own`() throws {
    let former = try conflict()
    let decision = try dot(c, 10)
    let settled = former.resolved(
      to: ResolvedValues(content: try file(2)), seen: Set(former.dots), dot: decision)
    #expect(settled.conflictingFields == [])
    let again = try #require(try reopened(settled, former, decision))
    #expect(again.record.conflictingFields == [.content])
    #expect(again.record.content.siblings.map(\.value) == [try file(1), try file(2)])
    #expect(again.events.map(\.new) == [try dot(c, 11), try dot(c, 12)])
    #expect(again.events.map(\.former) == [try dot(a, 5), try dot(b, 7)])
    #expect(again.record.mode == former.mode)
  }

  @Test func `is open on every host, whatever it knew, and in any order`() throws {
    let former = try conflict()
    let decision = try dot(c, 10)
    let settled = former.resolved(
      to: ResolvedValues(content: try file(1)), seen: Set(former.dots), dot: decision)
    let again = try #require(try reopened(settled, former, decision)).record
    for other in [former, settled, again] {
      #expect(other.joined(again) == again)
      #expect(again.joined(other) == again)
    }
    #expect(former.joined(settled).joined(again) == former.joined(again).joined(settled))
  }

  @Test func `is refused once somebody has gone on from it`() throws {
    let former = try conflict()
    let decision = try dot(c, 10)
    var settled = former.resolved(
      to: ResolvedValues(content: try file(1)), seen: Set(former.dots), dot: decision)
    let edit = try dot(b, 8)
    settled.vector.insert(edit)
    settled.content.replace([decision], with: edit, try file(3))
    #expect(try reopened(settled, former, decision)?.record == nil)
  }
}
