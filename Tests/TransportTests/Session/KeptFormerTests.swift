import Model
import TestKit
import Testing
import Transport

private func path(_ text: String) -> TreePath { memoryPath(text) }

@Suite struct `What a path had before` {
  private let trio = SessionTrio()
  private var a: MemoryHost { trio.a }
  private var b: MemoryHost { trio.b }
  private var c: MemoryHost { trio.c }
  private let f = path("/w/f")

  private func holds(_ host: MemoryHost, _ text: String) throws -> Bool {
    let bytes = Array(text.utf8)
    return try host.store.content(memoryDigest(bytes), limit: 1 << 20) == bytes
  }

  private func held(_ host: MemoryHost) throws -> Int { try host.store.contentsHeld().count }

  private func collect() throws {
    for host in trio.all { try host.collect() }
  }

  @Test func `is kept wherever it was shown, until every host knows what replaced it`() throws {
    a.tree.write(f, "old")
    trio.settle()
    for host in trio.all { #expect(try holds(host, "old"), "\(host.name)") }
    a.tree.write(f, "new")
    trio.meet(a, b)
    try collect()
    #expect(try holds(a, "old") && holds(a, "new"))
    #expect(try holds(b, "old") && holds(b, "new"))
    trio.settle()
    try collect()
    for host in trio.all {
      #expect(try !holds(host, "old") && holds(host, "new"), "\(host.name)")
      #expect(try host.store.tieCount("g") == 0)
    }
  }

  @Test func `stays as long as the path is in conflict`() throws {
    a.tree.write(f, "old")
    trio.settle()
    a.tree.write(f, "from a")
    b.tree.write(f, "from b")
    trio.settle()
    try collect()
    for host in trio.all { #expect(try holds(host, "old"), "\(host.name)") }
  }

  @Test func `is kept after a deletion and goes with it`() throws {
    a.tree.write(f, "old")
    trio.settle()
    a.tree.remove(f)
    trio.meet(a, b)
    try collect()
    #expect(try holds(a, "old") && holds(b, "old"))
    trio.settle()
    try collect()
    for host in trio.all { #expect(try held(host) == 0, "\(host.name)") }
  }

  @Test func `is kept once, however many paths have it`() throws {
    a.tree.write(f, "same")
    a.tree.write(path("/w/g"), "same")
    trio.settle()
    #expect(try held(a) == 1)
    a.tree.write(f, "other")
    trio.settle()
    try collect()
    // The second path shows it yet.
    for host in trio.all { #expect(try holds(host, "same"), "\(host.name)") }
    a.tree.remove(path("/w/g"))
    trio.settle()
    try collect()
    for host in trio.all { #expect(try !holds(host, "same"), "\(host.name)") }
  }

  @Test func `is not kept if it is no text, too large or not wanted`() throws {
    b.limits.ancestorBytes = 3
    c.limits.ancestorBytes = 0
    a.tree.write(f, .file([0, 1, 2]))
    a.tree.write(path("/w/g"), "four")
    a.tree.write(path("/w/h"), .file([UInt8](repeating: 65, count: 70_000)))
    trio.settle()
    #expect(try held(a) == 1)
    #expect(try held(b) == 0)
    #expect(try held(c) == 0)
  }

  @Test func `takes no more than a quarter of the room`() throws {
    a.limits.totalBytes = 240
    for number in 0..<5 { a.tree.write(path("/w/\(number)"), "\(number) is kept, 20 bytes.") }
    try a.scan()
    #expect(try held(a) == 3)
  }
}
