import Model
import TestKit
import Testing
import Transport

private let f = memoryPath("/w/f")

@Suite struct `History between hosts` {
  private let trio = SessionTrio()
  private var a: MemoryHost { trio.a }
  private var b: MemoryHost { trio.b }
  private var c: MemoryHost { trio.c }

  private func steps(_ host: MemoryHost, _ path: TreePath = f) throws -> [HistoryStep] {
    try host.store.steps("g", path)
  }

  @Test func `goes with the records, and once`() throws {
    a.tree.write(f, "one")
    trio.settle()
    #expect(try steps(b).isEmpty)
    a.tree.write(f, "two")
    trio.meet(a, b)
    #expect(trio.lastResult.trace.contains("history"))
    #expect(try steps(b) == steps(a) && steps(a).count == 1)
    trio.meet(a, b)
    #expect(!trio.lastResult.trace.contains("history"))
    #expect(try b.store.stamps("g") == a.store.stamps("g"))
  }

  @Test func `goes on through a third host, which says by whom it came`() throws {
    a.tree.write(f, "one")
    trio.settle()
    a.tree.write(f, "two")
    trio.meet(a, b)
    trio.meet(b, c)
    #expect(try steps(c) == steps(a))
    let dot = try #require(try steps(c).last?.dot)
    #expect(try c.store.arrival(of: dot, "g")?.via == "b")
    #expect(try b.store.arrival(of: dot, "g")?.via == "a")
    #expect(try a.store.arrival(of: dot, "g") == nil)
    #expect(try c.store.stamp(of: dot, "g") == a.store.stamp(of: dot, "g"))
  }

  @Test func `goes as a whole to a host that is new`() throws {
    for text in ["one", "two", "three"] {
      a.tree.write(f, text)
      trio.meet(a, b)
    }
    trio.meet(b, c)
    #expect(try steps(c).count == 2)
    #expect(try steps(c) == steps(a))
  }

  @Test func `is not sent where nothing is changed`() {
    a.tree.write(f, "one")
    trio.settle()
    a.tree.write(f, "two")
    trio.meet(a, b, purpose: .forecast)
    #expect(!trio.lastResult.trace.contains("history"))
    trio.meet(a, b, purpose: .verify)
    #expect(!trio.lastResult.trace.contains("history"))
    #expect(trio.lastResult.trace.contains("done"))
  }

  @Test func `comes before its records: a conflict has its ancestor at once`() throws {
    a.tree.write(f, "one")
    trio.settle()
    let first = try #require(a.entry(f)?.record.content.dots.last)
    a.tree.write(f, "from a")
    b.tree.write(f, "from b")
    try b.scan()
    for cut in 1..<12 {
      trio.meet(a, b, cutAfter: cut)
      guard let record = b.entry(f)?.record, record.content.isConflict else { continue }
      let found = Ancestry.common(
        of: record.content.siblings.map { ($0.dot, $0.value.mark) }, steps: try steps(b))
      #expect(found?.dot == first)
      return
    }
    Issue.record("no conflict came of it")
  }

  @Test func `of two who decide differently makes a conflict of decisions`() throws {
    a.tree.write(f, "one")
    trio.settle()
    a.tree.write(f, "from a")
    b.tree.write(f, "from b")
    trio.settle()
    for (host, choice) in [(a, "a"), (b, "b")] {
      let conflict = try #require(host.conflict(f, hosts: trio.all))
      let decree = Settlement.Decree(
        values: try conflict.values(for: .host(choice)), how: "host", seconds: 0)
      _ = try Settlement.resolve(conflict, decree, group: host.group.group, store: host.store)
    }
    trio.settle()
    let names = Dictionary(
      uniqueKeysWithValues: try trio.all.map { (try $0.store.replicaState().replica, $0.name) })
    for host in trio.all {
      let entry = try #require(host.entry(f))
      let conflict = Conflict(
        entry, group: "g", hosts: names, steps: try steps(host), digest: memoryDigest)
      #expect(conflict?.kind == .resolution, "\(host.name)")
      #expect(host.conflict(f, hosts: trio.all)?.kind == .content, "without the steps")
    }
  }

  @Test func `gives what was opened again to whoever wrote it first`() throws {
    a.tree.write(f, "from a")
    b.tree.write(f, "from b")
    trio.settle()
    let entry = try #require(c.entry(f))
    let dots = entry.record.content.dots
    let names = Dictionary(
      uniqueKeysWithValues: try trio.all.map { (try $0.store.replicaState().replica, $0.name) })
    // Both versions stand under events of other hosts.
    let reopened = zip(dots, dots.reversed()).map { dot, origin in
      HistoryStep(dot: dot, deed: .reopen, content: nil, origin: origin)
    }
    let conflict = Conflict(
      entry, group: "g", hosts: names, steps: reopened, digest: memoryDigest)
    let plain = Conflict(entry, group: "g", hosts: names, digest: memoryDigest)
    #expect(conflict?.versions.map(\.authors) == plain?.versions.map(\.authors).reversed())
    #expect(conflict?.kind == plain?.kind, "opened again is not decided differently")
  }

