import Model
import TestKit
import Testing
import Transport

private let f = memoryPath("/w/f")
private func path(_ text: String) -> TreePath { memoryPath(text) }

/// Three hosts; c is taken into parentheses, or out of them.
@Suite struct `A host that is to receive only, or not any more` {
  private let trio = SessionTrio()
  private var a: MemoryHost { trio.a }
  private var b: MemoryHost { trio.b }
  private var c: MemoryHost { trio.c }

  private func restrict() {
    for host in trio.all { host.configure(["a", "b", "(c)"]) }
  }

  @Test func `keeps what it had not told yet to itself`() throws {
    for name in ["f", "gone", "both"] { a.tree.write(path("/w/\(name)"), "base") }
    trio.settle()
    c.tree.write(f, "on c")
    c.tree.remove(path("/w/gone"))
    c.tree.write(path("/w/new"), "on c")
    c.tree.write(path("/w/both"), "same")
    try c.scan()
    restrict()
    a.tree.write(path("/w/both"), "same")
    trio.settle()
    #expect(trio.texts("/w/f") == ["base", "base", "on c"])
    #expect(trio.texts("/w/gone") == ["base", "base", nil])
    #expect(trio.texts("/w/new") == [nil, nil, "on c"])
    let rows = try c.store.localOnly("g").map { "\($0.kind.rawValue) \($0.path)" }
    #expect(rows == ["changed /w/f", "deleted /w/gone", "new /w/new"])
    #expect(try c.store.counts("g").pending == 0)
  }

  @Test func `is vouched for by who took its changes while it could make them`() throws {
    a.tree.write(path("/w/other"), "base")
    trio.settle()
    c.tree.write(f, "on c")
    trio.meet(a, c)
    restrict()
    #expect(trio.texts("/w/f") == ["on c", nil, "on c"])
    let failed = trio.meet(c, b)
    guard case .failed(let failure) = failed else {
      Issue.record("a host that only receives vouched for itself: \(failed)")
      return
    }
    #expect(failure.kind == .unavailable && failure.reason.contains("it lacks /w/f"))
    trio.settle()
    #expect(trio.texts("/w/f") == ["on c", "on c", "on c"])
    #expect(trio.conflicts("/w/f") == [nil, nil, nil])
    let author = try a.store.replicaState().replica
    #expect(b.entry(f)?.record.content.dots.map(\.replica) == [author])
    #expect(trio.meet(c, b) == .complete)
    #expect(try c.store.localOnly("g").isEmpty)
  }

  @Test func `takes back what it had not told, if the group has it after all`() throws {
    a.tree.write(path("/w/other"), "base")
    trio.settle()
    c.tree.write(f, "on c")
    // a has the file, and c never hears that it does.
    trio.meet(a, c, cutAfter: 12)
    restrict()
    trio.settle()
    let texts = trio.texts("/w/f")
    #expect(texts == ["on c", "on c", "on c"] || texts == [nil, nil, "on c"])
    #expect(try c.store.localOnly("g").isEmpty == (texts[0] != nil))
  }

  @Test func `is vouched for in a conflict, which stays one`() throws {
    a.tree.write(f, "base")
    trio.settle()
    a.tree.write(f, "on a")
    c.tree.write(f, "on c")
    trio.meet(a, c)
    restrict()
    trio.settle()
    #expect(trio.conflicts("/w/f") == [.content, .content, .content])
    #expect(b.conflict(f, hosts: trio.all)?.versions.count == 2)
  }

  @Test func `spreads what it had alone when it is a full member again`() throws {
    restrict()
    for name in ["edit", "gone", "both"] { a.tree.write(path("/w/\(name)"), "base") }
    trio.settle()
    c.tree.write(path("/w/edit"), "on c")
    c.tree.write(path("/w/both"), "on c")
    c.tree.write(path("/w/new"), "on c")
    c.tree.remove(path("/w/gone"))
    trio.settle()
    a.tree.write(path("/w/both"), "on a")
    trio.settle()
    for host in trio.all { host.configure(["a", "b", "c"]) }
    trio.settle()
    #expect(trio.texts("/w/edit") == ["on c", "on c", "on c"])
    #expect(trio.texts("/w/new") == ["on c", "on c", "on c"])
    #expect(trio.isGone("/w/gone"))
    #expect(trio.texts("/w/both") == ["on a", "on a", "on c"])
    #expect(trio.conflicts("/w/both") == [.content, .content, .content])
    #expect(try c.store.localOnly("g").isEmpty)
  }
}
