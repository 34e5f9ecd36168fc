import Model
import Testing

@testable import ModelEdge

@Suite struct `The entries of a store` {
  let scratch = StateScratch()
  let store: SQLiteStore

  init() throws { store = try openState(scratch).store }

  private func path(_ text: String) -> TreePath { TreePath(text)! }

  @Test func `come back as they were put, of every kind`() throws {
    let contents: [Content] = [
      .directory, .fifo, .symlink(target: Array("../a\n".utf8)),
      .file(
        FileContent(
          digest: digest(7), size: 0, modified: Timestamp(seconds: -1, nanoseconds: 999_999_999),
          isBirth: false)),
    ]
    var entries = contents.enumerated().map { place, content in
      liveEntry(path("/kind/\(place)"), UInt64(place + 1), content)
    }
    entries.append(tombstone(path("/kind/gone"), 9))
    // A conflict of two hosts that have seen much, with something held and a look at the disk.
    var conflict = fileEntry(path("/kind/two"), 10, state: [.conflict, .held])
    let other = Dot(ReplicaID(high: 0xB2, low: 2), 3)!
    conflict.record.content.replace([], with: other, .directory)
    for number in 1...5 {
      conflict.record.vector.insert(Dot(ReplicaID(high: UInt64(number), low: 0), 77)!)
    }
    conflict.record.vector.insert(other)
    conflict.held = [Held(.owner, "user \"shop\" is unknown here")]
    conflict.seen = FileStat(
      kind: .file, device: 0, inode: .max, size: 3, modified: Timestamp(seconds: 1, nanoseconds: 2),
      changed: Timestamp(seconds: 3, nanoseconds: 4), mode: 0o600, uid: .max, gid: 0, links: 0)
    entries.append(conflict)
    conflict.path = path("/kind/won")
    conflict.decided = Entry.Decision(
      values: ResolvedValues(
        content: .directory, owner: Owner(user: .name(Array("shop".utf8)), group: .number(0))),
      dots: conflict.record.content.dots)
    conflict.state = [.decided, .held]
    entries.append(conflict)
    for entry in entries { try store.put(entry, "web") }
    for entry in entries { #expect(try store.entry("web", entry.path) == entry) }
    #expect(try store.entry("mail", entries[0].path) == nil)
    store.close()
    let again = try openState(scratch).store
    for entry in entries { #expect(try again.entry("web", entry.path) == entry) }
  }

  @Test func `come in path order, in batches`() throws {
    var paths: Set<TreePath> = []
    for _ in 0..<500 {
      var path = TreePath(Bool.random() ? "/a" : "%web%")!
      for _ in 0..<Int.random(in: 0...3) {
        let names: [[UInt8]] = [[97], [97, 46], [97, 1], [97, 255], [45], [98, 98]]
        path = path.child(names.randomElement()!)!
      }
      paths.insert(path)
    }
    try store.transaction { () throws(Failure) in
      for path in paths.shuffled() { try store.put(fileEntry(path, 1), "web") }
    }
    let sorted = paths.sorted()
    var found: [TreePath] = []
    while true {
      let batch = try store.entries("web", after: found.last, limit: 37)
      #expect(batch.count <= 37)
      if batch.isEmpty { break }
      found += batch.map(\.path)
    }
    #expect(found == sorted)
    for root in sorted.prefix(100) {
      let below = sorted.filter { $0 == root || $0.isBelow(root) }
      let all = try store.entries("web", under: root, after: nil, limit: 1000)
      #expect(all.map(\.path) == below)
      let rest = try store.entries("web", under: root, after: root, limit: 1000)
      #expect(rest.map(\.path) == below.filter { $0 > root })
      let early = try store.entries("web", under: root, after: sorted[0], limit: 1000)
      #expect(early.map(\.path) == below.filter { $0 > sorted[0] })
    }
  }

  @Test func `are found by their states, forwards and backwards`() throws {
    let states: [EntryState] = [
      [], .conflict, .pending, [.held, .pending], .keptForChildren, .tombstone, .leftOut,
    ]
    for (place, state) in states.enumerated() {
      try store.put(fileEntry(path("/\(place)"), 1, state: state), "web")
    }
    func numbers(_ states: EntryState) throws -> String {
      try store.entries("web", in: states, after: nil, limit: 9).map { "\($0.path)" }.joined()
    }
    #expect(try numbers(.attention) == "/1/2/3/4")
    #expect(try numbers(.tombstone) == "/5")
    #expect(try numbers([.held, .tombstone]) == "/3/5")
    let after = try store.entries("web", in: .attention, after: path("/1"), limit: 2)
    #expect(after.map(\.path) == [path("/2"), path("/3")])
    let back = try store.entriesBackwards("web", in: .attention, before: nil, limit: 3)
    #expect(back.map(\.path) == [path("/4"), path("/3"), path("/2")])
    let more = try store.entriesBackwards("web", in: .attention, before: path("/2"), limit: 3)
    #expect(more.map(\.path) == [path("/1")])
    let counts = try store.counts("web")
    #expect((counts.live, counts.conflicts, counts.pending) == (5, 1, 2))
    #expect((counts.held, counts.tombstones) == (1, 1))
    try store.put(fileEntry(path("/1"), 1), "web")
    #expect(try numbers(.conflict) == "")
  }

  @Test func `are replaced and removed`() throws {
    try store.put(fileEntry(path("/a"), 1), "web")
    try store.put(fileEntry(path("/a"), 2), "web")
    try store.put(fileEntry(path("/a"), 3), "mail")
    #expect(try store.entry("web", path("/a")) == fileEntry(path("/a"), 2))
    try store.removeEntry("web", path("/a"))
    #expect(try store.entry("web", path("/a")) == nil)
    #expect(try store.entry("mail", path("/a")) != nil)
    #expect(try store.entries("web", after: nil, limit: 10).isEmpty)
  }

  @Test func `are counted if a peer's knowledge does not cover them`() throws {
    for number in 1...10 {
      var entry = fileEntry(path("/\(number)"), UInt64(number))
      // Beyond what stands in the row itself.
      for other in 1...3 where number == 5 {
        entry.record.vector.insert(Dot(ReplicaID(high: UInt64(other), low: 0), 4)!)
      }
      try store.put(entry, "web")
    }
    var knowledge = VersionVector()
    #expect(try store.countNotCovered("web", by: knowledge) == 10)
    knowledge.insert(Dot(someReplica, 8)!)
    #expect(try store.countNotCovered("web", by: knowledge) == 3)
    for other in 1...3 { knowledge.insert(Dot(ReplicaID(high: UInt64(other), low: 0), 4)!) }
    #expect(try store.countNotCovered("web", by: knowledge) == 2)
    #expect(try store.countNotCovered("mail", by: knowledge) == 0)
  }

  @Test func `are found by what they show`() throws {
    try store.transaction { () throws(Failure) in
      for number in 0..<1000 {
        try store.put(
          fileEntry(path("/f/\(number)"), UInt64(number + 1), digest: digest(number)), "web")
      }
      try store.put(liveEntry(path("/f"), 5000, .directory), "web")
    }
    for number in [0, 1, 63, 64, 500, 999] {
      #expect(try store.entryShowing(digest(number), "web")?.path == path("/f/\(number)"))
    }
    #expect(try store.entryShowing(digest(1000), "web") == nil)
    #expect(try store.entryShowing(digest(1), "mail") == nil)
    // What is written after the first question, replaced, removed, or buried.
    try store.put(fileEntry(path("/g"), 6000, digest: digest(2000)), "web")
    #expect(try store.entryShowing(digest(2000), "web")?.path == path("/g"))
    try store.put(fileEntry(path("/f/1"), 6001, digest: digest(2001)), "web")
    #expect(try store.entryShowing(digest(1), "web") == nil)
    #expect(try store.entryShowing(digest(2001), "web")?.path == path("/f/1"))
    try store.removeEntry("web", path("/f/2"))
    #expect(try store.entryShowing(digest(2), "web") == nil)
    try store.put(tombstone(path("/f/3"), 6002), "web")
    #expect(try store.entryShowing(digest(3), "web") == nil)
  }

  @Test func `are found by what the disk shows, whatever is settled`() throws {
    var entry = fileEntry(path("/a"), 1, digest: digest(1))
    entry.record.content.replaceAll(with: Dot(someReplica, 2)!, .directory)
    entry.record.vector.insert(Dot(someReplica, 2)!)
    try store.put(entry, "web")
    #expect(try store.entryShowing(digest(1), "web") == entry)
  }

  @Test func `with stems that nobody needs any more lose them`() throws {
    func entry(_ number: Int) -> Entry {
      var entry = fileEntry(path("/a"), 1)
      for other in 1...2 {
        entry.record.vector.insert(Dot(ReplicaID(high: UInt64(other), low: 0), UInt64(number))!)
      }
      return entry
    }
    try store.transaction { () throws(Failure) in
      for number in 1...2000 { try store.put(entry(number), "web") }
    }
    store.close()
    let again = try openState(scratch).store
    let count = try again.database.first("SELECT count(*) FROM stem") { row throws(Failure) in
      row.integer(0)
    }
    #expect(count == 1)
    #expect(try again.entry("web", path("/a")) == entry(2000))
  }
}
