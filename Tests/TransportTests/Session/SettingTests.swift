import Model
import TestKit
import Testing
import Transport

private func path(_ text: String) -> TreePath { memoryPath(text) }

private let shop = Owner(user: .name(Array("shop".utf8)), group: .name(Array("web".utf8)))

@Suite struct `What a group ignores` {
  private let trio = SessionTrio(statements: "include /w; ignore uid gid mod mtime;")
  private var a: MemoryHost { trio.a }
  private var b: MemoryHost { trio.b }

  private func configure(_ statements: String) {
    for host in trio.all { host.configure(statements) }
  }

  private func last(_ host: MemoryHost) throws -> UInt64 { try host.store.replicaState().last }

  @Test func `is no event, and is never changed on an object that is there`() throws {
    a.tree.write(path("/w/f"), .file(Array("old".utf8)), mode: 0o644, owner: shop)
    trio.settle()
    b.tree.change(path("/w/f"), mode: 0o640, owner: shop)
    let before = try last(b)
    try b.scan()
    #expect(try last(b) == before)
    a.tree.write(path("/w/f"), "new")
    trio.settle()
    #expect(trio.texts("/w/f") == ["new", "new", "new"])
    #expect(trio.all.map { $0.tree.nodes[path("/w/f")]?.mode.bits } == [0o644, 0o640, 0o600])
    #expect(b.tree.nodes[path("/w/f")]?.owner == shop)
    #expect(trio.c.tree.nodes[path("/w/f")]?.owner.user == .number(0))
    for host in trio.all {
      #expect(
        host.entry(path("/w/f"))?.state == [
          .ignoresMode, .ignoresUser, .ignoresGroup,
        ])
    }
  }

  @Test func `is no conflict where the same content came to life on two hosts`() throws {
    a.tree.write(path("/w/f"), .file(Array("x".utf8)), mode: 0o644, owner: shop)
    b.tree.write(path("/w/f"), .file(Array("x".utf8)), mode: 0o600)
    trio.settle()
    #expect(trio.conflicts("/w/f") == [nil, nil, nil])
    #expect(a.entry(path("/w/f"))?.record.mode.settled == Mode(bits: 0o600))
  }

  @Test func `changes nothing when it begins, and what differs is a conflict when it ends`() throws
  {
    configure("include /w;")
    for name in ["/w/same", "/w/differs", "/w/left"] {
      a.tree.write(path(name), .file(Array("x".utf8)), mode: 0o644)
    }
    trio.settle()
    configure("include /w; ignore mod;")
    let before = try trio.all.map { try last($0) }
    trio.settle()
    #expect(try trio.all.map { try last($0) } == before)
    for host in [a, b] { host.tree.change(path("/w/same"), mode: 0o640) }
    a.tree.change(path("/w/differs"), mode: 0o640)
    b.tree.change(path("/w/differs"), mode: 0o600)
    trio.settle()
    #expect(try trio.all.map { try last($0) } == before)
    configure("include /w;")
    trio.settle()
    #expect(trio.conflicts("/w/same") == [nil, nil, nil])
    #expect(trio.c.tree.nodes[path("/w/same")]?.mode == Mode(bits: 0o640))
    #expect(trio.conflicts("/w/differs") == [.metadata, .metadata, .metadata])
    #expect(trio.conflicts("/w/left") == [nil, nil, nil])
    #expect(b.tree.nodes[path("/w/left")]?.mode == Mode(bits: 0o644))
  }

  @Test func `gives way to what is recorded when it ends`() throws {
    configure("include /w;")
    a.tree.write(path("/w/f"), .file(Array("x".utf8)), mode: 0o644)
    trio.meet(a, trio.c)
    configure("include /w; ignore mod;")
    trio.settle()
    #expect(b.tree.nodes[path("/w/f")]?.mode == Mode(bits: 0o600))
    configure("include /w;")
    trio.settle()
    #expect(trio.conflicts("/w/f") == [nil, nil, nil])
    #expect(b.tree.nodes[path("/w/f")]?.mode == Mode(bits: 0o644))
  }

  @Test func `leaves the other half of an owner to count`() throws {
    configure("include /w; ignore uid;")
    a.tree.write(path("/w/f"), .file(Array("x".utf8)), mode: 0o644, owner: shop)
    trio.settle()
    #expect(b.tree.nodes[path("/w/f")]?.owner == Owner(user: .number(0), group: shop.group))
    b.tree.change(path("/w/f"), owner: Owner(user: .number(0), group: .number(0)))
    trio.settle()
    #expect(trio.conflicts("/w/f") == [nil, nil, nil])
    #expect(a.tree.nodes[path("/w/f")]?.owner == Owner(user: shop.user, group: .number(0)))
  }

  @Test func `of times means that a file gets the time of its arrival`() throws {
    configure("include /w; ignore mtime;")
    a.tree.write(path("/w/f"), "x")
    let written = a.tree.nodes[path("/w/f")]?.modified
    for _ in 0..<9 { b.tree.write(path("/w/g"), "tick") }
    trio.settle()
    #expect(b.tree.nodes[path("/w/f")]?.modified != written)
    #expect(trio.texts("/w/f") == ["x", "x", "x"])
  }
}

