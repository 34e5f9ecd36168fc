import Model
import TestKit
import Testing
import Transport

private func path(_ text: String) -> TreePath { memoryPath(text) }

@Suite struct `The steps of a path` {
  private let host = MemoryHost("a", number: 1, hosts: ["a", "b"])
  private let f = memoryPath("/w/f")

  private func steps() throws -> [HistoryStep] { try host.store.steps("g", f) }
  private func deeds() throws -> [Deed] { try steps().map(\.deed) }

  private func write(_ text: String) throws {
    host.tree.write(f, text)
    try host.scan()
  }

  @Test func `tell of no first sight`() throws {
    for number in 0..<9 { host.tree.write(path("/w/f\(number)"), "text") }
    try write("text")
    #expect(try !host.store.hasSteps("g"))
  }

  @Test func `say what each event did and what it replaced`() throws {
    try write("one")
    let first = try #require(host.entry(f)?.record.content.dots.last)
    try write("two")
    host.tree.change(f, mode: 0o600)
    try host.scan()
    host.tree.remove(f)
    try host.scan()
    try write("three")
    #expect(try deeds() == [.edit, .adjust, .delete, .create])
    let all = try steps()
    #expect(all[0].replaced.map(\.dot) == [first])
    #expect(all[0].content == host.tree.mark("two"))
    #expect(all[0].replaced.map(\.content) == [host.tree.mark("one")])
    #expect(all[1].content == nil && all[1].replaced.isEmpty)
    #expect(all[2].content == .absent && all[2].replaced.map(\.dot) == [all[0].dot])
    #expect(all[3].replaced.map(\.content) == [.absent])
  }

  @Test func `call an edit a revert if the file was so before, and not if it was just so`() throws {
    try write("one")
    try write("two")
    try write("one")
    try write("two")
    try write("three")
    #expect(try deeds() == [.edit, .revert, .revert, .edit])
  }

  @Test func `call nothing a revert that is no file`() throws {
    host.tree.write(f, .symlink([0x78]))
    try host.scan()
    host.tree.write(f, .symlink([0x79]))
    try host.scan()
    host.tree.write(f, .symlink([0x78]))
    try host.scan()
    #expect(try deeds() == [.edit, .edit])
  }

  @Test func `are as many as were asked for, the newest`() throws {
    for number in 0..<9 {
      host.tree.write(f, "\(number)")
      try host.scan(ScanRequest(steps: 3))
    }
    #expect(try steps().map(\.content) == ["6", "7", "8"].map { host.tree.mark($0) })
  }

  @Test func `have the time and the user of their scan, in one row for all its events`() throws {
    for number in 0..<5 { host.tree.write(path("/w/f\(number)"), "text") }
    try host.scan(ScanRequest(actor: "alice"))
    let stamps = try host.store.stamps("g")
    #expect(stamps.count == 1)
    #expect(stamps.first?.user == "alice")
    #expect(stamps.map { [$0.first, $0.last] } == [[1, 6]])
    #expect(stamps.first?.seconds == host.surroundings.now().seconds)
    let last = try #require(host.entry(path("/w/f4"))?.record.dots.last)
    #expect(try host.store.stamp(of: last, "g") == stamps.first)
  }

  @Test func `say which decision settled a conflict, and why`() throws {
    let trio = SessionTrio()
    trio.a.tree.write(f, "from a")
    trio.b.tree.write(f, "from b")
    trio.settle()
    let conflict = try #require(trio.a.conflict(f, hosts: trio.all))
    let decree = Settlement.Decree(
      values: try conflict.values(for: .host("b")), how: "host", reason: "CHG-1", seconds: 7)
    _ = try Settlement.resolve(
      conflict, decree, group: trio.a.group.group, store: trio.a.store,
      recording: Recording(seconds: 7, user: "bob"))
    let step = try #require(try trio.a.store.steps("g", f).last)
    #expect(step.deed == .resolve && step.reason == "CHG-1")
    #expect(step.replaced.map(\.dot) == conflict.versions.flatMap(\.dots).sorted())
    #expect(try trio.a.store.stamp(of: step.dot, "g")?.user == "bob")
  }

