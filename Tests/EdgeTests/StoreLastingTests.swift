import Glibc
import Model
import Testing

@testable import ModelEdge

@Suite struct `Easy transactions` {
  let scratch = StateScratch()
  let path = TreePath("/a")!

  /// What another process finds if this one dies now.
  private func survivors(_ store: SQLiteStore) throws -> (entry: Entry?, last: UInt64, Opening) {
    let copy = StateScratch()
    shell("mkdir -m 700 '\(copy.state)' && cp '\(scratch.state)'/* '\(copy.state)' 2>/dev/null")
    let (other, opening) = try openState(copy)
    defer { other.close() }
    return (try other.entry("web", path), try other.replicaState().last, opening)
  }

  @Test func `survive the end of the process`() throws {
    let (store, _) = try openState(scratch)
    defer { store.close() }
    try store.easyTransaction { () throws(Failure) in try store.put(fileEntry(path, 1), "web") }
    #expect(try survivors(store).entry == fileEntry(path, 1))
  }

  @Test func `give out numbers that count`() throws {
    let (store, _) = try openState(scratch)
    defer { store.close() }
    var state = try store.replicaState()
    state.last += 3
    try store.easyTransaction { () throws(Failure) in
      try store.put(fileEntry(path, 1), "web")
      try store.setReplicaState(state)
    }
    let found = try survivors(store)
    #expect(found.last == state.last)
    #expect(found.2 == .continued)
  }

  @Test func `are undone as a whole, and belong to one that is open`() throws {
    let (store, _) = try openState(scratch)
    defer { store.close() }
    let why = Failure(.inputOutput, "here", "not done", "for a test")
    let thrown = failure { () throws(Failure) in
      try store.easyTransaction { () throws(Failure) in
        try store.put(fileEntry(path, 1), "web")
        throw why
      }
    }
    #expect(thrown == why)
    #expect(try store.entry("web", path) == nil)
    _ = failure { () throws(Failure) in
      try store.transaction { () throws(Failure) in
        try store.easyTransaction { () throws(Failure) in
          try store.put(fileEntry(path, 1), "web")
        }
        throw why
      }
    }
    #expect(try store.entry("web", path) == nil)
  }

  @Test func `wait for the disk only where they are made lasting`() throws {
    let (store, _) = try openState(scratch)
    defer { store.close() }
    func level() throws -> Int64? {
      try store.database.first("PRAGMA synchronous") { row throws(Failure) in row.integer(0) }
    }
    #expect(try level() == 2)
    try store.easyTransaction { () throws(Failure) in try store.put(fileEntry(path, 1), "web") }
    #expect(store.hasEasy)
    #expect(try level() == 1)
    try store.makeLasting()
    #expect(!store.hasEasy)
    try store.transaction { () throws(Failure) in try store.put(fileEntry(path, 2), "web") }
    #expect(try level() == 2)
  }
}