@Suite struct `A host that takes no deletions` {
  private let trio = SessionTrio(statements: "include /w; no-delete b;")
  private var a: MemoryHost { trio.a }
  private var b: MemoryHost { trio.b }

  init() {
    a.tree.write(path("/w/d"), .directory)
    a.tree.write(path("/w/d/f"), "old")
    trio.settle()
    a.tree.remove(path("/w/d"))
    trio.settle()
  }

  @Test func `keeps what others delete and has nothing to do about it`() throws {
    #expect(trio.texts("/w/d/f") == [nil, "old", nil])
    #expect(b.entry(path("/w/d/f"))?.state == [.keptDeleted, .tombstone])
    #expect(b.entry(path("/w/d"))?.state == [.keptDeleted, .tombstone])
    #expect(try b.store.counts("g").kept == 2)
    #expect(try b.store.counts("g").pending == 0)
    for host in trio.all { _ = try host.collect() }
    trio.settle()
    #expect(b.entry(path("/w/d/f")) != nil, "else it would come back as new")
    #expect(trio.texts("/w/d/f") == [nil, "old", nil])
  }

  @Test func `brings the path to life by an edit`() throws {
    b.tree.write(path("/w/d/f"), "edited")
    trio.settle()
    #expect(trio.texts("/w/d/f") == ["edited", "edited", "edited"])
    #expect(trio.conflicts("/w/d/f") == [nil, nil, nil])
    #expect(b.entry(path("/w/d/f"))?.isKeptDeleted == false)
  }

  @Test func `forgets the path once it is deleted there as well`() throws {
    let before = try b.store.replicaState().last
    b.tree.remove(path("/w/d"))
    trio.settle()
    #expect(try b.store.replicaState().last == before)
    #expect(try b.store.counts("g").kept == 0)
  }

  @Test func `takes a path that comes back elsewhere`() throws {
    a.tree.write(path("/w/d"), .directory)
    a.tree.write(path("/w/d/f"), "again")
    trio.settle()
    #expect(trio.texts("/w/d/f") == ["again", "again", "again"])
    #expect(b.entry(path("/w/d/f"))?.state == [])
  }

  @Test func `gives them up when it takes deletions again`() throws {
    b.configure("include /w;")
    trio.settle()
    #expect(trio.isGone("/w/d"))
    #expect(try b.store.counts("g").kept == 0)
  }

  @Test func `carries out that something became of another kind`() throws {
    for (host, content) in [(a, MemoryContent.file([0x78])), (a, .symlink([0x79]))] {
      host.tree.write(path("/w/g"), content)
      trio.settle()
    }
    #expect(b.tree.nodes[path("/w/g")]?.content == .symlink([0x79]))
  }
}
