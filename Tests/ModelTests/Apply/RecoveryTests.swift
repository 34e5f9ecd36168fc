import Model
import TestKit
import Testing

private let path = memoryPath("/w/f")

@Suite struct `A run that died` {
  private let trio = SessionTrio()

  /// b dies at its n-th transaction from now on while it takes over a new version of `/w/f`.
  private func die(at transaction: Int) -> MemoryHost {
    let (a, b) = (trio.a, trio.b)
    a.tree.write(path, "old")
    trio.meet(a, b)
    a.tree.write(path, "new")
    b.store.transactionsUntilFailure = transaction
    trio.meet(a, b)
    b.store.transactionsUntilFailure = nil
    return b
  }

  @Test func `is finished or undone wherever it died`() throws {
    for transaction in 0..<14 {
      let test = Self()
      let b = test.die(at: transaction)
      _ = try Recovery.run(store: b.store, disk: b.disk)
      #expect(try b.store.journal().isEmpty)
      #expect(["old", "new"].contains(b.tree.text(path)), "transaction \(transaction)")
      let last = try b.store.replicaState().last
      try b.scan()
      #expect(
        try b.store.replicaState().last == last, "transaction \(transaction): an event of its own")
      test.trio.meet(test.trio.a, b)
      #expect(b.tree.text(path) == "new", "transaction \(transaction)")
      #expect(b.conflict(path, hosts: test.trio.all) == nil)
    }
  }

  @Test func `is kept in the journal while its root cannot be reached`() throws {
    for transaction in 0..<14 {
      let test = Self()
      let b = test.die(at: transaction)
      guard try !b.store.journal().isEmpty else { continue }
      b.tree.trouble = { call, _ in call == .stat ? .rootUnavailable("not mounted") : nil }
      _ = try Recovery.run(store: b.store, disk: b.disk)
      #expect(try b.store.journal().flatMap(\.rows).count == 1, "transaction \(transaction)")
      b.tree.trouble = nil
      _ = try Recovery.run(store: b.store, disk: b.disk)
      #expect(try b.store.journal().isEmpty)
      try b.scan()
      #expect(b.conflict(path, hosts: test.trio.all) == nil)
      test.trio.meet(test.trio.a, b)
      #expect(b.tree.text(path) == "new")
    }
  }
}
