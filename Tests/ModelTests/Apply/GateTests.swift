import Model
import TestKit
import Testing
import Transport

private let one = memoryPath("/w/n/one")
private let two = memoryPath("/w/n/two")
private let free = memoryPath("/w/free")

/// What commands have to let through: `/w/n` by the first gate, `/w/m` by the second.
@Suite struct `A gate` {
  private static let statements = """
    include /w;
    validate { pattern /w/n/**; exec "check %%"; }
    validate { pattern /w/m/**; exec "look"; timeout 7; }
    """
  private let trio = SessionTrio(statements: Self.statements)
  private var a: MemoryHost { trio.a }
  private var b: MemoryHost { trio.b }

  init() {
    a.tree.write(memoryPath("/w/n"), .directory)
    a.tree.write(memoryPath("/w/m"), .directory)
    trio.meet(a, b)
  }

  private func refuse(_ word: String = "check") {
    b.programs.answer { program in
      program.command.hasPrefix(word)
        ? ProgramResult(end: .exit(1), output: Array("line 1\n\u{1B}[2J line 2\n".utf8))
        : ProgramResult(end: .exit(0))
    }
  }

  private var refusals: [Problem] {
    (trio.lastResult.answerer?.report.problems ?? []).filter(\.isRefusal)
  }

  @Test func `is asked once about all that came together`() throws {
    a.tree.write(one, "1")
    a.tree.write(two, "2")
    a.tree.write(free, "3")
    trio.meet(a, b)
    #expect(b.programs.runs.map(\.command) == ["check \"$@\""])
    #expect(b.programs.runs.first?.names == ["/w/n/one", "/w/n/two"])
    #expect(b.programs.runs.first?.inputNames == ["/w/n/one", "/w/n/two"])
    #expect(b.programs.runs.first?.timeoutSeconds == 60)
    #expect([one, two, free].map { b.tree.text($0) } == ["1", "2", "3"])
  }

  @Test func `lets nothing of its set in if it refuses, and the rest goes on`() throws {
    a.tree.write(one, "1")
    a.tree.write(two, "2")
    trio.meet(a, b)
    refuse()
    a.tree.write(one, "bad")
    a.tree.change(two, mode: 0o600)
    a.tree.write(memoryPath("/w/n/three"), "new")
    a.tree.write(memoryPath("/w/m/x"), "of the other gate")
    a.tree.write(free, "3")
    trio.meet(a, b)
    #expect(b.tree.text(one) == "1")
    #expect(b.tree.nodes[two]?.mode == Mode(bits: 0o644))
    #expect(b.tree.text(memoryPath("/w/n/three")) == nil)
    #expect(b.tree.text(memoryPath("/w/m/x")) == "of the other gate")
    #expect(b.tree.text(free) == "3")
    #expect(b.entry(one)?.state.contains(.pending) == true)
    #expect(refusals.map(\.path) == [one])
    #expect(refusals.first?.reason == #"check %%: exit 1: line 1 | \x1b[2J line 2"#)
    #expect(b.disk.stageCount == 0)
    let told = trio.lastResult.caller?.peerSummary
    #expect(told?.refusals.map(\.path) == [one])
    #expect(told?.refusals.first?.text.contains("exit 1") == true)
    #expect(told?.problems == [])
  }

  @Test func `is asked again by the next session, and then all comes in`() throws {
    refuse()
    a.tree.write(one, "1")
    a.tree.write(two, "2")
    trio.meet(a, b)
    let name = b.group.name
    try b.store.keepProblems(refusals, name, source: "sync a")
    #expect(try b.store.problems(name).filter(\.isOwnRefusal).count == 1)
    b.programs.answer { _ in ProgramResult(end: .exit(0)) }
    trio.meet(a, b)
    #expect([one, two].map { b.tree.text($0) } == ["1", "2"])
    try b.store.keepProblems([], name, source: "sync a")
    #expect(try b.store.problems(name) == [])
  }

  @Test func `is asked about what goes, together with what comes`() throws {
    a.tree.write(one, "1")
    a.tree.write(two, "2")
    trio.meet(a, b)
    refuse()
    a.tree.remove(one)
    a.tree.write(two, "of one")
    trio.meet(a, b)
    #expect([one, two].map { b.tree.text($0) } == ["1", "2"])
    #expect(b.programs.runs.last?.names == ["/w/n/two"])
    #expect(b.programs.runs.last?.inputNames == ["/w/n/one", "/w/n/two"])
    b.programs.answer { _ in ProgramResult(end: .exit(0)) }
    trio.meet(a, b)
    #expect([one, two].map { b.tree.text($0) } == [nil, "of one"])
  }

  @Test func `whose command takes names is not asked where nothing will be left to look at`() {
    a.tree.write(one, "1")
    a.tree.write(memoryPath("/w/m/x"), "1")
    trio.meet(a, b)
    let before = b.programs.runs.count
    a.tree.remove(one)
    a.tree.remove(memoryPath("/w/m/x"))
    trio.meet(a, b)
    #expect(b.programs.runs.dropFirst(before).map(\.command) == ["look"])
    #expect(b.programs.runs.last?.timeoutSeconds == 7)
    #expect(b.tree.text(one) == nil)
  }

