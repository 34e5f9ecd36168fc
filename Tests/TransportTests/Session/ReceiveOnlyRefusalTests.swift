import Model
import TestKit
import Testing
import Transport

private let f = memoryPath("/w/f")
private let g = memoryPath("/w/g")

/// Three hosts, of which c only receives, and somebody who tampers with what is sent to a.
@Suite struct `What a host that only receives must not say` {
  private let trio = SessionTrio()
  private var a: MemoryHost { trio.a }
  private var b: MemoryHost { trio.b }
  private var c: MemoryHost { trio.c }

  /// What is forged.
  enum Forgery: CaseIterable {
    case edit, deletion, attribute, sibling, newPath, unknownReplica, spentNumber, spentOnNewPath
  }

  /// c has been a full member, and its first change is known to all.
  init() throws {
    c.tree.write(memoryPath("/w/former"), "of c")
    a.tree.write(f, "base")
    trio.settle()
    for host in trio.all { host.configure(["a", "b", "(c)"]) }
    trio.settle()
  }

  private func forged(_ item: PathRecord, _ forgery: Forgery) throws -> PathRecord {
    let replica = try c.store.replicaState().replica
    let number: UInt64 =
      forgery == .spentNumber || forgery == .spentOnNewPath ? 1 : 9
    let dot = try #require(
      forgery == .unknownReplica ? Dot(ReplicaID(high: 66, low: 6), 1) : Dot(replica, number))
    var item = item
    item.record.vector.insert(dot)
    let mine = item.record.content.dots
    switch forgery {
    case .deletion: item.record.content.replace(mine, with: dot, .absent)
    case .attribute: item.record.mode.replaceAll(with: dot, Mode(bits: 0o4755))
    case .sibling: item.record.content.replace([], with: dot, .symlink(target: [0x78]))
    case .newPath, .spentOnNewPath:
      item.path = g
      item.record.content.replaceAll(with: dot, .symlink(target: [0x78]))
    case .edit, .unknownReplica, .spentNumber:
      item.record.content.replace(mine, with: dot, .symlink(target: [0x78]))
    }
    return item
  }

  private func pump(_ forgery: Forgery) -> SessionPump {
    var pump = SessionPump(seed: 7)
    pump.tamper = { message in
      guard case .records(let group, let batch) = message else { return message }
      return .records(group: group, batch.map { (try? forged($0, forgery)) ?? $0 })
    }
    return pump
  }

  private func expectRefused(_ sender: MemoryHost, _ forgery: Forgery) throws {
    b.tree.write(f, "on b")
    try b.scan()
    if sender === c { trio.meet(b, c) }
    let before = (a.store.all("g"), a.tree.nodes)
    var pump = pump(forgery)
    guard case .failed(let failure) = pump.run(sender, a).end else {
      Issue.record("\(forgery) from \(sender.name) was taken")
      return
    }
    #expect(failure.kind == .permission)
    #expect(failure.place == sender.name)
    #expect(failure.reason.contains("by c, which only receives in group g"), "\(failure)")
    #expect(failure.reason.contains(forgery.isElsewhere ? "/w/g" : "/w/f"))
    #expect(a.store.all("g") == before.0)
    #expect(a.tree.nodes == before.1)
    // What is not forged goes on.
    trio.settle()
    #expect(trio.texts("/w/f") == ["on b", "on b", "on b"])
  }

  @Test(arguments: Forgery.allCases)
  func `is refused from itself`(forgery: Forgery) throws { try expectRefused(c, forgery) }

  @Test(arguments: Forgery.allCases.filter { $0 != .unknownReplica })
  func `is refused from who passes it on`(forgery: Forgery) throws {
    try expectRefused(b, forgery)
  }

  @Test func `is refused as history`() throws {
    b.tree.write(f, "on b")
    trio.meet(b, c)
    let dot = try #require(Dot(try c.store.replicaState().replica, 9))
    var pump = SessionPump(seed: 7)
    pump.tamper = { message in
      guard case .history(let group, var paths, let stamps) = message else { return message }
      for index in paths.indices {
        for step in paths[index].steps.indices { paths[index].steps[step].dot = dot }
      }
      return .history(group: group, paths, stamps)
    }
    guard case .failed(let failure) = pump.run(c, a).end else {
      Issue.record("history of c was taken")
      return
    }
    #expect(failure.kind == .permission)
    #expect(a.tree.text(f) == "base")
  }

  @Test func `counts for nobody else, whatever it acknowledges`() throws {
    a.tree.remove(f)
    try a.scan()
    let all = try a.store.knowledge("g")
    let replica = try b.store.replicaState().replica
    // b has seen nothing of the deletion; c says that it has.
    var member = MemberState(host: "b")
    member.replica = replica
    member.knowledge = all
    try c.store.put(member, "g")
    trio.meet(a, c)
    trio.meet(a, c)
    #expect(try a.collect() == 0)
    #expect(try a.store.member("b", "g")?.knowledge?.covers(all) == false)
  }
}

extension `What a host that only receives must not say`.Forgery {
  fileprivate var isElsewhere: Bool { self == .newPath || self == .spentOnNewPath }
}
