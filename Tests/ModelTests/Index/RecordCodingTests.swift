import Model
import Testing

private func roundTrip(_ entry: Entry, _ short: inout Shorthand) throws -> Entry {
  let row = RecordCoding.row(of: entry, &short)
  return try RecordCoding.entry(entry.path, row, state: entry.state, short)
}

@Suite struct `A row of an entry` {
  @Test func `says all of it again`() throws {
    for seed in 0..<5000 {
      var chance = RecordChance(UInt64(seed))
      let entry = chance.entry()
      var short = Shorthand(replicas: [ReplicaID(high: 3, low: 7)], ownerLimit: 3)
      let again = try roundTrip(entry, &short)
      guard again == entry else {
        Issue.record("seed \(seed): \(entry) became \(again)")
        return
      }
      let row = RecordCoding.row(of: entry, &short)
      let vector = try RecordCoding.vector(row.record, stem: row.stem, short)
      #expect(vector == entry.record.vector, "seed \(seed)")
    }
  }

  @Test func `is the same for the same entry`() {
    for seed in 0..<500 {
      var (one, other) = (RecordChance(UInt64(seed)), RecordChance(UInt64(seed)))
      let isSame = RecordCoding.encode(one.entry()) == RecordCoding.encode(other.entry())
      #expect(isSame, "seed \(seed)")
    }
  }

  @Test func `stands for itself in the journal`() throws {
    for seed in 0..<5000 {
      var chance = RecordChance(UInt64(seed))
      let entry = chance.entry()
      #expect(try RecordCoding.entry(RecordCoding.encode(entry)) == entry, "seed \(seed)")
    }
  }

  @Test func `takes at most a hundred bytes for a file`() {
    let entry = sampleFile()
    var short = Shorthand()
    let row = RecordCoding.row(of: entry, &short)
    #expect(row.shown == nil && row.held == nil && row.stem == nil)
    #expect(row.record.count + (row.seen?.count ?? 0) <= 100)
  }

  @Test func `shares the stems of paths that were born together`() {
    var knowledge = VersionVector()
    for number in 1...3 { knowledge.insert(Dot(ReplicaID(high: UInt64(number), low: 0), 9)!) }
    var short = Shorthand()
    var stems: Set<VersionVector?> = []
    for sequence in 10...20 {
      let dot = Dot(ReplicaID(high: 1, low: 0), UInt64(sequence))!
      var record = sampleFile().record
      record.vector = knowledge
      record.vector.insert(dot)
      record.content = Register(dot, .directory)
      record.mode.replaceAll(with: dot, Mode(bits: 0o755))
      record.owner.replaceAll(with: dot, Owner(user: .number(0), group: .number(0)))
      record.acl.replaceAll(with: dot, .none)
      stems.insert(RecordCoding.encode(record, &short).stem)
    }
    #expect(stems.count == 1)
  }

  @Test func `names the content without being read as a whole`() {
    for seed in 0..<5000 {
      var chance = RecordChance(UInt64(seed))
      let entry = chance.entry()
      var short = Shorthand()
      let row = RecordCoding.row(of: entry, &short)
      guard case .file(let prefix) = RecordCoding.contentHint(row.record, short) else {
        if case .file = entry.record.content.settled {
          #expect(entry.record.content.siblings.count > 1, "seed \(seed)")
        }
        continue
      }
      guard case .file(let file) = entry.record.content.settled else {
        Issue.record("seed \(seed)")
        return
      }
      #expect(file.digest.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } == prefix)
    }
  }
}

@Suite struct `Damaged rows` {
  @Test func `never trap, whatever the bytes`() {
    var chance = RecordChance(4711)
    let short = Shorthand(
      replicas: (0..<5).map { ReplicaID(high: UInt64($0), low: 7) },
      owners: [Owner(user: .number(0), group: .number(0))])
    let path = TreePath("/x")!
    for _ in 0..<50_000 {
      let row = EntryRow(
        record: chance.bytes(chance.below(40)), stem: nil, shown: chance.bytes(chance.below(9)),
        seen: chance.bytes(chance.below(9)), held: chance.bytes(chance.below(9)),
        decided: chance.bytes(chance.below(9)))
      _ = try? RecordCoding.entry(path, row, state: [], short)
      _ = try? RecordCoding.vector(row.record, stem: nil, short)
      _ = RecordCoding.contentHint(row.record, short)
      _ = try? RecordCoding.entry(row.record)
    }
  }

