import Model
import TestKit
import Testing

@testable import ModelEdge

@Suite struct `The figures of runs` {
  private func run(_ number: Int64) -> RunFigures {
    RunFigures(
      time: number, milliseconds: number + 1, sent: number + 2, received: number + 3,
      deleted: number + 4, conflicts: number + 5, problems: number + 6, bytesOut: .max,
      bytesIn: number)
  }

  private func check(_ store: any Store) throws {
    #expect(try store.runs() == [])
    for number in 1...503 { try store.add(run(Int64(number))) }
    #expect(try store.runs() == (4...503).map { run($0) })
  }

  @Test func `are kept for the last 500`() throws {
    let scratch = StateScratch()
    let store = try openState(scratch).store
    try check(store)
    store.close()
    #expect(try openState(scratch).store.runs().last == run(503))
    try check(MemoryStore(replica: someReplica))
  }

  @Test func `go with a transaction that is undone`() throws {
    let store = try openState(StateScratch()).store
    _ = failure { () throws(Failure) in
      try store.transaction { () throws(Failure) in
        try store.add(run(1))
        throw Failure(.usage, "p", "a", "r")
      }
    }
    #expect(try store.runs() == [])
  }
}
