import Model
import TestKit
import Testing
import Transport

private func path(_ text: String) -> TreePath { memoryPath(text) }

/// Looks that claim nothing, at parts and at roots alone, and words that insist.
@Suite struct `A look that claims nothing` {
  private let trio = SessionTrio()
  private var a: MemoryHost { trio.a }
  private var b: MemoryHost { trio.b }

  private func initial(_ host: MemoryHost) throws -> ScanReport {
    try host.scan(ScanRequest(isInitial: true))
  }

  @Test func `joins what is equal and sets what differs beside each other`() throws {
    for (host, text) in [(a, "from a"), (b, "from b")] {
      host.tree.write(path("/w/same"), "equal")
      host.tree.write(path("/w/f"), text)
      _ = try initial(host)
    }
    trio.settle()
    #expect(trio.conflicts("/w/same") == [nil, nil, nil])
    #expect(trio.texts("/w/same") == ["equal", "equal", "equal"])
    #expect(trio.conflicts("/w/f") == [.unrelated, .unrelated, .unrelated])
    #expect(trio.texts("/w/f").prefix(2) == ["from a", "from b"])
  }

  @Test func `lets a change win over nothing and lose to nothing`() throws {
    a.tree.write(path("/w/f"), "base")
    a.tree.write(path("/w/g"), "base")
    trio.settle()
    a.tree.write(path("/w/f"), "changed")
    #expect(try initial(a).changes.map(\.path) == [path("/w/f")])
    trio.settle()
    #expect(trio.texts("/w/f") == ["changed", "base", "base"])
    #expect(trio.conflicts("/w/f") == [.content, .content, .content])
    #expect(trio.conflicts("/w/g") == [nil, nil, nil])
  }

  @Test func `takes over without a word what the others have already`() throws {
    a.tree.write(path("/w/f"), "base")
    trio.settle()
    b.tree.write(path("/w/f"), "news")
    trio.meet(b, trio.c)
    a.tree.write(path("/w/f"), "news")
    _ = try initial(a)
    trio.settle()
    #expect(trio.texts("/w/f") == ["news", "news", "news"])
    #expect(trio.conflicts("/w/f") == [nil, nil, nil])
  }

  @Test func `takes what is missing for no deletion, and it comes back`() throws {
    a.tree.write(path("/w/f"), "base")
    a.tree.write(path("/w/stays"), "base")
    trio.settle()
    a.tree.remove(path("/w/f"))
    let report = try initial(a)
    #expect(report.discarded == [path("/w/f")] && report.events == 0)
    trio.meet(a, b)
    trio.settle()
    #expect(trio.texts("/w/f") == ["base", "base", "base"])
  }

  @Test func `leaves what nobody else has to a look that counts`() throws {
    a.tree.write(path("/w/f"), "only here")
    try a.scan()
    a.tree.remove(path("/w/f"))
    a.tree.write(path("/w/g"), "x")
    #expect(try initial(a).discarded == [])
    #expect(try a.scan().changes.contains { $0.path == path("/w/f") && $0.isDeletion })
  }

  @Test func `sets a file that comes back beside its deletion`() throws {
    a.tree.write(path("/w/f"), "base")
    a.tree.write(path("/w/g"), "base")
    trio.settle()
    b.tree.remove(path("/w/f"))
    trio.settle()
    a.tree.write(path("/w/f"), "again")
    _ = try initial(a)
    trio.settle()
    #expect(trio.texts("/w/f") == ["again", nil, nil])
  }

  @Test func `still asks about a root that is empty`() throws {
    a.tree.write(path("/w/f"), "base")
    trio.settle()
    a.tree.remove(path("/w/f"))
    #expect(try initial(a).question == .emptied(path("/w")))
  }
}

@Suite struct `A look at a part` {
  private let host = MemoryHost("a", number: 1, hosts: ["a", "b"])

  @Test func `leaves alone what is in a directory, if it is shallow`() throws {
    host.tree.write(path("/w/d"), .directory)
    host.tree.write(path("/w/d/f"), "text")
    let shallow = ScanRequest(paths: [path("/w/d")], isShallow: true)
    #expect(try host.scan(shallow).changes.map(\.path) == [path("/w/d")])
    #expect(host.entry(path("/w/d/f")) == nil)
    try host.scan()
    host.tree.write(path("/w/d/f"), "other")
    #expect(try host.scan(shallow).changes == [])
    host.tree.remove(path("/w/d/f"))
    host.tree.remove(path("/w/d"))
    host.tree.write(path("/w/stays"), "text")
    #expect(try host.scan(shallow).changes.map(\.isDeletion) == [true, true], "all of it is gone")
  }

  @Test func `records nothing at roots alone, but asks`() throws {
    host.tree.write(path("/w/f"), "text")
    let roots = ScanRequest(isShallow: true)
    #expect(try host.scan(roots) == ScanReport())
    try host.scan()
    host.tree.write(path("/w/f"), "other")
    #expect(try host.scan(roots) == ScanReport())
    host.tree.remove(path("/w/f"))
    #expect(try host.scan(roots).question == .emptied(path("/w")))
    host.tree.remove(path("/w"))
    #expect(try host.scan(roots).question == .rootMissing(path("/w"), "it is not there"))
  }

  @Test func `takes a root that is gone for no deletion of the part`() throws {
    host.tree.write(path("/w/f"), "text")
    try host.scan()
    host.tree.remove(path("/w/f"))
    let part = ScanRequest(paths: [path("/w/f")])
    #expect(try host.scan(part).question == .emptied(path("/w")))
    host.tree.remove(path("/w"))
    #expect(try host.scan(part).question == .rootMissing(path("/w"), "it is not there"))
    #expect(host.entry(path("/w/f"))?.record.isTombstone == false)
  }
}

@Suite struct `To insist on what is here` {
  private let trio = SessionTrio()
  private var a: MemoryHost { trio.a }
  private var b: MemoryHost { trio.b }

  private func insist(_ name: String) throws {
    _ = try Settlement.insist(
      path(name), group: a.group.group, others: ["b", "c"], store: a.store)
  }

  @Test func `wins over newer versions that were never heard of`() throws {
    a.tree.write(path("/w/f"), "from a")
    trio.settle()
    b.tree.write(path("/w/f"), "newer")
    trio.meet(b, trio.c)
    try insist("/w/f")
    trio.settle()
    #expect(trio.texts("/w/f") == ["from a", "from a", "from a"])
    #expect(trio.conflicts("/w/f") == [nil, nil, nil])
  }

  @Test func `brings back what was deleted elsewhere`() throws {
    a.tree.write(path("/w/f"), "from a")
    trio.settle()
    b.tree.remove(path("/w/f"))
    trio.meet(b, trio.c)
    try insist("/w/f")
    trio.settle()
    #expect(trio.texts("/w/f") == ["from a", "from a", "from a"])
  }

  @Test func `deletes what only others have`() throws {
    b.tree.write(path("/w/f"), "from b")
    trio.meet(b, trio.c)
    try insist("/w/f")
    trio.settle()
    #expect(trio.isGone("/w/f"))
    #expect(trio.conflicts("/w/f") == [nil, nil, nil])
  }

  @Test func `loses to what is written after the meeting`() throws {
    b.tree.write(path("/w/f"), "from b")
    trio.meet(b, trio.c)
    try insist("/w/f")
    trio.settle()
    b.tree.write(path("/w/f"), "again")
    trio.settle()
    #expect(trio.texts("/w/f") == ["again", "again", "again"])
  }
}
