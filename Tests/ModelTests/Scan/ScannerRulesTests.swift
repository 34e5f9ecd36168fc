import Model
import TestKit
import Testing
import Transport

private func path(_ text: String) -> TreePath { memoryPath(text) }

@Suite struct `Rules that change` {
  private let host = MemoryHost("a", number: 1, hosts: ["a", "b"])

  private func scan(
    _ statements: String, _ request: ScanRequest = ScanRequest(acceptsDeletions: true)
  ) throws -> ScanReport {
    let group = memoryGroup(["a", "b"], statements)
    return try Scanner.scan(
      group.group, selection: group.selection, store: host.store, disk: host.disk,
      request: request, surroundings: host.freshSurroundings())
  }

  private let all = "include /w;"
  private let less = "include /w; exclude /w/x;"

  @Test func `mark what they leave out and keep what is known of it`() throws {
    host.tree.write(path("/w/x"), "text")
    _ = try scan(all)
    let record = host.entry(path("/w/x"))?.record
    host.tree.remove(path("/w/x"))
    #expect(try scan(less).events == 0)
    #expect(host.entry(path("/w/x"))?.state == .leftOut)
    #expect(host.entry(path("/w/x"))?.record == record)
    #expect(try host.store.counts("g").live == 1, "the root alone")
  }

  @Test func `and take a path in again have its state said anew, once`() throws {
    host.tree.write(path("/w/x"), "text")
    host.tree.write(path("/w/y"), "text")
    _ = try scan(all)
    let record = try #require(host.entry(path("/w/x"))?.record)
    _ = try scan(less)
    #expect(try scan(all).events == 1)
    let entry = try #require(host.entry(path("/w/x")))
    #expect(entry.state == [])
    #expect(!record.vector.covers(entry.record.vector))
    #expect(entry.record.content.settled == record.content.settled)
    #expect(try scan(all).events == 0)
  }

  @Test func `and take a path in again that is gone make one deletion of it`() throws {
    host.tree.write(path("/w/x"), "text")
    _ = try scan(all)
    _ = try scan(less)
    host.tree.remove(path("/w/x"))
    #expect(try scan(all).events == 1)
    #expect(host.entry(path("/w/x"))?.state == .tombstone)
  }

  @Test func `make a look at a part a look at the whole, once`() throws {
    for name in ["/w/x", "/w/y", "/w/z"] { host.tree.write(path(name), "text") }
    _ = try scan(all)
    let part = ScanRequest(paths: [path("/w/y")], acceptsDeletions: true)
    #expect(try scan(all, part).objects == 1)
    #expect(try scan(less, part).objects == 3)
    #expect(host.entry(path("/w/x"))?.state == .leftOut)
    #expect(try scan(less, part).objects == 1)
  }

  @Test func `mark nothing while a question is open`() throws {
    for name in ["/w/x", "/w/y"] { host.tree.write(path(name), "text") }
    _ = try scan(all)
    for name in ["/w/x", "/w/y"] { host.tree.remove(path(name)) }
    #expect(try scan(less, ScanRequest()).question != nil)
    #expect(host.entry(path("/w/x"))?.state == [])
  }
}
