package import Model
package import Transport

/// Three hosts with one root, for situations that are told step by step.
package final class SessionTrio {
  package let a: MemoryHost
  package let b: MemoryHost
  package let c: MemoryHost
  package private(set) var lastResult = SessionPump.Result()
  private var seed: UInt64

  /// - Parameter statements: What the group holds and how.
  package init(seed: UInt64 = 1, statements: String = "include /w;") {
    self.seed = seed
    let names = ["a", "b", "c"]
    a = MemoryHost("a", number: 1, hosts: names, statements: statements)
    b = MemoryHost("b", number: 2, hosts: names, statements: statements)
    c = MemoryHost("c", number: 3, hosts: names, statements: statements)
  }

  package var all: [MemoryHost] { [a, b, c] }

  @discardableResult
  package func meet(
    _ left: MemoryHost, _ right: MemoryHost, purpose: Purpose = .synchronise,
    cutAfter: Int? = nil
  ) -> SessionPump.End {
    seed += 1
    var pump = SessionPump(seed: seed)
    pump.purpose = purpose
    pump.cutAfter = cutAfter
    lastResult = pump.run(left, right)
    return lastResult.end
  }

  /// Every pair meets, often enough for everything to get everywhere.
  package func settle() {
    for _ in 0..<4 {
      meet(a, b)
      meet(b, c)
      meet(a, c)
    }
  }

  /// What each host's file holds: nil for nothing or no file.
  package func texts(_ path: String) -> [String?] { all.map { $0.tree.text(memoryPath(path)) } }

  /// The kind of conflict on each host; nil: none.
  package func conflicts(_ path: String) -> [Conflict.Kind?] {
    all.map { $0.conflict(memoryPath(path), hosts: all)?.kind }
  }

  /// Whether nothing is there on any host.
  package func isGone(_ path: String) -> Bool {
    all.allSatisfy { $0.tree.nodes[memoryPath(path)] == nil }
  }
}