  @Test func `gets a directory with its files, and a file in the place of a directory`() {
    let inner = memoryPath("/w/n/d/e/f")
    for path in ["/w/n/d", "/w/n/d/e"] { a.tree.write(memoryPath(path), .directory) }
    a.tree.write(inner, "1")
    trio.meet(a, b)
    #expect(b.programs.runs.last?.names == ["/w/n/d/e/f"])
    #expect(b.programs.runs.last?.inputNames == ["/w/n/d", "/w/n/d/e", "/w/n/d/e/f"])
    #expect(b.tree.text(inner) == "1")
    a.tree.remove(memoryPath("/w/n/d"))
    a.tree.write(memoryPath("/w/n/d"), "a file now")
    trio.meet(a, b)
    #expect(b.tree.text(memoryPath("/w/n/d")) == "a file now")
  }

  @Test func `lets nothing in while one of its set could not be had`() throws {
    b.tree.trouble = { call, path in call == .stage && path == two ? .full("no space") : nil }
    a.tree.write(one, "1")
    a.tree.write(two, "2")
    trio.meet(a, b)
    #expect(b.programs.runs.isEmpty)
    #expect([one, two].map { b.tree.text($0) } == [nil, nil])
    #expect(refusals.map(\.path) == [two])
    b.tree.trouble = { call, path in call == .prepare && path == two ? .full("no space") : nil }
    trio.meet(a, b)
    #expect([one, two].map { b.tree.text($0) } == [nil, nil])
    b.tree.trouble = { call, _ in call == .view ? .refused("no overlay") : nil }
    trio.meet(a, b)
    #expect([one, two].map { b.tree.text($0) } == [nil, nil])
    #expect(refusals.first?.reason.contains("no overlay") == true)
    #expect(b.programs.runs.isEmpty)
    b.tree.trouble = nil
    trio.meet(a, b)
    #expect([one, two].map { b.tree.text($0) } == ["1", "2"])
  }

  @Test func `is not gone around by a file below a directory that it keeps out`() {
    let trio = SessionTrio(
      statements: "include /w; validate { pattern /w/d; exec check; }")
    trio.b.programs.answer { _ in ProgramResult(end: .exit(1)) }
    trio.a.tree.write(memoryPath("/w/d"), .directory)
    trio.a.tree.write(memoryPath("/w/d/f"), "1")
    trio.meet(trio.a, trio.b)
    #expect(trio.b.tree.nodes[memoryPath("/w/d")] == nil)
    trio.b.programs.answer { _ in ProgramResult(end: .exit(0)) }
    trio.meet(trio.a, trio.b)
    trio.meet(trio.a, trio.b)
    #expect(trio.b.tree.text(memoryPath("/w/d/f")) == "1")
  }

  @Test func `is asked by nobody in a dry run`() {
    a.tree.write(one, "1")
    trio.meet(a, b, purpose: .forecast)
    #expect(b.programs.runs.isEmpty)
  }

  @Test func `keeps a backup of none of it if one cannot be made, and makes none of it`() {
    let trio = SessionTrio(statements: Self.statements + " backup-directory /b;")
    let (a, b) = (trio.a, trio.b)
    a.tree.write(memoryPath("/w/n"), .directory)
    for text in ["1", "2"] {
      a.tree.write(one, text)
      a.tree.write(two, text)
      if text == "2" {
        b.tree.trouble = { call, path in call == .backUp && path == two ? .full("none") : nil }
      }
      trio.meet(a, b)
    }
    #expect([one, two].map { b.tree.text($0) } == ["1", "1"])
    b.tree.trouble = nil
    trio.meet(a, b)
    #expect([one, two].map { b.tree.text($0) } == ["2", "2"])
    #expect(b.tree.backupTexts(two) == ["1"])
  }

  @Test func `leaves the old set or a set that is finished, wherever the host dies`() throws {
    for transaction in 0..<16 {
      let trio = SessionTrio(statements: Self.statements)
      let (a, b) = (trio.a, trio.b)
      a.tree.write(memoryPath("/w/n"), .directory)
      for text in ["1", "2"] {
        a.tree.write(one, text)
        a.tree.write(two, text)
        if text == "2" { b.store.transactionsUntilFailure = transaction }
        trio.meet(a, b)
      }
      b.store.transactionsUntilFailure = nil
      _ = try Recovery.run(store: b.store, disk: b.disk)
      let texts = [one, two].map { b.tree.text($0) }
      #expect(texts == ["1", "1"] || texts == ["2", "2"], "transaction \(transaction)")
      trio.meet(a, b)
      #expect([one, two].map { b.tree.text($0) } == ["2", "2"], "transaction \(transaction)")
      #expect(b.conflict(one, hosts: trio.all) == nil)
    }
  }

  @Test func `of several the last in the file is asked`() {
    let trio = SessionTrio(
      statements: "include /w; validate { exec all; } validate { pattern /w/n/**; exec n; }")
    trio.a.tree.write(memoryPath("/w/n"), .directory)
    trio.a.tree.write(one, "1")
    trio.meet(trio.a, trio.b)
    #expect(trio.b.programs.runs.map(\.command) == ["all", "n"])
    #expect(trio.b.programs.runs.map(\.inputNames) == [["/w/n"], ["/w/n/one"]])
  }
}
