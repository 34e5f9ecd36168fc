import Model
import TestKit
import Testing
import Transport

@Suite struct `A session beside another one` {
  private let trio = SessionTrio()
  private var a: MemoryHost { trio.a }
  private var b: MemoryHost { trio.b }
  private let paths = (0..<50).map { memoryPath("/w/f\($0)") }

  /// All is new on a; somebody fetches all of it for b already.
  private func begin() {
    for (number, path) in paths.enumerated() {
      a.tree.write(path, .file(Array("text \(number)".utf8)))
      #expect(b.ledger.claim(b.group.name, path))
    }
  }

  private var missing: Int { paths.count { b.tree.nodes[$0] == nil } }

  @Test func `waits for it as long as it gets on`() throws {
    begin()
    var left = paths
    b.ledger.meanwhile = { [b] in
      if let path = left.popLast() { b.ledger.release(b.group.name, path) }
    }
    var pump = SessionPump(seed: 1)
    #expect(pump.run(a, b).end == .complete)
    #expect(missing == 0)
    #expect(try b.store.openCounts(b.group.name).pending == 0)
  }

  @Test func `ends if it gets nowhere, and another one brings the rest`() throws {
    begin()
    var asked = 0
    b.ledger.meanwhile = { asked += 1 }
    var pump = SessionPump(seed: 1)
    #expect(pump.run(a, b).end == .complete)
    #expect(missing == paths.count)
    #expect(try b.store.openCounts(b.group.name).pending == paths.count)
    #expect(asked > 5 && asked < 100)
    for path in paths { b.ledger.release(b.group.name, path) }
    #expect(pump.run(a, b).end == .complete)
    #expect(missing == 0)
  }
}