  @Test func `never trap where one byte or the end is wrong`() {
    for seed in 0..<2000 {
      var chance = RecordChance(UInt64(seed))
      let entry = chance.entry()
      var short = Shorthand()
      let row = RecordCoding.row(of: entry, &short)
      func damaged(_ bytes: [UInt8], _ chance: inout RecordChance) -> [UInt8] {
        var bytes = bytes
        if chance.oneIn(3) { return Array(bytes.prefix(chance.below(bytes.count))) }
        bytes[chance.below(bytes.count)] = UInt8(chance.below(256))
        return bytes
      }
      for _ in 0..<20 {
        var bad = row
        bad.record = damaged(row.record, &chance)
        bad.shown = row.shown.map { damaged($0, &chance) }
        bad.seen = row.seen.map { damaged($0, &chance) }
        bad.held = row.held.map { damaged($0, &chance) }
        bad.decided = row.decided.map { damaged($0, &chance) }
        _ = try? RecordCoding.entry(entry.path, bad, state: [], short)
        _ = RecordCoding.contentHint(bad.record, short)
        _ = try? RecordCoding.entry(damaged(RecordCoding.encode(entry), &chance))
      }
    }
  }

  @Test func `are refused where a number stands for no replica`() {
    var short = Shorthand()
    let row = RecordCoding.row(of: sampleFile(), &short)
    #expect(throws: WireFault.self) {
      try RecordCoding.entry(TreePath("/x")!, row, state: [], Shorthand())
    }
  }

  @Test(arguments: [
    [0, 2, 0, 1], [16, 2, 0, 1], [2, 0, 5], [2, 4, 0, 2, 0, 1, 5], [2, 4, 0, 1, 0, 1, 5],
    [2, 2, 1, 1, 5], [2, 2, 0, 1], [2, 2, 0, 1, 5, 5], [32, 2, 0, 1, 5],
  ])
  func `are refused where a decision is none`(items: [Int]) {
    // flags, the length of the list of dots, then numbers
    func bytes(_ items: [Int]) -> [UInt8] {
      var out = CBORWriter()
      for (place, item) in items.enumerated() {
        if place == 1 { out.array(item) } else { out.uint(UInt64(item)) }
      }
      return out.bytes
    }
    var short = Shorthand()
    var row = RecordCoding.row(of: sampleFile(), &short)
    row.decided = bytes([2, 2, 0, 1, 5])
    #expect(throws: Never.self) {
      try RecordCoding.entry(TreePath("/x")!, row, state: [], short)
    }
    row.decided = bytes(items)
    #expect(throws: WireFault.self) {
      try RecordCoding.entry(TreePath("/x")!, row, state: [], short)
    }
  }

  @Test func `are refused where a shown register is not settled`() {
    var short = Shorthand()
    var out = CBORWriter()
    for value: UInt64 in [0] { out.uint(value) }
    for _ in 0..<4 { out.array(0) }
    let row = EntryRow(record: out.bytes, stem: nil, shown: nil, seen: nil, held: nil)
    _ = short.number(of: ReplicaID(high: 0, low: 7))
    #expect(throws: WireFault.self) {
      try RecordCoding.entry(TreePath("/x")!, row, state: [], short)
    }
  }
}

/// A file as most are: written once, by one host, and shown as it is.
private func sampleFile() -> Entry {
  let file = FileContent(
    digest: Digest((0..<32).map { UInt8($0) })!, size: 12_345,
    modified: Timestamp(seconds: 1_700_000_000, nanoseconds: 123_456_789), isBirth: true)
  let dot = Dot(ReplicaID(high: 1, low: 0), 99_999)!
  var record = Record(vector: VersionVector())
  record.vector.insert(dot)
  let owner = Owner(user: .name(Array("www-data".utf8)), group: .name(Array("www-data".utf8)))
  record.content = Register(dot, .file(file))
  record.mode = Register(dot, Mode(bits: 0o644))
  record.owner = Register(dot, owner)
  record.acl = Register(dot, .none)
  let shown = Shown(
    content: ShownValue(dots: [dot], value: .file(file)),
    attributes: ShownAttributes(
      mode: ShownValue(dots: [dot], value: Mode(bits: 0o644)),
      owner: ShownValue(dots: [dot], value: owner), acl: ShownValue(dots: [dot], value: .none)))
  let seen = FileStat(
    kind: .file, device: 0, inode: 1_234_567, size: 12_345, modified: file.modified,
    changed: Timestamp(seconds: 1_700_000_001, nanoseconds: 987_654_321), mode: 0o644, uid: 33,
    gid: 33, links: 0)
  return Entry(path: TreePath("/srv/index.html")!, record: record, shown: shown, seen: seen)
}
