import Model
import TestKit
import Testing
import Transport

private func path(_ text: String) -> TreePath { memoryPath(text) }

@Suite struct `Sessions` {
  private let trio = SessionTrio()
  private var a: MemoryHost { trio.a }
  private var b: MemoryHost { trio.b }
  private var c: MemoryHost { trio.c }

  @Test func `with nothing to say say only the ends`() {
    a.tree.write(path("/w/f"), "text")
    trio.settle()
    trio.meet(a, b)
    #expect(trio.lastResult.records == 0)
    #expect(trio.lastResult.frames == 6)
    #expect(Set(trio.lastResult.trace) == ["recordsEnd", "answersEnd", "done"])
  }

  @Test func `answer for deletions that were forgotten`() throws {
    a.tree.write(path("/w/f"), "text")
    trio.settle()
    a.tree.remove(path("/w/f"))
    trio.settle()
    trio.settle()
    #expect(try a.collect() == 1)
    #expect(try b.collect() == 1)
    #expect(a.entry(path("/w/f")) == nil)
    // c has the tombstone yet; a new replica makes everything be exchanged.
    try c.renew()
    trio.settle()
    #expect(trio.isGone("/w/f"))
  }

  @Test func `answer a host that comes back from before the deletion`() throws {
    a.tree.write(path("/w/f"), "text")
    trio.settle()
    let backup = c.store.copy()
    let files = c.tree.nodes
    a.tree.remove(path("/w/f"))
    trio.settle()
    trio.settle()
    for host in trio.all { try host.collect() }
    #expect(a.entry(path("/w/f")) == nil)
    c.store.restore(backup)
    c.tree.write(path("/w/f"), .file(Array("text".utf8)))
    #expect(files.count == 2)
    for _ in 0..<3 { trio.settle() }
    #expect(c.renewals > 0, "a host whose database is old takes a new identity")
    // Its file was in the backup of the database, too: nothing new, so the deletion stands or the
    // file is a new one; either way all agree.
    #expect(Set(trio.texts("/w/f")).count == 1)
  }

  @Test func `exchange everything once after a new replica`() throws {
    for number in 0..<5 { a.tree.write(path("/w/f\(number)"), "\(number)") }
    trio.settle()
    try b.renew()
    trio.meet(a, b)
    #expect(trio.lastResult.records == 12, "six on each side")
    trio.meet(a, b)
    #expect(trio.lastResult.records == 0)
  }

  @Test func `let a forced path win the next conflict with each host`() throws {
    a.tree.write(path("/w/f"), "old")
    trio.settle()
    a.tree.write(path("/w/f"), "forced")
    b.tree.write(path("/w/f"), "from b")
    try a.scan()
    _ = try Settlement.force(
      path("/w/f"), group: a.group.group, others: ["b", "c"], store: a.store)
    trio.settle()
    #expect(trio.texts("/w/f") == ["forced", "forced", "forced"])
    #expect(trio.conflicts("/w/f") == [nil, nil, nil])
    #expect(try a.store.forceMarks("g") == [])
  }

  @Test func `do not force the version of a host that has none`() throws {
    a.tree.write(path("/w/f"), "from a")
    b.tree.write(path("/w/f"), "from b")
    trio.meet(a, b)
    trio.meet(b, c)
    #expect(c.tree.text(path("/w/f")) == nil)
    _ = try Settlement.force(
      path("/w/f"), group: c.group.group, others: ["a", "b"], store: c.store)
    trio.settle()
    #expect(trio.texts("/w/f") == ["from a", "from b", nil], "nothing is deleted by it")
  }

  @Test func `that only look ahead touch nothing`() {
    a.tree.write(path("/w/d"), .directory)
    a.tree.write(path("/w/d/new"), "new")
    b.tree.write(path("/w/other"), "other")
    for host in trio.all { _ = try? host.scan() }
    let before = trio.all.map { ($0.store.fingerprint, $0.tree.nodes) }
    #expect(trio.meet(a, b, purpose: .forecast) == .complete)
    let deeds = trio.lastResult.caller?.forecasts.map { "\($0.host) \($0.2.path) \($0.2.deed)" }
    #expect(deeds?.sorted() == ["a /w/other create", "b /w/d create", "b /w/d/new create"])
    #expect(trio.meet(a, b, purpose: .verify) == .complete)
    let seen = trio.lastResult.caller?.differences.map { "\($0.kind.rawValue) \($0.path)" }
    #expect(seen?.sorted() == ["L /w/d", "L /w/d/new", "R /w/other"])
    for (host, before) in zip(trio.all, before) {
      #expect(host.store.fingerprint == before.0)
      #expect(host.tree.nodes == before.1)
    }
  }

  /// The connection breaks after each number of frames; the next session does the rest.
  @Test func `take up where they were cut`() {
    for cut in 0..<12 {
      let trio = SessionTrio(seed: UInt64(cut))
      for number in 0..<4 { trio.a.tree.write(path("/w/f\(number)"), "text \(number)") }
      trio.b.tree.write(path("/w/g"), "from b")
      #expect(trio.meet(trio.a, trio.b, cutAfter: cut) == .cut || cut > 8)
      trio.a.tree.write(path("/w/f1"), "later")
      #expect(trio.meet(trio.a, trio.b) == .complete)
      #expect(trio.b.tree.text(path("/w/f1")) == "later", "after \(cut) frames")
      #expect(trio.b.tree.text(path("/w/f3")) == "text 3", "after \(cut) frames")
      #expect(trio.a.tree.text(path("/w/g")) == "from b", "after \(cut) frames")
    }
  }

  @Test func `carry long paths in frames that are short enough`() {
    let name = String(repeating: "n", count: 250)
    var directory = path("/w")
    for _ in 0..<15 {
      directory = directory.child(name.utf8) ?? directory
      a.tree.write(directory, .directory)
    }
    for number in 0..<300 {
      a.tree.write(directory.child("\(number)".utf8) ?? directory, "text \(number)")
    }
    #expect(trio.meet(a, b) == .complete)
    #expect(b.tree.nodes == a.tree.nodes || b.tree.nodes.count == a.tree.nodes.count)
    trio.meet(a, c, purpose: .verify)
    #expect(trio.lastResult.end == .complete)
    trio.meet(a, c, purpose: .forecast)
    #expect(trio.lastResult.end == .complete)
  }

  @Test func `end where a peer sends more than it was asked for`() {
    a.tree.write(path("/w/f"), "text")
    var pump = SessionPump(seed: 1)
    pump.tamper = { message in
      guard case .content(let pieces) = message else { return message }
      return .content(
        pieces.map { ContentPiece(number: $0.number, kind: .part, bytes: $0.bytes + $0.bytes) })
    }
    let end = pump.run(a, b).end
    guard case .failed(let failure) = end else {
      Issue.record("\(end)")
      return
    }
    #expect(failure.kind == .protocolFault)
    #expect(b.tree.nodes[path("/w/f")] == nil)
  }

  @Test func `refuse paths that their own configuration does not hold`() {
    a.tree.write(path("/w/f"), "text")
    var pump = SessionPump(seed: 1)
    pump.tamper = { message in
      guard case .records(let group, let records) = message else { return message }
      return .records(
        group: group, records.map { PathRecord(path: path("/etc/shadow"), record: $0.record) })
    }
    guard case .failed(let failure) = pump.run(a, b).end else {
      Issue.record("taken")
      return
    }
    #expect(failure.kind == .protocolFault)
    #expect(b.entry(path("/etc/shadow")) == nil)
  }
}
