import Model
import TestKit
import Testing
import Transport

private func path(_ text: String) -> TreePath { memoryPath(text) }

@Suite struct `A large file in a session` {
  private let trio = SessionTrio()
  private var a: MemoryHost { trio.a }
  private var b: MemoryHost { trio.b }
  private let f = path("/w/f")

  private static let block = 64 << 10

  /// 17 blocks of 64 KiB, all different.
  private func content(_ seed: Int) -> [UInt8] {
    (0..<17).flatMap { block(seed + $0) }
  }

  private func block(_ seed: Int) -> [UInt8] {
    (0..<Self.block).map { UInt8(truncatingIfNeeded: $0 &* (seed &* 2 &+ 1) &+ ($0 >> 8) &* seed) }
  }

  /// The list of a content of whole blocks, each known by the digest of its bytes.
  private func list(_ bytes: [UInt8]) throws -> KeptChunks {
    let chunks = stride(from: 0, to: bytes.count, by: Self.block).map { start in
      let part = Array(bytes[start..<(start + Self.block)])
      let mark = memoryDigest(part).bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return ChunkList.Chunk(mark: mark, length: UInt32(Self.block))
    }
    return KeptChunks(digest: memoryDigest(bytes), list: try #require(ChunkList(chunks)))
  }

  /// b has the old content, a the new one and both lists.
  private func edit(_ old: [UInt8], _ new: [UInt8]) throws {
    a.tree.write(f, .file(old))
    trio.meet(a, b)
    a.tree.write(f, .file(new))
    try a.store.keepChunks([list(old), list(new)])
  }

  @Test func `is put together from what is there`() throws {
    let old = content(1)
    let new = block(90) + old[..<(10 * Self.block)] + block(91) + old[(12 * Self.block)...]
    try edit(old, new)
    var pump = SessionPump(seed: 2)
    let result = pump.run(a, b)
    #expect(result.end == .complete)
    #expect(b.tree.nodes[f]?.content == .file(new))
    #expect(result.contentBytes < 2 * Self.block + 200)
    #expect(b.disk.stageCount == 0)
  }

  @Test func `is sent whole where a list is missing`() throws {
    let (old, new) = (content(1), content(2))
    a.tree.write(f, .file(old))
    trio.meet(a, b)
    a.tree.write(f, .file(new))
    try a.store.keepChunks([list(new)])
    var pump = SessionPump(seed: 2)
    let result = pump.run(a, b)
    #expect(result.end == .complete && result.contentBytes == new.count)
    #expect(b.tree.nodes[f]?.content == .file(new))
  }

  @Test func `is asked for once more if a list was wrong`() throws {
    let (old, new) = (content(1), content(50))
    try edit(old, new)
    // By this list both are the same.
    try a.store.keepChunks([
      KeptChunks(digest: memoryDigest(new), list: try list(old).list)
    ])
    var pump = SessionPump(seed: 3)
    let result = pump.run(a, b)
    #expect(result.end == .complete)
    #expect(b.tree.nodes[f]?.content == .file(new))
    #expect(result.contentBytes >= new.count)
    #expect(b.disk.stageCount == 0)
  }

  @Test func `is asked for once more if what it comes from changes meanwhile`() throws {
    let old = content(1)
    let new = block(90) + old
    try edit(old, new)
    var pump = SessionPump(seed: 4)
    let b = b
    pump.tamper = { message in
      if case .content = message { b.tree.write(path("/w/f"), .file([1, 2, 3])) }
      return message
    }
    _ = pump.run(a, b)
    #expect(b.tree.nodes[f]?.content == .file([1, 2, 3]), "a local edit stays")
    #expect(b.disk.stageCount == 0)
  }

  @Test(arguments: [
    CopiedStretch(offset: 0, length: 18 * 64 << 10),
    CopiedStretch(offset: 17 * 64 << 10, length: 1),
    CopiedStretch(offset: .max, length: 2), CopiedStretch(offset: 1, length: .max),
    CopiedStretch(offset: 0, length: 0),
  ])
  func `ends the session where a stretch is none`(stretch: CopiedStretch) throws {
    try edit(content(1), content(2))
    var pump = SessionPump(seed: 5)
    pump.tamper = { message in
      guard case .content(let pieces) = message else { return message }
      return .content(
        pieces.map { ContentPiece(number: $0.number, kind: .copy, bytes: stretch.encoded) })
    }
    guard case .failed(let failure) = pump.run(a, b).end else {
      Issue.record("taken")
      return
    }
    #expect(failure.kind == .protocolFault)
    #expect(b.tree.nodes[f]?.content == .file(content(1)))
  }

  @Test func `takes no stretches beyond its size, nor without a former content`() throws {
    try edit(content(1), content(2))
    let whole = CopiedStretch(offset: 0, length: 17 * 64 << 10)
    for isNew in [false, true] {
      if isNew { a.tree.write(path("/w/g"), .file(content(3))) }
      var pump = SessionPump(seed: 6)
      pump.tamper = { message in
        guard case .content(let pieces) = message, let first = pieces.first else { return message }
        let piece = ContentPiece(number: first.number, kind: .copy, bytes: whole.encoded)
        return .content([piece, piece])
      }
      guard case .failed(let failure) = pump.run(a, b).end else {
        Issue.record("taken")
        return
      }
      #expect(failure.kind == .protocolFault)
    }
  }

  @Test(arguments: [
    ("too long", 18 * 65_536), ("of no length", 0), ("not worth a piece", 65_535),
  ])
  func `is not taken with zeros that cannot be in it`(what: String, count: Int) {
    a.tree.write(f, .file(content(1)))
    var pump = SessionPump(seed: 3)
    pump.tamper = { message in
      guard case .content(var pieces) = message, !pieces.isEmpty else { return message }
      pieces[0].kind = .hole
      pieces[0].bytes = (0..<8).map { UInt8(truncatingIfNeeded: count >> (56 - 8 * $0)) }
      return .content(pieces)
    }
    let result = pump.run(a, b)
    guard case .failed(let failure) = result.end else {
      Issue.record("\(what): \(result.end)")
      return
    }
    #expect(failure.kind == .protocolFault && failure.reason.contains("zeros"), "\(failure)")
    #expect(b.tree.nodes[f] == nil)
  }

  @Test func `may have zeros that take no room`() {
    var bytes = content(1)
    let hole = (2 * Self.block)..<(16 * Self.block)
    bytes.replaceSubrange(hole, with: [UInt8](repeating: 0, count: hole.count))
    a.tree.write(f, .file(bytes))
    a.tree.holes[f] = UInt64(hole.lowerBound)..<UInt64(hole.upperBound)
    var pump = SessionPump(seed: 4)
    let result = pump.run(a, b)
    #expect(result.end == .complete)
    #expect(b.tree.nodes[f]?.content == .file(bytes))
    #expect(result.contentBytes < 4 * Self.block)
  }

  @Test func `is not asked for where there is no room for it, and comes when there is`() throws {
    let new = content(3)
    a.tree.write(f, .file(new))
    b.tree.trouble = { operation, _ in operation == .stage ? .full("no space left") : nil }
    var pump = SessionPump(seed: 6)
    let result = pump.run(a, b)
    #expect(result.end == .complete)
    #expect(result.contentBytes < 100)
    #expect(result.answerer?.report.problems.map(\.path) == [f])
    #expect(b.ledger.claimCount == 0)
    b.tree.trouble = nil
    #expect(pump.run(a, b).end == .complete)
    #expect(b.tree.nodes[f]?.content == .file(new))
  }

  @Test func `is not asked for again where the disk is full`() throws {
    let old = content(1)
    let new = block(90) + old[Self.block...]
    try edit(old, new)
    b.tree.trouble = { operation, _ in operation == .read ? .full("no space left") : nil }
    var pump = SessionPump(seed: 6)
    let result = pump.run(a, b)
    #expect(result.end == .complete)
    #expect(b.tree.nodes[f]?.content == .file(old))
    #expect(result.contentBytes < 2 * Self.block)
    #expect(result.answerer?.report.problems.contains { $0.path == f } == true)
  }
}