  @Test func `get the new numbers when numbers are given anew, and end where one is lost`() throws {
    try write("one")
    try write("two")
    try write("three")
    try host.renew()
    let dots = try #require(host.entry(f)?.record.content.dots)
    let all = try steps()
    // Of the events that were superseded no record has kept a new number.
    #expect(all.map(\.dot) == dots)
    #expect(all.map(\.replaced) == [[]])
    #expect(all.map(\.content) == [host.tree.mark("three")])
  }
}

@Suite struct `Files that are again what they were` {
  private let host = MemoryHost("a", number: 1, hosts: ["a", "b"])

  /// 60 files with an older and a newer content, and `others` that stay; then the older ones again.
  private func restore(others: Int = 0) throws {
    for number in 0..<others { host.tree.write(path("/w/x\(number)"), "x") }
    try write("old")
    try write("new")
    for number in 0..<60 { host.tree.write(path("/w/f\(number)"), "old \(number)") }
  }

  private func write(_ text: String) throws {
    for number in 0..<60 { host.tree.write(path("/w/f\(number)"), "\(text) \(number)") }
    try host.scan()
  }

  private func last() throws -> UInt64 { try host.store.replicaState().last }

  @Test func `are a question when they are many, and nothing is recorded`() throws {
    try restore()
    let before = try last()
    let report = try host.scan(ScanRequest(acceptsDeletions: true))
    #expect(report.question == .reverts(count: 60, known: 61))
    #expect(try last() == before)
    #expect(host.entry(path("/w/f1"))?.verdict == Verdict.nothing)
  }

  @Test func `are changes like others when they are few among many`() throws {
    try restore(others: 300)
    let report = try host.scan(ScanRequest())
    #expect(report.question == nil && report.events == 60)
    #expect(try host.store.steps("g", path("/w/f1")).map(\.deed) == [.edit, .revert])
  }

  @Test func `are events when that is what the operator says`() throws {
    try restore()
    #expect(try host.scan(ScanRequest(reverts: .accept)).events == 60)
  }

  @Test func `get back what is recorded when the operator says so, without an event`() throws {
    let trio = SessionTrio()
    let f = path("/w/f")
    for text in ["old", "new"] {
      trio.a.tree.write(f, text)
      trio.settle()
    }
    trio.b.tree.write(f, "old")
    let before = try trio.b.store.replicaState().last
    let report = try trio.b.scan(ScanRequest(reverts: .discard))
    #expect(report.events == 0 && report.discarded == [f] && report.question == nil)
    #expect(trio.b.entry(f)?.state == .pending)
    trio.settle()
    #expect(trio.texts("/w/f") == ["new", "new", "new"])
    #expect(try trio.b.store.replicaState().last == before)
  }

  @Test func `in a conflict are an event whatever the operator says: nothing is settled`() throws {
    let trio = SessionTrio()
    let f = path("/w/f")
    trio.a.tree.write(f, "old")
    trio.settle()
    trio.a.tree.write(f, "from a")
    trio.b.tree.write(f, "from b")
    trio.settle()
    trio.b.tree.write(f, "old")
    let report = try trio.b.scan(ScanRequest(reverts: .discard))
    #expect(report.events == 1 && report.discarded.isEmpty)
    trio.settle()
    #expect(trio.texts("/w/f") == ["from a", "old", trio.c.tree.text(f)])
    #expect(trio.conflicts("/w/f") == [.content, .content, .content])
  }
}

extension MemoryTree {
  /// The mark of a file with this text.
  fileprivate func mark(_ text: String) -> ContentMark {
    let bytes = Array(text.utf8)
    return .file(memoryDigest(bytes), size: UInt64(bytes.count))
  }
}
