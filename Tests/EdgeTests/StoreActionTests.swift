import Model
import ModelEdge
import TestKit
import Testing

private func order(_ command: String, log: String? = nil, retries: Int = 1) -> ActionOrder {
  ActionOrder(
    group: "web", command: command, logFile: log, place: "c:1:1", timeoutSeconds: 9,
    retries: retries)
}

private func paths(_ names: String...) -> [TreePath] { names.compactMap { TreePath($0) } }

/// What is true of any store: the one on the disk, and the one of other tests.
enum ActionStoreKind: String, CaseIterable {
  case database, memory

  func make(_ scratch: StateScratch) throws -> any Store {
    switch self {
    case .database: try openState(scratch).store
    case .memory: MemoryStore(replica: ReplicaID(high: 1, low: 1))
    }
  }
}

@Suite struct `A queue of actions` {
  private func begin(_ store: any Store, now: Int64, fit: Int = .max) throws -> ActionTurn.Begun? {
    try ActionTurn.begin(in: store, now: now) { _, _ in fit }
  }

  @Test(arguments: ActionStoreKind.allCases)
  func `holds a command once, with all names, until it runs`(kind: ActionStoreKind) throws {
    let scratch = StateScratch()
    let store = try kind.make(scratch)
    try store.queue(order("x"), names: paths("/b", "/a"), seconds: 5)
    try store.queue(order("x"), names: paths("/a", "/c"), seconds: 6)
    try store.queue(order("x", log: "/l"), names: paths("/a"), seconds: 6)
    #expect(try store.actionRuns().map(\.names) == [3, 1])
    #expect(try begin(store, now: 4) == nil, "not due yet")
    let begun = try #require(try begin(store, now: 7))
    #expect(begun.run.id == 1 && begun.run.state == .running && begun.run.attempts == 1)
    #expect(begun.names == paths("/a", "/b", "/c"))
    try store.queue(order("x"), names: paths("/d"), seconds: 8)
    #expect(try store.actionRuns().map(\.state) == [.running, .waiting, .waiting])
    #expect(try store.actionNames(3, limit: 9) == paths("/d"))
  }

  @Test(arguments: ActionStoreKind.allCases)
  func `tries again later and later, and then waits for somebody`(kind: ActionStoreKind) throws {
    let scratch = StateScratch()
    let store = try kind.make(scratch)
    try store.queue(order("x"), names: paths("/a"), seconds: 0)
    let bad = ProgramResult(end: .exit(3), output: Array("no".utf8), outputBytes: 2)
    let first = try #require(try begin(store, now: 100))
    let ended = try ActionTurn.end(first.run, bad, in: store, now: 110)
    #expect(ended.state == .waiting && ended.due == 120 && ended.isTrouble)
    #expect(try ActionTurn.nextDue(in: store) == 120)
    #expect(try begin(store, now: 119) == nil)
    let second = try #require(try begin(store, now: 120))
    #expect(try ActionTurn.end(second.run, bad, in: store, now: 121).state == .failed)
    #expect(try begin(store, now: 9_999_999) == nil)
    #expect(try store.actionOutput(1) == Array("no".utf8))
    #expect(try store.actionRun(1)?.end == "exit 3")
    try store.queue(order("x"), names: paths("/b"), seconds: 200)
    let third = try #require(try begin(store, now: 200))
    #expect(third.run.attempts == 1 && third.names == paths("/a", "/b"))
    #expect(
      try ActionTurn.end(third.run, ProgramResult(end: .exit(0)), in: store, now: 201)
        .state == .done)
    #expect(
      (1...12).map { ActionTurn.pause(after: $0) }
        == [10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 3_600, 3_600, 3_600])
    #expect(ActionTurn.pause(after: .max) == 3_600)
  }

  @Test(arguments: ActionStoreKind.allCases)
  func `runs again what a dead process had begun, but not for ever`(kind: ActionStoreKind) throws {
    let scratch = StateScratch()
    let store = try kind.make(scratch)
    try store.queue(order("x"), names: paths("/a"), seconds: 0)
    _ = try begin(store, now: 1)
    #expect(try begin(store, now: 1) == nil)
    try ActionTurn.resume(in: store, now: 2)
    #expect(try begin(store, now: 2)?.run.attempts == 2)
    try ActionTurn.resume(in: store, now: 3)
    #expect(try store.actionRun(1)?.state == .failed)
  }

  @Test(arguments: ActionStoreKind.allCases)
  func `gives what one run cannot take to another one`(kind: ActionStoreKind) throws {
    let scratch = StateScratch()
    let store = try kind.make(scratch)
    try store.queue(order("x"), names: paths("/a", "/b", "/c"), seconds: 0)
    #expect(try begin(store, now: 1, fit: 2)?.names == paths("/a", "/b"))
    #expect(try begin(store, now: 1, fit: 0)?.names == paths("/c"))
    #expect(try begin(store, now: 1) == nil)
    #expect(try store.actionRuns().map(\.names) == [2, 1])
  }

  @Test(arguments: ActionStoreKind.allCases)
  func `is not held up by a clock that was wrong`(kind: ActionStoreKind) throws {
    let scratch = StateScratch()
    let store = try kind.make(scratch)
    try store.queue(order("x"), names: paths("/a"), seconds: 1_000_000)
    #expect(try begin(store, now: 999_999) == nil)
    #expect(try begin(store, now: 5)?.run.id == 1)
  }

  @Test(arguments: ActionStoreKind.allCases)
  func `keeps the last that are done, and their first names`(kind: ActionStoreKind) throws {
    let scratch = StateScratch()
    let store = try kind.make(scratch)
    let many = (0..<1_200).compactMap { TreePath("/\(1_000 + $0)") }
    try store.transaction { () throws(Failure) in
      for index in 0..<105 {
        let names = index == 104 ? many : Array(many.prefix(1))
        try store.queue(order("x\(index)"), names: names, seconds: 0)
      }
    }
    for _ in 0..<105 {
      let begun = try #require(try begin(store, now: 1))
      _ = try ActionTurn.end(begun.run, ProgramResult(end: .exit(0)), in: store, now: 1)
    }
    let runs = try store.actionRuns()
    #expect(runs.map(\.id) == Array(6...105))
    #expect(runs.last?.names == 1_200)
    #expect(try store.actionNames(105, limit: .max) == Array(many.prefix(1_000)))
    try store.removeAction(105)
    #expect(try store.actionRun(105) == nil)
    #expect(try store.actionNames(105, limit: 9) == [])
    try store.queue(order("y"), names: many, seconds: 0)
    #expect(try store.actionRuns().last?.id == 106, "no number means two runs")
  }

  @Test func `outlives its process, and goes with its transaction`() throws {
    let scratch = StateScratch()
    let store = try openState(scratch).store
    try store.queue(order("x"), names: paths("/a"), seconds: 3)
    let undo = Failure(.busy, "x", "y", "z")
    #expect(throws: undo) {
      try store.transaction { () throws(Failure) in
        try store.queue(order("x"), names: paths("/b"), seconds: 4)
        throw undo
      }
    }
    store.close()
    let again = try openState(scratch).store
    #expect(try again.actionRuns().map(\.due) == [3])
    #expect(try again.actionNames(1, limit: 9) == paths("/a"))
  }
}
