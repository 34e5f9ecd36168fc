import Model
import TestKit
import Testing

@testable import ModelEdge

/// Both stores keep history alike.
enum HistoryKeeper: String, CaseIterable, CustomTestStringConvertible {
  case database, memory

  var testDescription: String { rawValue }

  func make(_ scratch: StateScratch) throws -> any Store {
    self == .memory ? MemoryStore(replica: a) : try openState(scratch).store
  }
}

private let f = memoryPath("/w/f")

private func step(_ at: Dot, reason: String = "") -> HistoryStep {
  HistoryStep(
    dot: at, deed: .edit, content: .file(digest(Int(at.sequence)), size: 9),
    replaced: [
      ReplacedContent(dot: dot(b, 7), content: .absent),
      ReplacedContent(dot: dot(c, 8), content: .file(digest(3), size: 1 << 40)),
    ], origin: dot(c, 1), reason: reason)
}

private func stamp(_ first: UInt64, _ last: UInt64, _ seconds: Int64 = 5) -> Stamp {
  Stamp(replica: a, first: first, last: last, seconds: seconds, user: "alice")
}

@Suite struct `A store of history` {
  private let scratch = StateScratch()

  @Test(arguments: HistoryKeeper.allCases)
  func `gives steps back as they were, in the order of their dots`(keeper: HistoryKeeper) throws {
    let store = try keeper.make(scratch)
    let steps = [
      step(dot(b, 2), reason: "why\u{1B}"),
      HistoryStep(dot: dot(a, 1), deed: .adjust, content: nil),
      HistoryStep(dot: dot(a, 4), deed: .delete, content: .absent),
    ]
    try store.add(steps, "g", f, limit: 50)
    #expect(try store.steps("g", f) == [steps[1], steps[0], steps[2]])
    #expect(try store.steps("g", memoryPath("/w/g")) == [])
    #expect(try store.steps("h", f) == [])
    #expect(try store.hasSteps("g"))
    #expect(try !store.hasSteps("h"))
  }

  @Test(arguments: HistoryKeeper.allCases)
  func `keeps the newest steps, and the first that was said of an event`(
    keeper: HistoryKeeper
  ) throws {
    let store = try keeper.make(scratch)
    for number in 1...9 as ClosedRange<UInt64> {
      try store.add([step(dot(a, 10 - number))], "g", f, limit: 3)
    }
    try store.add([step(dot(a, 2), reason: "another")], "g", f, limit: 3)
    #expect(try store.steps("g", f) == [1, 2, 3].map { step(dot(a, $0)) })
    try store.removeSteps("g", f)
    #expect(try store.steps("g", f) == [])
  }

  @Test(arguments: HistoryKeeper.allCases)
  func `names the paths that got a step last`(keeper: HistoryKeeper) throws {
    let store = try keeper.make(scratch)
    let paths = (0..<4).map { memoryPath("/w/f\($0)") }
    for path in paths { try store.add([step(dot(a, 1))], "g", path, limit: 9) }
    try store.add([step(dot(a, 2))], "g", paths[1], limit: 9)
    let recent = try store.recentSteps("g", limit: 2)
    #expect(recent.map(\.path) == [paths[1], paths[3]])
    #expect(recent.first?.steps.map(\.dot) == [dot(a, 1), dot(a, 2)])
  }

  @Test(arguments: HistoryKeeper.allCases)
  func `joins runs that say the same and finds each event in them`(keeper: HistoryKeeper) throws {
    let store = try keeper.make(scratch)
    try store.add(stamp(1, 3), "g")
    try store.add(stamp(8, 9), "g")
    try store.add(stamp(3, 5), "g")
    try store.add(stamp(2, 12, 6), "g")
    #expect(try store.stamps("g") == [stamp(1, 5), stamp(6, 7, 6), stamp(8, 9), stamp(10, 12, 6)])
    #expect(try store.stamp(of: dot(a, 7), "g") == stamp(6, 7, 6))
    #expect(try store.stamp(of: dot(a, 13), "g") == nil)
    #expect(try store.stamp(of: dot(b, 7), "g") == nil)
    let arrival = Arrival(replica: b, first: 2, last: 4, seconds: -1, via: "c")
    try store.add(arrival, "g")
    #expect(try store.arrivals("g") == [arrival])
    #expect(try store.arrival(of: dot(b, 4), "g") == arrival)
    #expect(try store.arrival(of: dot(b, 1), "g") == nil)
    #expect(try store.arrivals("h") == [])
  }

  @Test(arguments: HistoryKeeper.allCases)
  func `forgets the oldest runs when there are too many`(keeper: HistoryKeeper) throws {
    let store = try keeper.make(scratch)
    let count = UInt64(HistoryLimits.runs)
    try store.transaction { () throws(Failure) in
      for number in 1...(count / 100 + 1) {
        // A gap after each: none joins another.
        let from = (number - 1) * 100
        try store.add((1...100).map { stamp((from + $0) * 2, (from + $0) * 2) }, "g")
      }
    }
    let stamps = try store.stamps("g")
    #expect(stamps.count == HistoryLimits.runs)
    #expect(stamps.first?.first == 202)
    #expect(stamps.last?.first == (count + 100) * 2)
  }

  @Test(arguments: HistoryKeeper.allCases)
  func `forgets what a transaction that was undone has said`(keeper: HistoryKeeper) throws {
    let store = try keeper.make(scratch)
    try store.add([step(dot(a, 1))], "g", f, limit: 9)
    let trouble = failure { () throws(Failure) in
      try store.transaction { () throws(Failure) in
        try store.add([step(dot(b, 2))], "g", f, limit: 9)
        try store.add(stamp(1, 1), "g")
        throw Failure(.usage, "p", "a", "r")
      }
    }
    #expect(trouble?.kind == .usage)
    #expect(try store.steps("g", f) == [step(dot(a, 1))])
    #expect(try store.stamps("g") == [])
  }

  @Test func `is the same after the database was closed and opened`() throws {
    var (store, _) = try openState(scratch)
    try store.add([step(dot(b, 2))], "g", f, limit: 9)
    try store.add(stamp(1, 3), "g")
    store.close()
    store = try openState(scratch).store
    try store.add([step(dot(b, 3))], "g", f, limit: 9)
    #expect(try store.steps("g", f) == [step(dot(b, 2)), step(dot(b, 3))])
    #expect(try store.stamps("g") == [stamp(1, 3)])
  }

  @Test func `forgets the paths that got no step for longest when there are too many`() throws {
    let (store, _) = try openState(scratch)
    store.historyPathLimit = 20
    for number in 0..<20 {
      try store.add([step(dot(a, 1))], "g", memoryPath("/w/\(number)"), limit: 9)
    }
    try store.add([step(dot(a, 2))], "g", memoryPath("/w/0"), limit: 9)
    try store.add([step(dot(a, 1))], "g", memoryPath("/w/one more"), limit: 9)
    let left = try store.recentSteps("g", limit: 99).map { "\($0.path)" }
    #expect(left.count == 19)
    #expect(left.prefix(2) == ["/w/one more", "/w/0"])
    #expect(!left.contains("/w/1") && !left.contains("/w/2") && left.contains("/w/3"))
  }

  @Test func `calls a row damaged that it did not write`() throws {
    let (store, _) = try openState(scratch)
    try store.add([step(dot(a, 1))], "g", f, limit: 9)
    try store.database.run("UPDATE history SET steps = x'87'")
    let trouble = failure { () throws(Failure) in _ = try store.steps("g", f) }
    #expect(trouble?.kind == .badData)
    #expect(trouble?.reason.contains("the history of /w/f") == true)
  }
}
