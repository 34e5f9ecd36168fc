import Model
import TestKit
import Testing
import Transport

private func path(_ text: String) -> TreePath { memoryPath(text) }

/// The situations of `spec/reconcile.md`, by their numbers.
@Suite struct `A situation` {
  private let trio = SessionTrio()
  private var a: MemoryHost { trio.a }
  private var b: MemoryHost { trio.b }
  private var c: MemoryHost { trio.c }

  private func start(_ files: [String: String]) {
    for (name, text) in files.sorted(by: { $0.key < $1.key }) { a.tree.write(path(name), text) }
    trio.settle()
  }

  @Test func `1: two edits at once are one conflict on three hosts, each live copy stays`() {
    start(["/w/f": "old"])
    a.tree.write(path("/w/f"), "from a")
    b.tree.write(path("/w/f"), "from b")
    trio.meet(a, c)
    trio.settle()
    #expect(trio.texts("/w/f") == ["from a", "from b", "from a"])
    #expect(trio.conflicts("/w/f") == [.content, .content, .content])
    let conflicts = trio.all.map { $0.conflict(path("/w/f"), hosts: trio.all) }
    #expect(Set(conflicts.map { $0?.id }).count == 1)
    #expect(Set(conflicts[2]?.versions.map(\.authors) ?? []) == [["a"], ["b"]])
  }

  @Test func `2: an edit on top of another reaches a host that was away`() {
    start(["/w/f": "old"])
    b.tree.write(path("/w/f"), "from b")
    trio.meet(a, b)
    a.tree.write(path("/w/f"), "from a after b")
    trio.meet(a, c)
    #expect(trio.texts("/w/f") == ["from a after b", "from b", "from a after b"])
    trio.settle()
    #expect(trio.conflicts("/w/f") == [nil, nil, nil])
  }

  @Test func `3: a third host serves what it got while the author is away`() {
    a.tree.write(path("/w/f"), "from a")
    trio.meet(a, b)
    trio.meet(b, c)
    #expect(trio.texts("/w/f") == ["from a", "from a", "from a"])
  }

  @Test func `4: the same content made twice is no conflict and moves no byte`() {
    start(["/w/f": "old"])
    a.tree.write(path("/w/f"), "same")
    b.tree.write(path("/w/f"), "same")
    trio.meet(a, b)
    #expect(trio.lastResult.contentBytes == 0)
    #expect(trio.conflicts("/w/f") == [nil, nil, nil])
    #expect(a.entry(path("/w/f"))?.record == b.entry(path("/w/f"))?.record)
  }

  @Test func `5: the same content with two modes is a conflict of the mode`() {
    start(["/w/f": "old"])
    a.tree.change(path("/w/f"), mode: 0o600)
    b.tree.change(path("/w/f"), mode: 0o640)
    trio.meet(a, b)
    let conflict = a.conflict(path("/w/f"), hosts: trio.all)
    #expect(conflict?.kind == .metadata)
    #expect(conflict?.fields == [.mode])
    #expect(b.tree.nodes[path("/w/f")]?.mode == Mode(bits: 0o640))
  }