  @Test func `about a host's own events is not taken from others`() throws {
    a.tree.write(f, "one")
    trio.settle()
    a.tree.write(f, "two")
    b.tree.write(f, "from b")
    try b.scan()
    let own = try #require(b.entry(f)?.record.content.dots.last)
    try b.store.removeSteps("g", f)
    var pump = SessionPump(seed: 3)
    pump.tamper = { message in
      guard case .history(let group, _, let stamps) = message else { return message }
      let lie = HistoryStep(dot: own, deed: .revert, content: nil)
      return .history(group: group, [PathSteps(path: f, steps: [lie])], stamps)
    }
    #expect(pump.run(a, b).end == .complete)
    #expect(try steps(b).isEmpty)
  }

  @Test func `of paths that the group does not hold ends the session`() throws {
    a.tree.write(f, "one")
    trio.settle()
    a.tree.write(f, "two")
    var pump = SessionPump(seed: 3)
    pump.tamper = { message in
      guard case .history(let group, let paths, _) = message, let first = paths.first else {
        return message
      }
      return .history(
        group: group, [PathSteps(path: memoryPath("/etc/shadow"), steps: first.steps)], [])
    }
    let end = pump.run(a, b).end
    guard case .failed(let failure) = end else {
      Issue.record("\(end)")
      return
    }
    #expect(failure.kind == .protocolFault)
    #expect(try b.store.steps("g", memoryPath("/etc/shadow")).isEmpty)
  }

  @Test func `is the same on all hosts once they have settled, whatever broke before`() throws {
    for seed in 1...120 as ClosedRange<UInt64> {
      let world = SessionWorld(seed: seed, hosts: 3)
      try world.live(steps: 30)
      try world.heal()
      guard world.complaints.isEmpty else { continue }
      let paths = Set(world.hosts.flatMap { $0.store.all("g").map(\.path) })
      for path in paths {
        let all = try world.hosts.filter { $0.entry(path) != nil }.map { try steps($0, path) }
        if Set(all).count > 1 {
          Issue.record("seed \(seed), \(path): \(all)")
          return
        }
      }
    }
  }
}

@Suite struct `A message of history` {
  private func step(_ number: UInt64, reason: String) -> HistoryStep {
    HistoryStep(
      dot: Sample.dot(Sample.one, number), deed: .resolve, content: .absent,
      replaced: (1...60).map {
        ReplacedContent(
          dot: Sample.dot(Sample.two, $0), content: .file(Sample.digest, size: 1 << 40))
      }, reason: reason)
  }

  @Test func `that is longer than a frame goes in several, and nothing is lost`() throws {
    let reason = String(repeating: "x", count: HistoryLimits.reasonBytes)
    let steps = (1...1_000).map { step($0, reason: reason) }
    let stamps = (1...9_000).map {
      Stamp(
        replica: Sample.one, first: $0 * 2, last: $0 * 2, seconds: .max,
        user: String(repeating: "u", count: HistoryLimits.userBytes))
    }
    let message = Message.history(
      group: 1, [PathSteps(path: Sample.path("/w/f"), steps: steps)], stamps)
    var (back, times): ([HistoryStep], [Stamp]) = ([], [])
    for frame in message.frames {
      #expect(frame.count <= Limits.frameBytes)
      guard case .history(1, let paths, let more) = try Message(encoded: frame) else { continue }
      back += paths.flatMap(\.steps)
      times += more
    }
    #expect(back == steps)
    #expect(times == stamps)
  }

  @Test func `holds no more than its limits`() throws {
    var step = step(1, reason: String(repeating: "é", count: HistoryLimits.reasonBytes))
    step.replaced += (61...99).map {
      ReplacedContent(dot: Sample.dot(Sample.two, $0), content: .absent)
    }
    let message = Message.history(
      group: 0, [PathSteps(path: Sample.path("/w"), steps: [step])],
      [
        Stamp(
          replica: Sample.one, first: 1, last: 1, seconds: 0,
          user: String(repeating: "é", count: 999))
      ])
    guard case .history(_, let paths, let stamps) = try Message(encoded: message.encoded) else {
      Issue.record("another message came back")
      return
    }
    #expect(paths.first?.steps.first?.replaced.count == HistoryLimits.replaced)
    #expect(paths.first?.steps.first?.reason.utf8.count == HistoryLimits.reasonBytes)
    #expect(stamps.first?.user.utf8.count == HistoryLimits.userBytes - 1)
  }
}
