import Model
import TestKit
import Testing

private func path(_ text: String) -> TreePath { memoryPath(text) }

@Suite struct `A scan` {
  private let host = MemoryHost("a", number: 1, hosts: ["a", "b"])

  private func last() throws -> UInt64 { try host.store.replicaState().last }

  @Test func `mints one event for each path that is new, and none at the second look`() throws {
    host.tree.write(path("/w/d"), .directory)
    host.tree.write(path("/w/d/f"), "text")
    #expect(try host.scan().events == 3)
    #expect(try host.scan().events == 0)
    #expect(try last() == 3)
  }

  @Test func `leaves what cannot be read as it is`() throws {
    host.tree.write(path("/w/d"), .directory)
    host.tree.write(path("/w/d/f"), "text")
    try host.scan()
    host.tree.trouble = { call, where_ in
      call == .list && where_ == path("/w/d") ? .refused("permission denied") : nil
    }
    host.tree.write(path("/w/g"), "other")
    let report = try host.scan()
    #expect(report.events == 1)
    #expect(report.problems.map(\.reason) == ["permission denied"])
    #expect(host.entry(path("/w/d/f"))?.record.isTombstone == false)
  }

  @Test func `tries again what changes while it is read`() throws {
    host.tree.write(path("/w/f"), "text")
    host.tree.busy = [path("/w/f")]
    #expect(try host.scan().problems.count == 1)
    #expect(host.entry(path("/w/f")) == nil)
    host.tree.busy = []
    #expect(try host.scan().events == 1)
  }

  @Test func `asks before it takes an empty root or a missing one for deletions`() throws {
    host.tree.write(path("/w/f"), "text")
    try host.scan()
    host.tree.remove(path("/w/f"))
    #expect(try host.scan(ScanRequest()).question == .emptied(path("/w")))
    #expect(try last() == 2)
    host.tree.remove(path("/w"))
    let report = try host.scan()
    #expect(report.question == .rootMissing(path("/w"), "it is not there"))
    #expect(try last() == 2)
  }

  @Test func `asks before it takes many deletions for meant`() throws {
    for number in 0..<60 { host.tree.write(path("/w/f\(number)"), "\(number)") }
    host.tree.write(path("/w/stays"), "here")
    try host.scan()
    for number in 0..<60 { host.tree.remove(path("/w/f\(number)")) }
    #expect(try host.scan(ScanRequest()).question == .massDeletion(gone: 60, known: 62, limit: ""))
    #expect(host.entry(path("/w/f1"))?.record.isTombstone == false)
    #expect(try host.scan().events == 60)
  }

  @Test func `sees an edit whose size and time were put back`() throws {
    host.tree.write(path("/w/f"), "text")
    try host.scan()
    let stat = try #require(try host.disk.stat(path("/w/f")))
    host.tree.write(path("/w/f"), "TEXT")
    let now = try #require(try host.disk.stat(path("/w/f")))
    #expect(now.size == stat.size && now.inode == stat.inode)
    #expect(try host.scan().events == 1)
  }

  @Test func `holds an owner that is unknown here and applies it once it is known`() throws {
    let trio = SessionTrio()
    let owner = Owner(user: .name(Array("new".utf8)), group: .number(0))
    trio.a.tree.knownNames.insert(Array("new".utf8))
    trio.a.tree.write(path("/w/f"), .file([1]), owner: owner)
    trio.meet(trio.a, trio.b)
    #expect(trio.b.entry(path("/w/f"))?.state == .held)
    #expect(trio.b.tree.nodes[path("/w/f")]?.owner.user == .number(0))
    trio.meet(trio.b, trio.c)
    #expect(trio.a.entry(path("/w/f"))?.record == trio.c.entry(path("/w/f"))?.record)
    let minted = try trio.b.store.replicaState().last
    trio.b.tree.knownNames.insert(Array("new".utf8))
    try trio.b.scan()
    #expect(trio.b.tree.nodes[path("/w/f")]?.owner == owner)
    #expect(trio.b.entry(path("/w/f"))?.state == [])
    #expect(try trio.b.store.replicaState().last == minted, "no event")
  }
}