  @Test func `6: an edit here and a mode there join`() throws {
    start(["/w/f": "old"])
    a.tree.write(path("/w/f"), "new")
    b.tree.change(path("/w/f"), mode: 0o600)
    try b.scan()
    let last = try b.store.replicaState().last
    trio.settle()
    #expect(trio.texts("/w/f") == ["new", "new", "new"])
    for host in trio.all { #expect(host.tree.nodes[path("/w/f")]?.mode == Mode(bits: 0o600)) }
    #expect(try b.store.replicaState().last == last, "a join mints nothing")
  }

  @Test func `7: a newer time alone is no event`() throws {
    start(["/w/f": "same"])
    let last = try a.store.replicaState().last
    a.tree.write(path("/w/f"), "same")
    try a.scan()
    #expect(try a.store.replicaState().last == last)
  }

  @Test func `8: an edit against a deletion stays as it is on each disk`() {
    start(["/w/f": "old"])
    a.tree.write(path("/w/f"), "edited")
    b.tree.remove(path("/w/f"))
    trio.settle()
    #expect(trio.conflicts("/w/f") == [.deleteEdit, .deleteEdit, .deleteEdit])
    #expect(trio.texts("/w/f")[0] == "edited")
    #expect(trio.texts("/w/f")[1] == nil)
  }

  @Test func `9: two deletions are one`() {
    start(["/w/f": "old"])
    a.tree.remove(path("/w/f"))
    b.tree.remove(path("/w/f"))
    trio.settle()
    #expect(trio.isGone("/w/f"))
    #expect(trio.conflicts("/w/f") == [nil, nil, nil])
  }

  @Test func `10: what is made again after a deletion lives`() {
    start(["/w/f": "old"])
    a.tree.remove(path("/w/f"))
    trio.meet(a, b)
    b.tree.write(path("/w/f"), "again")
    trio.settle()
    #expect(trio.texts("/w/f") == ["again", "again", "again"])
    #expect(trio.conflicts("/w/f") == [nil, nil, nil])
  }

  @Test func `11: a directory deleted here keeps what was made in it there`() {
    a.tree.write(path("/w/d"), .directory)
    start(["/w/d/x": "old", "/w/d/y": "old"])
    a.tree.remove(path("/w/d"))
    b.tree.write(path("/w/d/new"), "new")
    trio.settle()
    #expect(trio.texts("/w/d/new") == ["new", "new", "new"])
    #expect(trio.isGone("/w/d/x") && trio.isGone("/w/d/y"))
    #expect(trio.conflicts("/w/d") == [nil, nil, nil])
    b.tree.remove(path("/w/d/new"))
    trio.settle()
    #expect(trio.isGone("/w/d"), "a directory that only stood for its child goes with it")
  }

  @Test func `12: a child edited in a directory that was deleted is a conflict of its own`() {
    a.tree.write(path("/w/d"), .directory)
    start(["/w/d/x": "old", "/w/d/y": "old"])
    a.tree.remove(path("/w/d"))
    b.tree.write(path("/w/d/x"), "edited")
    trio.settle()
    #expect(trio.conflicts("/w/d/x") == [.deleteEdit, .deleteEdit, .deleteEdit])
    #expect(trio.isGone("/w/d/y"))
    #expect(trio.texts("/w/d/x")[1] == "edited")
  }

  @Test func `13: a rename against an edit leaves the edit in conflict and makes the new name`() {
    start(["/w/a": "text"])
    a.tree.move(path("/w/a"), to: path("/w/b"))
    b.tree.write(path("/w/a"), "edited")
    trio.settle()
    #expect(trio.conflicts("/w/a") == [.deleteEdit, .deleteEdit, .deleteEdit])
    #expect(trio.texts("/w/b") == ["text", "text", "text"])
  }

  @Test func `14: two renames make two names, and move no content`() {
    start(["/w/a": "text"])
    a.tree.move(path("/w/a"), to: path("/w/b"))
    b.tree.move(path("/w/a"), to: path("/w/c"))
    trio.meet(a, b)
    #expect(trio.lastResult.contentBytes == 0)
    trio.settle()
    #expect(trio.texts("/w/b") == ["text", "text", "text"])
    #expect(trio.texts("/w/c") == ["text", "text", "text"])
    #expect(trio.isGone("/w/a"))
  }

  @Test func `15: two names that change places`() {
    start(["/w/a": "one", "/w/b": "two"])
    a.tree.move(path("/w/a"), to: path("/w/t"))
    a.tree.move(path("/w/b"), to: path("/w/a"))
    a.tree.move(path("/w/t"), to: path("/w/b"))
    trio.settle()
    #expect(trio.texts("/w/a") == ["two", "two", "two"])
    #expect(trio.texts("/w/b") == ["one", "one", "one"])
  }

  @Test func `17: a directory becomes a file and back, with all that was in it`() {
    a.tree.write(path("/w/d"), .directory)
    start(["/w/d/x": "x"])
    a.tree.write(path("/w/d"), "file")
    trio.settle()
    #expect(trio.texts("/w/d") == ["file", "file", "file"])
    b.tree.write(path("/w/d"), .directory)
    b.tree.write(path("/w/d/y"), "y")
    trio.settle()
    #expect(trio.texts("/w/d/y") == ["y", "y", "y"])
    #expect(trio.isGone("/w/d/x"))
  }

  @Test func `17: a file does not replace a directory with something new in it`() {
    start(["/w/f": "f"])
    a.tree.write(path("/w/d"), .directory)
    trio.settle()
    a.tree.write(path("/w/d"), "file")
    b.tree.write(path("/w/d/new"), "new")
    trio.settle()
    #expect(trio.texts("/w/d/new")[1] == "new")
    #expect(trio.texts("/w/d")[0] == "file")
    #expect(trio.conflicts("/w/d") == [.type, .type, .type])
    trio.meet(a, b)
    #expect(trio.lastResult.records == 0, "the host of the directory says so once")
  }

  @Test func `18: a file and a directory at once are a conflict of types`() {
    a.tree.write(path("/w/d"), "file")
    b.tree.write(path("/w/d"), .directory)
    trio.settle()
    #expect(trio.conflicts("/w/d") == [.type, .type, .type])
  }

  @Test func `19: two links with two texts are a conflict, with one text none`() {
    a.tree.write(path("/w/l"), .symlink([0x78]))
    b.tree.write(path("/w/l"), .symlink([0x79]))
    a.tree.write(path("/w/m"), .symlink([0x78]))
    b.tree.write(path("/w/m"), .symlink([0x78]))
    trio.settle()
    #expect(trio.conflicts("/w/l") == [.content, .content, .content])
    #expect(trio.conflicts("/w/m") == [nil, nil, nil])
  }

  private func conflict() {
    start(["/w/f": "old"])
    a.tree.write(path("/w/f"), "from a")
    b.tree.write(path("/w/f"), "from b")
    trio.settle()
  }

  private func resolve(_ host: MemoryHost, _ choice: Choice) throws {
    let conflict = try #require(host.conflict(path("/w/f"), hosts: trio.all))
    let decree = Settlement.Decree(
      values: try conflict.values(for: choice), how: "host", seconds: 0)
    _ = try Settlement.resolve(conflict, decree, group: host.group.group, store: host.store)
  }

  @Test func `20: two hosts that resolve alike are done`() throws {
    conflict()
    try resolve(a, .host("b"))
    try resolve(c, .host("b"))
    trio.settle()
    #expect(trio.texts("/w/f") == ["from b", "from b", "from b"])
    #expect(trio.conflicts("/w/f") == [nil, nil, nil])
  }

  @Test func `21: two hosts that resolve differently are in conflict again, and only once`() throws
  {
    conflict()
    try resolve(a, .host("a"))
    try resolve(b, .host("b"))
    trio.settle()
    #expect(trio.conflicts("/w/f").allSatisfy { $0 != nil })
    trio.meet(a, b)
    #expect(trio.lastResult.records == 0, "no ping-pong")
    try resolve(c, .host("a"))
    trio.settle()
    #expect(trio.texts("/w/f") == ["from a", "from a", "from a"])
  }

  @Test func `22: a resolution settles what it was shown, and nothing that was on its way`() throws
  {
    start(["/w/f": "old"])
    a.tree.write(path("/w/f"), "from a")
    b.tree.write(path("/w/f"), "from b")
    c.tree.write(path("/w/f"), "from c")
    trio.meet(a, b)
    try resolve(a, .host("b"))
    trio.settle()
    #expect(trio.conflicts("/w/f") == [.content, .content, .content])
    let versions = a.conflict(path("/w/f"), hosts: trio.all)?.versions.map(\.authors)
    #expect(Set(versions ?? []) == [["a"], ["c"]])
  }

  @Test func `24: an edit between look and replacement is kept and becomes a conflict`() {
    start(["/w/f": "old"])
    a.tree.write(path("/w/f"), "from a")
    b.tree.beforeInstall = { [b] in
      b.tree.beforeInstall = nil
      b.tree.write(memoryPath("/w/f"), "from b, just now")
    }
    trio.meet(a, b)
    #expect(b.tree.text(path("/w/f")) == "from b, just now")
    trio.settle()
    #expect(trio.conflicts("/w/f") == [.content, .content, .content])
  }
}
