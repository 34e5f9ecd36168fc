import Model
import TestKit
import Testing

@testable import ModelEdge

@Suite struct `Hints` {
  private let f = Array("/w/f\n".utf8)

  private func check(_ store: any Store) throws {
    #expect(try store.hints() == [])
    try store.addHint(f, isRecursive: false)
    try store.addHint([0x2F], isRecursive: true)
    let first = try store.hints()
    #expect(first.map(\.path) == [f, [0x2F]] && first.map(\.isRecursive) == [false, true])
    // Given again while the first one is worked off: it stays.
    try store.addHint(f, isRecursive: true)
    try store.addHint([0x2F], isRecursive: false)
    let again = try store.hints()
    #expect(again.map(\.isRecursive) == [true, true], "once recursive, always")
    try store.removeHints(first.map(\.number))
    #expect(try store.hints() == again)
    try store.removeHints(again.map(\.number))
    #expect(try store.hints() == [])
    try store.addHint(f, isRecursive: false)
    #expect(try store.hints().first.map { $0.number > again[1].number } == true)
  }

  @Test func `stay until they are worked off, and no longer`() throws {
    let scratch = StateScratch()
    let store = try openState(scratch).store
    try check(store)
    store.close()
    #expect(try openState(scratch).store.hints().map(\.path) == [f])
    try check(MemoryStore(replica: someReplica))
  }
}
