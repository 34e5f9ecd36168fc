import Model
import TestKit
import Testing
import Transport

private func path(_ text: String) -> TreePath { memoryPath(text) }

/// Three hosts, of which c is away, is retired and comes back.
@Suite struct `A host that was retired` {
  private let trio = SessionTrio()
  private var a: MemoryHost { trio.a }
  private var b: MemoryHost { trio.b }
  private var c: MemoryHost { trio.c }

  private func settleWithoutC() {
    for _ in 0..<4 { trio.meet(a, b) }
  }

  /// All have four files; c goes away; three of them are deleted and forgotten by a and b.
  private func deleteWhileAway() throws {
    for name in ["kept", "gone", "edited", "other"] { a.tree.write(path("/w/\(name)"), name) }
    trio.settle()
    trio.settle()
    for name in ["gone", "edited", "other"] { b.tree.remove(path("/w/\(name)")) }
    settleWithoutC()
    #expect(try a.collect() == 0, "c is away and blocks")
    try a.retire(c)
    settleWithoutC()
    #expect(try b.store.retired("g") == a.store.retired("g"), "b has heard of it")
    #expect(try a.collect() == 3)
    #expect(try b.collect() == 3)
  }

  @Test func `is refused by who knows, from either side, and nothing moves`() throws {
    try deleteWhileAway()
    c.tree.write(path("/w/edited"), "on c")
    try c.scan()
    let before = trio.all.map(\.store.fingerprint)
    #expect(trio.meet(a, c) == .refused)
    #expect(trio.lastResult.refused.sorted() == ["a", "c"])
    #expect(trio.meet(c, b) == .refused)
    #expect(trio.all.map(\.store.fingerprint) == before)
    #expect(c.tree.text(path("/w/gone")) == "gone")
  }

  @Test func `comes back with its edits and without what was deleted`() throws {
    try deleteWhileAway()
    c.tree.write(path("/w/edited"), "on c")
    c.tree.write(path("/w/new"), "on c, too")
    try c.scan()
    #expect(trio.meet(a, c) == .refused)
    try c.rejoin()
    trio.settle()
    #expect(trio.texts("/w/kept") == ["kept", "kept", "kept"])
    #expect(trio.isGone("/w/gone") && trio.isGone("/w/other"))
    #expect(trio.texts("/w/edited") == ["on c", "on c", "on c"])
    #expect(trio.texts("/w/new") == ["on c, too", "on c, too", "on c, too"])
    #expect(trio.conflicts("/w/edited") == [nil, nil, nil])
  }

  @Test func `holds its edit against another one as a conflict`() throws {
    a.tree.write(path("/w/f"), "base")
    trio.settle()
    a.tree.write(path("/w/f"), "on a")
    settleWithoutC()
    try b.retire(c)
    settleWithoutC()
    c.tree.write(path("/w/f"), "on c")
    try c.scan()
    try c.rejoin()
    trio.settle()
    #expect(trio.texts("/w/f") == ["on a", "on a", "on c"])
    #expect(trio.conflicts("/w/f") == [.content, .content, .content])
  }

  @Test func `deletes nothing elsewhere by what it lacks`() throws {
    for number in 0..<4 { a.tree.write(path("/w/f\(number)"), "\(number)") }
    trio.settle()
    try a.retire(c)
    a.tree.write(path("/w/new"), "on a")
    settleWithoutC()
    try c.rejoin()
    trio.settle()
    for number in 0..<4 {
      #expect(trio.texts("/w/f\(number)") == Array(repeating: "\(number)", count: 3))
    }
    #expect(trio.texts("/w/new") == ["on a", "on a", "on a"])
  }

  @Test func `blocks collection again when it takes part again`() throws {
    a.tree.write(path("/w/f"), "base")
    trio.settle()
    try a.retire(c)
    settleWithoutC()
    try c.rejoin()
    trio.meet(a, c)
    trio.settle()
    #expect(try Retirement.hosts("g", store: a.store).isEmpty)
    a.tree.remove(path("/w/f"))
    trio.meet(a, b)
    trio.meet(a, b)
    #expect(try a.collect() == 0)
    trio.settle()
    trio.settle()
    #expect(try a.collect() == 1)
  }

  @Test func `is not held to know what its former life knew`() throws {
    a.tree.write(path("/w/f"), "base")
    trio.settle()
    let before = try a.store.member("c", "g")?.knowledge
    #expect(before?.isEmpty == false)
    try c.rejoin()
    // The records come, and the line breaks before c has taken in anything.
    trio.meet(a, c)
    let member = try #require(try a.store.member("c", "g"))
    let replica = try c.store.replicaState().replica
    #expect(member.replica == replica)
    #expect(member.knowledge.map { try? c.store.knowledge("g").covers($0) } == true)
  }
}

@Suite struct `A greeting` {
  private func fault(_ greeting: Greeting) -> WireFault.What? {
    do throws(WireFault) {
      _ = try Message(encoded: Message.greeting(greeting).encoded)
      return nil
    } catch {
      return error.what
    }
  }

  private func retired(_ replicas: ReplicaID...) -> Greeting {
    var greeting = Sample.greeting
    greeting.groups[0].retired = replicas.map {
      RetiredReplica(replica: $0, host: "h", last: 1, seconds: 2, by: "x")
    }
    return greeting
  }

  @Test func `names retired replicas in order, each once`() {
    #expect(fault(retired()) == nil)
    #expect(fault(retired(Sample.one, Sample.two)) == nil)
    #expect(fault(retired(Sample.two, Sample.one)) == .badOrder)
    #expect(fault(retired(Sample.one, Sample.one)) == .badOrder)
  }

  @Test func `keeps to the limits`() {
    var greeting = retired(Sample.one)
    greeting.groups[0].retired[0].last = Dot.sequenceLimit + 1
    #expect(fault(greeting) == .tooLarge)
    greeting = retired(Sample.one)
    greeting.groups[0].retired[0].by = String(repeating: "x", count: Limits.nameBytes + 1)
    #expect(fault(greeting) == .tooLarge)
    greeting = Sample.greeting
    greeting.seconds = Dot.sequenceLimit + 1
    #expect(fault(greeting) == .tooLarge)
    greeting = Sample.greeting
    greeting.groups[0].retired = (0...Limits.vectorEntries).map {
      RetiredReplica(
        replica: ReplicaID(high: 1, low: UInt64($0)), host: "", last: 0, seconds: 0, by: "")
    }
    #expect(fault(greeting) == .tooLarge)
  }
}
