import Model
import TestKit
import Testing
import Transport

private func path(_ text: String) -> TreePath { memoryPath(text) }

@Suite struct `Versions of a conflict` {
  private let trio = SessionTrio()
  private var a: MemoryHost { trio.a }
  private var b: MemoryHost { trio.b }
  private var c: MemoryHost { trio.c }
  private let f = path("/w/f")

  /// Bytes that are no text: kept as versions only.
  private func blob(_ seed: UInt8, _ count: Int = 100) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0) ^ seed }
  }

  private func holds(_ host: MemoryHost, _ bytes: [UInt8]) throws -> Bool {
    try host.store.content(memoryDigest(bytes), limit: 1 << 30) == bytes
  }

  /// a and b have edited at once and have met, and c has met a only.
  private func conflict(_ first: [UInt8], _ second: [UInt8]) {
    a.tree.write(f, .file(blob(0)))
    trio.settle()
    a.tree.write(f, .file(first))
    b.tree.write(f, .file(second))
    trio.meet(a, b)
    trio.meet(a, c)
  }

  private func resolve(_ host: MemoryHost, _ choice: Choice) throws -> ApplyReport {
    let conflict = try #require(host.conflict(f, hosts: trio.all))
    let entry = try Settlement.resolve(
      conflict,
      Settlement.Decree(values: try conflict.values(for: choice), how: "host", seconds: 1),
      group: host.group.group, store: host.store)
    guard case .install(.file(let file), _) = entry.verdict else { return ApplyReport() }
    let disk = host.disk
    let stage = try Stager.stage(file, for: f, group: "g", store: host.store, disk: disk)
    return try Applier.apply(
      [Work(path: f, stage: stage)], group: host.group.group, anchors: [MemoryHost.root],
      store: host.store, disk: disk, surroundings: host.surroundings, limits: host.limits)
  }

  /// Looks again at what a host has, as it does when a content has turned out to be damaged.
  private func forget(_ host: MemoryHost, _ bytes: [UInt8]) throws {
    host.store.damageContent(memoryDigest(bytes))
    #expect(try !host.store.proveContent(memoryDigest(bytes)))
    #expect(try !holds(host, bytes))
  }

  @Test func `reach a host that has met one of their authors only`() throws {
    conflict(blob(1), blob(2, 700_000))
    #expect(c.conflict(f, hosts: trio.all) != nil)
    #expect(try holds(c, blob(2, 700_000)))
    #expect(try holds(c, blob(1)) || c.tree.nodes[f]?.content == .file(blob(1)))
    #expect(c.entry(f)?.state.contains(.lacking) == false)
    #expect(try holds(a, blob(2, 700_000)) && holds(b, blob(1)))
  }

  @Test(arguments: ["a", "b"])
  func `are put in place on a host that is alone`(_ winner: String) throws {
    conflict(blob(1), blob(2))
    let report = try resolve(c, .host(winner))
    #expect(report.problems.isEmpty)
    #expect(c.tree.nodes[f]?.content == .file(blob(winner == "a" ? 1 : 2)))
    #expect(c.entry(f)?.record.content.isConflict == false)
  }

  @Test func `are passed on by who only keeps them, and fetched again when damaged`() throws {
    conflict(blob(1), blob(2))
    try forget(a, blob(2))
    #expect(a.entry(f)?.state.contains(.lacking) == true)
    trio.meet(c, a)
    #expect(try holds(a, blob(2)))
    #expect(a.entry(f)?.state.contains(.lacking) == false)
  }

  @Test func `are dropped when staging finds them damaged`() throws {
    conflict(blob(1), blob(2))
    c.store.damageContent(memoryDigest(blob(2)))
    let file = FileContent(
      digest: memoryDigest(blob(2)), size: 100, modified: Timestamp(seconds: 1, nanoseconds: 0),
      isBirth: false)
    #expect(try Stager.stageKept(file, for: f, store: c.store, disk: c.disk) == nil)
    #expect(try !c.store.hasContent(file.digest))
    trio.meet(a, c)
    #expect(try holds(c, blob(2)))
  }

  @Test func `are asked for again after a connection has broken`() throws {
    a.tree.write(f, .file(blob(0)))
    trio.settle()
    a.tree.write(f, .file(blob(1)))
    b.tree.write(f, .file(blob(2, 700_000)))
    for cut in 4..<12 {
      #expect(trio.meet(a, b, cutAfter: cut) != .stuck)
      #expect(a.ledger.claimCount == 0)
    }
    #expect(trio.meet(a, b) == .complete)
    #expect(try holds(a, blob(2, 700_000)))
  }

  @Test func `that the peer lacks make nothing wait`() throws {
    conflict(blob(1), blob(2))
    // Neither of the two that meet has b's version any more.
    for host in [a, c] { try forget(host, blob(2)) }
    #expect(trio.meet(a, c) == .complete)
    #expect(a.entry(f)?.state.contains(.lacking) == true)
    #expect(c.entry(f)?.state.contains(.lacking) == true)
    #expect(trio.lastResult.caller?.peerSummary?.pending == 0)
    #expect(trio.lastResult.caller?.report.problems == [])
    trio.meet(b, a)
    #expect(try holds(a, blob(2)))
    #expect(a.entry(f)?.state.contains(.lacking) == false)
  }

  @Test func `that are larger than the limit are not asked for`() throws {
    c.limits.versionBytes = 150
    conflict(blob(1), blob(2, 200))
    #expect(try !holds(c, blob(2, 200)))
    #expect(c.entry(f)?.state.contains(.lacking) == false)
  }

  @Test func `for which there is no room are told, and all else goes on`() throws {
    c.limits.totalBytes = 150
    a.tree.write(path("/w/other"), .file(blob(7)))
    conflict(blob(1), blob(2, 200))
    #expect(trio.lastResult.end == .complete)
    #expect(try !holds(c, blob(2, 200)))
    #expect(c.tree.nodes[path("/w/other")]?.content == .file(blob(7)))
    #expect(trio.lastResult.answerer?.report.problems.map(\.path) == [f])
    c.limits.totalBytes = 1_000
    trio.meet(a, c)
    #expect(try holds(c, blob(2, 200)))
  }

  @Test func `go when the conflict is settled everywhere`() throws {
    conflict(blob(1), blob(2))
    trio.settle()
    _ = try resolve(c, .host("b"))
    for host in [a, b] {
      try host.collect()
      #expect(try host.store.contentsHeld().count > 0, "\(host.name)")
    }
    trio.settle()
    for host in trio.all { try host.collect() }
    for host in [a, b] {
      #expect(try host.store.contentsHeld().count == 0, "\(host.name)")
      #expect(try host.store.tieCount("g") == 0, "\(host.name)")
    }
    // Who has decided can take it back.
    #expect(try holds(c, blob(1)))
  }

  /// Of somebody who knows nothing of the host's group.
  private func greeting(of host: MemoryHost, from peer: String) -> Greeting {
    Greeting(
      purpose: .synchronise, look: .everything, replica: ReplicaID(high: 77, low: 7), last: 0,
      meeting: Meeting(
        peerReplica: nil, count: 0, nonces: [], confirmed: [],
        fresh: [UInt8](repeating: 0, count: 16)),
      groups: [
        GroupGreeting(
          configuration: host.group.configuration, refusal: "", knowledge: VersionVector(),
          replicas: [], exchanged: [], members: [], retired: [])
      ], ownHost: peer, seconds: 0)
  }

  @Test func `are given to nobody for another path`() throws {
    conflict(blob(1), blob(2))
    let greeting = greeting(of: a, from: "x")
    func answer(_ place: TreePath) throws -> [UInt8]? {
      let outbound = Outbound(
        ledger: a.ledger, disk: a.disk, groups: [a.group], mine: greeting, theirs: greeting,
        isListing: false)
      var wants = [
        Want(number: 1, group: 0, path: place, digest: memoryDigest(blob(2)), size: 100)
      ]
      while let message = try outbound.next(&wants) {
        guard case .content(let pieces) = message else { continue }
        return pieces.first?.kind == .refusal ? nil : pieces.first?.bytes
      }
      return nil
    }
    #expect(try answer(f) == blob(2))
    #expect(try answer(path("/w/other")) == nil)
    #expect(try answer(path("/elsewhere")) == nil)
    // What is kept for the same path of another group.
    try a.store.untie(memoryDigest(blob(2)), "g", f)
    try a.store.tie(memoryDigest(blob(2)), "h", f)
    #expect(try answer(f) == nil)
  }

  private static let lines = (1...9).map { "line \($0)\n" }

  private func text(_ number: Int, _ word: String) -> [UInt8] {
    var lines = Self.lines
    lines[number] = word + "\n"
    return Array(lines.joined().utf8)
  }

  /// c has the records of a conflict that merges by itself, and none of its two texts.
  private func unmerged(_ trio: SessionTrio) throws -> MemoryHost {
    let (a, b, c) = (trio.a, trio.b, trio.c)
    a.tree.write(f, .file(Array(Self.lines.joined().utf8)))
    trio.settle()
    a.tree.write(f, .file(text(1, "of a")))
    b.tree.write(f, .file(text(7, "of b")))
    for host in [a, b] {
      try host.scan()
      let entry = try #require(host.entry(f))
      try c.store.add(try host.store.steps("g", f), "g", f, limit: 50)
      let integrator = try Integrator(store: c.store, group: c.group.group, peer: host.name)
      _ = try integrator.integrate([PathRecord(path: f, record: entry.record)])
    }
    #expect(c.entry(f)?.record.content.isConflict == true)
    return c
  }

  private func keep(_ bytes: [UInt8], at host: MemoryHost) throws {
    var pieces = [bytes, []][...]
    _ = try host.store.keepContent(memoryDigest(bytes), room: 1 << 20) { () throws(Failure) in
      pieces.popFirst() ?? []
    }
    try host.store.tie(memoryDigest(bytes), "g", f)
  }

  @Test(arguments: [false, true])
  func `are merged if one came from each of two peers at once`(isLastRefused: Bool) throws {
    let host = try unmerged(SessionTrio(statements: "include /w; auto merge;"))
    let greeting = greeting(of: host, from: "a")
    let inbound = Inbound(
      ledger: host.ledger, disk: host.disk, surroundings: host.surroundings, peer: "a",
      groups: [host.group], mine: greeting, theirs: greeting, isListingClient: false)
    var wants: [Want] = []
    func take(_ reaction: Inbound.Reaction) {
      for case .want(let more) in reaction.messages { wants += more }
    }
    take(try inbound.begin())
    take(try inbound.handle(.recordsEnd(group: 0)))
    take(try inbound.handle(.answersEnd(group: 0)))
    let (ofA, ofB) = (text(1, "of a"), text(7, "of b"))
    let mine = try #require(wants.first { $0.digest == memoryDigest(ofA) })
    let other = try #require(wants.first { $0.digest == memoryDigest(ofB) })
    // Meanwhile another session brings what this peer does not have.
    try keep(ofB, at: host)
    let here = ContentPiece(number: mine.number, kind: .last, bytes: ofA)
    let refusal = ContentPiece(number: other.number, kind: .refusal, bytes: [])
    for piece in isLastRefused ? [here, refusal] : [refusal, here] {
      take(try inbound.handle(.content([piece])))
    }
    #expect(host.entry(f)?.decided?.isMerged == true)
    #expect(host.entry(f)?.state.contains(.lacking) == false)
  }
}
