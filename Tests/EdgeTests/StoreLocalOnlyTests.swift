import Model
import TestKit
import Testing

@testable import ModelEdge

@Suite struct `A store of local changes` {
  private let scratch = StateScratch()

  private func rows() -> [LocalOnly] {
    let observed = Observation(
      content: .symlink(target: [0x78]), mode: Mode(bits: 0o777),
      owner: Owner(user: .name(Array("shop".utf8)), group: .number(0)), acl: .none,
      stat: FileStat(
        kind: .symlink, device: 0, inode: 7, size: 1,
        modified: Timestamp(seconds: 5, nanoseconds: 6),
        changed: Timestamp(seconds: 7, nanoseconds: 8), mode: 0o777, uid: 1, gid: 2, links: 0))
    return [
      LocalOnly(
        path: memoryPath("/w/a"), kind: .changed, found: Shown(found: observed),
        seen: observed.stat, since: 1_700_000_000),
      LocalOnly(
        path: memoryPath("/w/a/b"), kind: .deleted, found: .nothing, seen: nil, since: 0),
      LocalOnly(
        path: memoryPath("/w/a-b"), kind: .new, found: Shown(found: observed), seen: nil,
        since: 2),
    ]
  }

  private func expectSame(_ store: any Store) throws {
    for row in rows().reversed() { try store.put(row, "web") }
    #expect(try store.localOnly("web") == rows())
    #expect(try store.localOnly("web", after: memoryPath("/w/a"), limit: 1) == [rows()[1]])
    #expect(try store.localOnly("web", memoryPath("/w/a-b")) == rows()[2])
    #expect(try store.hasLocalOnly(below: memoryPath("/w/a"), "web"))
    #expect(try !store.hasLocalOnly(below: memoryPath("/w/a-b"), "web"))
    #expect(try store.localOnly("mail").isEmpty)
    #expect(rows()[0].observation?.content == .symlink(target: [0x78]))
    #expect(rows()[1].observation == nil)
    try store.removeLocalOnly("web", memoryPath("/w/a"))
    #expect(try store.localOnly("web", memoryPath("/w/a")) == nil)
    #expect(try store.localOnly("web").count == 2)
  }

  @Test func `keeps what was found, in path order, in memory and on the disk`() throws {
    try expectSame(MemoryStore(replica: someReplica))
    let store = try openState(scratch).store
    try expectSame(store)
    store.close()
    #expect(try openState(scratch).store.localOnly("web").map(\.since) == [0, 2])
  }
}
