import Model
import TestKit
import Testing
import Transport

/// Looking through a whole group for one small content costs more than the content.
@Suite struct `A pass over all entries` {
  private func path(_ text: String) -> TreePath { memoryPath(text) }

  /// Content bytes that a rename of a small file takes, on a group whose pass reads so much.
  private func renameBytes(passCost: UInt64) throws -> Int {
    let trio = SessionTrio()
    // No text: none is kept beside the tree.
    let bytes = [UInt8](repeating: 0, count: 1_000)
    trio.a.tree.write(path("/w/f"), .file(bytes))
    trio.meet(trio.a, trio.b)
    trio.b.store.passCost = passCost
    trio.a.tree.write(path("/w/g"), .file(bytes))
    trio.a.tree.remove(path("/w/f"))
    var pump = SessionPump(seed: 5)
    let result = pump.run(trio.a, trio.b)
    #expect(result.end == .complete)
    #expect(trio.b.tree.nodes[path("/w/g")] != nil && trio.b.tree.nodes[path("/w/f")] == nil)
    return result.contentBytes
  }

  @Test func `is made for a rename where it costs little, and not where it costs much`() throws {
    #expect(try renameBytes(passCost: 0) == 0)
    #expect(try renameBytes(passCost: 1 << 20) == 0)
    #expect(try renameBytes(passCost: 1 << 30) >= 1_000)
  }

  @Test func `is worth as much as depends on it`() throws {
    let store = SessionTrio().a.store
    store.passCost = 160 << 20
    #expect(try !store.isWorthPass("g", bytes: 9 << 20))
    #expect(try store.isWorthPass("g", bytes: 10 << 20))
    #expect(try !store.isWorthPass("g", contents: 2_559))
    #expect(try store.isWorthPass("g", contents: 2_560))
    store.passCost = 4 << 20 - 1
    #expect(try store.isWorthPass("g"))
  }

  /// What former texts are left after three edits that everybody has heard of.
  private func ties(passCost: UInt64) throws -> Int {
    let trio = SessionTrio()
    for text in ["one", "two", "three"] {
      trio.a.tree.write(path("/w/f"), text)
      for _ in 0..<2 {
        for (left, right) in [(trio.a, trio.b), (trio.a, trio.c), (trio.b, trio.c)] {
          trio.meet(left, right)
        }
      }
      trio.a.store.passCost = passCost
      try trio.a.collect()
    }
    return try trio.a.store.tieCount(trio.a.group.name)
  }

  @Test func `is put off by those who let former texts go`() throws {
    #expect(try ties(passCost: 0) == 0)
    #expect(try ties(passCost: 1 << 30) == 2)
  }
}
