import Model
import TestKit
import Testing
import Transport

private let f = memoryPath("/w/f")
private func path(_ text: String) -> TreePath { memoryPath(text) }

/// Three hosts, of which c only receives.
@Suite struct `A host that only receives` {
  private let trio = SessionTrio()
  private var a: MemoryHost { trio.a }
  private var b: MemoryHost { trio.b }
  private var c: MemoryHost { trio.c }

  init() {
    for host in trio.all { host.configure(["a", "b", "(c)"]) }
  }

  private func rows() throws -> [String: LocalOnly.Kind] {
    var out: [String: LocalOnly.Kind] = [:]
    for row in try c.store.localOnly("g") { out["\(row.path)"] = row.kind }
    return out
  }

  private func minted() throws -> UInt64 { try c.store.replicaState().last }

  @Test func `keeps what it changes, and nobody else gets it`() throws {
    for name in ["edited", "gone", "kept"] { a.tree.write(path("/w/\(name)"), name) }
    trio.settle()
    c.tree.write(path("/w/edited"), "on c")
    c.tree.remove(path("/w/gone"))
    c.tree.write(path("/w/d"), .directory)
    c.tree.write(path("/w/d/new"), "on c, too")
    trio.settle()
    #expect(trio.texts("/w/edited") == ["edited", "edited", "on c"])
    #expect(trio.texts("/w/gone") == ["gone", "gone", nil])
    #expect(trio.texts("/w/d/new") == [nil, nil, "on c, too"])
    #expect(
      try rows() == [
        "/w/edited": .changed, "/w/gone": .deleted, "/w/d": .new, "/w/d/new": .new,
      ])
    #expect(try minted() == 0)
    #expect(try c.store.counts("g").pending == 0)
    #expect(try c.store.counts("g").conflicts == 0)
  }

  @Test func `does not give it up for what others do meanwhile`() throws {
    for name in ["edit", "delete", "chmod"] { a.tree.write(path("/w/\(name)"), "base") }
    trio.settle()
    for name in ["edit", "delete", "chmod"] { c.tree.write(path("/w/\(name)"), "on c") }
    a.tree.write(path("/w/edit"), "on a")
    a.tree.remove(path("/w/delete"))
    a.tree.change(path("/w/chmod"), mode: 0o600)
    trio.settle()
    #expect(trio.texts("/w/edit") == ["on a", "on a", "on c"])
    #expect(trio.texts("/w/delete") == [nil, nil, "on c"])
    #expect(trio.texts("/w/chmod") == ["base", "base", "on c"])
    #expect(try rows().count == 3 && minted() == 0)
    #expect(try c.store.counts("g").pending == 0)
  }

  @Test func `notes an edit that it meets while it installs`() throws {
    a.tree.write(f, "base")
    trio.settle()
    a.tree.write(f, "on a")
    try a.scan()
    c.tree.beforeInstall = { [c] in
      c.tree.beforeInstall = nil
      c.tree.write(f, "on c")
    }
    trio.meet(a, c)
    #expect(c.tree.text(f) == "on c")
    #expect(try rows() == ["/w/f": .changed] && minted() == 0)
  }

  @Test func `joins what has become equal`() throws {
    a.tree.write(f, "base")
    trio.settle()
    c.tree.write(f, "same")
    c.tree.write(path("/w/g"), "same, too")
    trio.meet(a, c)
    #expect(try rows().count == 2)
    b.tree.write(f, "same")
    b.tree.write(path("/w/g"), "same, too")
    trio.settle()
    #expect(try rows().isEmpty && minted() == 0)
    #expect(c.entry(f)?.state == [])
    a.tree.write(f, "later")
    trio.settle()
    #expect(trio.texts("/w/f") == ["later", "later", "later"])
  }

  @Test func `lets a path follow again when its local change is undone`() throws {
    a.tree.write(f, "base")
    trio.settle()
    c.tree.write(f, "on c")
    trio.meet(a, c)
    c.tree.write(f, "base")
    c.tree.write(path("/w/n"), "new")
    trio.meet(a, c)
    #expect(try rows() == ["/w/n": .new])
    c.tree.remove(path("/w/n"))
    a.tree.write(f, "on a")
    trio.settle()
    #expect(try rows().isEmpty)
    #expect(trio.texts("/w/f") == ["on a", "on a", "on a"])
  }

  @Test func `is not read again while it stays as it was found`() throws {
    a.tree.write(f, "base")
    trio.settle()
    c.tree.write(f, "on c")
    c.tree.write(path("/w/n"), "on c")
    try c.scan()
    c.tree.trouble = { call, _ in call == .observe ? .refused("read again") : nil }
    #expect(try c.scan().problems.isEmpty)
    #expect(try rows() == ["/w/f": .changed, "/w/n": .new])
    c.tree.write(f, "on c again")
    #expect(try c.scan().problems.map(\.path) == [f])
  }

  @Test func `asks nothing about many deletions or reverts`() throws {
    for number in 0..<80 { a.tree.write(path("/w/f\(number)"), "\(number)") }
    trio.settle()
    for number in 0..<70 { c.tree.remove(path("/w/f\(number)")) }
    #expect(try c.scan(ScanRequest()).question == nil)
    #expect(try rows().count == 70 && minted() == 0)
  }

  @Test func `keeps a directory for what it has in it alone`() throws {
    a.tree.write(path("/w/d"), .directory)
    a.tree.write(path("/w/d/x"), "x")
    trio.settle()
    c.tree.write(path("/w/d/own"), "on c")
    a.tree.remove(path("/w/d"))
    trio.settle()
    #expect(c.tree.text(path("/w/d/own")) == "on c")
    #expect(c.tree.nodes[path("/w/d/x")] == nil)
    #expect(a.tree.nodes[path("/w/d")] == nil)
    a.tree.write(path("/w/d"), "a file now")
    trio.settle()
    #expect(c.tree.text(path("/w/d/own")) == "on c")
    #expect(trio.texts("/w/d") == ["a file now", "a file now", nil])
    #expect(try rows() == ["/w/d": .changed, "/w/d/own": .new])
    #expect(try c.store.counts("g").pending == 0 && minted() == 0)
    c.tree.remove(path("/w/d/own"))
    trio.settle()
    trio.settle()
    #expect(trio.texts("/w/d") == ["a file now", "a file now", "a file now"])
  }

  @Test func `passes on what others made`() throws {
    a.tree.write(f, "base")
    trio.settle()
    a.tree.write(f, "on a")
    trio.meet(a, c)
    trio.meet(c, b)
    #expect(trio.texts("/w/f") == ["on a", "on a", "on a"])
  }

  @Test func `gives up a local change for the group's version`() throws {
    for name in ["edit", "gone"] { a.tree.write(path("/w/\(name)"), "base") }
    trio.settle()
    c.tree.write(path("/w/edit"), "on c")
    c.tree.remove(path("/w/gone"))
    c.tree.write(path("/w/new"), "on c")
    trio.meet(a, c)
    for row in try c.store.localOnly("g") { #expect(try row.giveUp("g", store: c.store)) }
    trio.settle()
    #expect(trio.texts("/w/edit") == ["base", "base", "base"])
    #expect(trio.texts("/w/gone") == ["base", "base", "base"])
    #expect(trio.isGone("/w/new"))
    #expect(try rows().isEmpty && minted() == 0)
  }

  @Test func `shows a conflict of others and has no say in it`() throws {
    a.tree.write(f, "base")
    trio.settle()
    a.tree.write(f, "on a")
    b.tree.write(f, "on b")
    c.tree.write(f, "on c")
    trio.settle()
    #expect(trio.conflicts("/w/f") == [.content, .content, .content])
    #expect(c.conflict(f, hosts: trio.all)?.versions.contains { $0.isLiveHere } == false)
    let row = try #require(try c.store.localOnly("g", f))
    #expect(try !row.giveUp("g", store: c.store))
    #expect(trio.texts("/w/f") == ["on a", "on b", "on c"])
  }

  @Test func `does not stand in the way of forgetting deletions`() throws {
    a.tree.write(f, "base")
    trio.settle()
    c.tree.write(path("/w/own"), "on c")
    a.tree.remove(f)
    trio.settle()
    trio.settle()
    for host in trio.all { try host.collect() }
    #expect(trio.all.allSatisfy { $0.entry(f) == nil })
  }

  @Test func `shows in a comparison what it has alone`() throws {
    for name in ["edit", "gone", "same"] { a.tree.write(path("/w/\(name)"), "base") }
    trio.settle()
    c.tree.write(path("/w/edit"), "on c")
    c.tree.remove(path("/w/gone"))
    c.tree.write(path("/w/new"), "on c")
    trio.meet(a, c)
    trio.meet(a, c, purpose: .verify)
    let found = trio.lastResult.caller?.differences.map { "\($0.kind.rawValue) \($0.path)" }
    #expect(found == ["X /w/edit", "L /w/gone", "R /w/new"])
    trio.meet(c, a, purpose: .verify)
    let other = trio.lastResult.caller?.differences.map { "\($0.kind.rawValue) \($0.path)" }
    #expect(other == ["X /w/edit", "R /w/gone", "L /w/new"])
  }
}
