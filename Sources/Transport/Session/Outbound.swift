package import Model

/// What this side sends of its own accord: the records that the peer lacks, and the content that it
/// asks for. Used by the sending thread alone.
package final class Outbound {
  /// Records in a frame, and bytes of content in a frame.
  private static let recordBatch = 250
  private static let contentBytes = 192 << 10

  let ledger: any Ledger
  private let disk: any Disk
  let groups: [SessionGroup]
  let peer: String
  private var judges: [Int: Receivers] = [:]
  private let purpose: Purpose
  private let isListing: Bool
  private var streams: ArraySlice<RecordStream>
  private var serving: ServedContent?
  /// Records whose history has just been sent.
  private var explained: Message?

  /// - Parameters:
  ///   - disk: This thread's own.
  ///   - mine, theirs: The greetings; they decide what the peer lacks.
  ///   - isListing: This side has to list what its disk shows (a server of `verify`).
  package init(
    ledger: any Ledger, disk: any Disk, groups: [SessionGroup], mine: Greeting, theirs: Greeting,
    isListing: Bool
  ) {
    self.ledger = ledger
    self.disk = disk
    self.groups = groups
    self.isListing = isListing
    purpose = mine.purpose
    peer = theirs.ownHost
    var streams: [RecordStream] = []
    for index in groups.indices where isOpen(mine, theirs, index) {
      if purpose != .verify || isListing {
        streams.append(RecordStream(group: index, mine.groups[index], theirs.groups[index]))
      }
    }
    self.streams = streams[...]
  }

  /// The next message of its own accord; nil: nothing for now.
  ///
  /// - Parameter requests: What the peer has asked for and has not got; what is taken up leaves it.
  package func next(_ requests: inout [Want]) throws(Failure) -> Message? {
    if let message = try nextRecords() { return message }
    guard serving != nil || !requests.isEmpty else { return nil }
    return .content(try nextContent(&requests))
  }

  // MARK: Records

  private func nextRecords() throws(Failure) -> Message? {
    if let explained {
      self.explained = nil
      return explained
    }
    while var stream = streams.first {
      let group = groups[stream.group]
      if try isCovered(stream, group) {
        streams = streams.dropFirst()
        return .recordsEnd(group: stream.group)
      }
      if stream.waiting.isEmpty { stream.waiting = try read(stream, group)[...] }
      guard !stream.waiting.isEmpty else {
        streams = streams.dropFirst()
        return isListing ? .listingEnd(group: stream.group) : .recordsEnd(group: stream.group)
      }
      let next = message(group, &stream)
      streams[streams.startIndex] = stream
      guard let next else { continue }
      let history =
        purpose.isLasting
        ? try told(try stream.history(of: next, group.name, ledger), stream) : nil
      streams[streams.startIndex] = stream
      if history != nil { explained = next }
      return history ?? next
    }
    return nil
  }

  /// The next entries of a group, some frames of them at a time.
  private func read(_ stream: RecordStream, _ group: SessionGroup) throws(Failure) -> [Entry] {
    let (last, limit) = (stream.last, Self.recordBatch * 4)
    let entries = try ledger.with { store throws(Failure) in
      if isListing { return try store.entriesOnDisk(group.name, after: last, limit: limit) }
      return stream.isWhole
        ? try store.entries(group.name, after: last, limit: limit)
        : try store.entries(group.name, notCoveredBy: stream.known, after: last, limit: limit)
    }
    return isListing ? entries : try vouched(entries, stream.group, stream)
  }

  /// How this host judges what the peer may be told of a group.
  func receivers(_ index: Int) throws(Failure) -> Receivers {
    if let judge = judges[index] { return judge }
    let (group, peer) = (groups[index].group, peer)
    let judge = try ledger.with { store throws(Failure) in
      try Receivers(group, peer: peer, store: store)
    }
    judges[index] = judge
    return judge
  }

  /// Whether the peer lacks nothing: found without looking into a single record.
  private func isCovered(_ stream: RecordStream, _ group: SessionGroup) throws(Failure) -> Bool {
    guard stream.last == nil, !stream.isWhole, !isListing else { return false }
    return try ledger.with { store throws(Failure) in
      try store.countNotCovered(group.name, by: stream.known) == 0
    }
  }

  /// The next frame out of the entries that wait; nil if none of them has to be sent.
  private func message(_ group: SessionGroup, _ stream: inout RecordStream) -> Message? {
    var rows: [ListingRow] = []
    var records: [PathRecord] = []
    while let entry = stream.waiting.popFirst() {
      stream.last = entry.path
      guard group.selection.includes(entry.path) else { continue }
      if isListing {
        if let row = entry.listing { rows.append(row) }
      } else if stream.isWhole || !stream.known.covers(entry.record.vector) {
        records.append(PathRecord(path: entry.path, record: entry.record))
      }
      if rows.count + records.count == Self.recordBatch { break }
    }
    if !rows.isEmpty { return .listing(group: stream.group, rows) }
    return records.isEmpty ? nil : .records(group: stream.group, records)
  }

  // MARK: Content

  private func nextContent(_ requests: inout [Want]) throws(Failure) -> [ContentPiece] {
    var pieces: [ContentPiece] = []
    var room = Self.contentBytes
    // All at once in the end: each removal moves all that are left.
    var taken = 0
    defer { requests.removeFirst(taken) }
    while room > 0, pieces.count < 1_024 {
      if serving == nil {
        guard taken < requests.count else { break }
        let want = requests[taken]
        taken += 1
        guard let found = try find(want) else {
          pieces.append(ContentPiece(number: want.number, kind: .refusal, bytes: []))
          continue
        }
        serving = found
      }
      guard let piece = try read(room) else { continue }
      room -= piece.bytes.count + 16
      pieces.append(piece)
    }
    return pieces
  }

  /// Where the wanted content is on this host; nil if it does not have it.
  private func find(_ want: Want) throws(Failure) -> ServedContent? {
    guard groups.indices.contains(want.group) else { return nil }
    let group = groups[want.group]
    guard group.selection.includes(want.path) else { return nil }
    let (shown, isKept) = try ledger.with { store throws(Failure) -> (Entry?, Bool) in
      if let entry = try store.entry(group.name, want.path), entry.shows(want) {
        return (entry, false)
      }
      return (nil, try self.isKept(want, group.name, store))
    }
    if let shown {
      // What a scan saw will do: reading compares it with what is there.
      if let seen = shown.seen, seen.size == want.size {
        return try serving(want, from: seen)
      }
      return try served(want, group)
    }
    return isKept ? try serving(want, from: nil) : nil
  }

  /// As it stands there now, else as it is kept.
  private func served(_ want: Want, _ group: SessionGroup) throws(Failure) -> ServedContent? {
    if let stat = try? disk.stat(want.path), stat.size == want.size {
      return try serving(want, from: stat)
    }
    let isKept = try ledger.with { store throws(Failure) in
      try self.isKept(want, group.name, store)
    }
    return isKept ? try serving(want, from: nil) : nil
  }

  /// Whether it is kept for just this path: a member of one group gets nothing of another.
  private func isKept(
    _ want: Want, _ group: String, _ store: any Store
  ) throws(Failure) -> Bool {
    guard try store.isTied(want.digest, group, want.path) else { return false }
    return try store.hasContent(want.digest)
  }

  private func read(_ room: Int) throws(Failure) -> ContentPiece? {
    guard var current = serving else { return nil }
    if let piece = current.nextCopy() {
      serving = current
      return piece
    }
    // Who only compares takes bytes as they are.
    let (data, hole) =
      purpose == .verify ? (current.fresh, nil) : current.extent(disk)
    if let hole {
      current.advance(hole.count)
      serving = current
      return ContentPiece(number: current.want.number, kind: .hole, bytes: hole.encoded)
    }
    let count = Int(min(data, UInt64(room)))
    var bytes = count == 0 ? [] : try read(current, count)
    if bytes == nil, current.offset == current.want.offset, current.stat != nil,
      let again = try served(current.want, groups[current.want.group])
    {
      current = again
      bytes = try read(current, count)
    }
    guard let bytes, !bytes.isEmpty || count == 0 else {
      serving = nil
      return ContentPiece(number: current.want.number, kind: .refusal, bytes: [])
    }
    current.advance(UInt64(bytes.count))
    let isLast = current.offset == current.want.size
    serving = isLast ? nil : current
    return ContentPiece(number: current.want.number, kind: isLast ? .last : .part, bytes: bytes)
  }

  /// From the disk all of them, from the kept contents up to the end of a part.
  private func read(_ current: ServedContent, _ count: Int) throws(Failure) -> [UInt8]? {
    if let stat = current.stat {
      let bytes = try? disk.read(
        current.want.path, stat: stat, offset: current.offset, count: count)
      return bytes?.count == count ? bytes : nil
    }
    let (number, skip) = current.offset.quotientAndRemainder(dividingBy: UInt64(contentPartBytes))
    let digest = current.want.digest
    let part = try ledger.with { store throws(Failure) in
      try store.contentPart(digest, number)
    }
    return part.map { Array($0.dropFirst(Int(skip)).prefix(count)) }
  }
}

/// Whether both sides sync the group with the same configuration.
package func isOpen(_ mine: Greeting, _ theirs: Greeting, _ index: Int) -> Bool {
  guard mine.groups.indices.contains(index), theirs.groups.indices.contains(index) else {
    return false
  }
  let (mine, theirs) = (mine.groups[index], theirs.groups[index])
  return mine.refusal.isEmpty && theirs.refusal.isEmpty
    && mine.configuration == theirs.configuration
}

/// Every replica that either side knows of, sorted, each once.
package func replicaUnion(_ mine: GroupGreeting, _ theirs: GroupGreeting) -> [ReplicaID] {
  Array(Set(mine.replicas.map(\.replica) + theirs.replicas.map(\.replica))).sorted()
}

extension Entry {
  /// Whether the disk shows what is asked for.
  fileprivate func shows(_ want: Want) -> Bool {
    guard case .file(let file) = shown.content.value else { return false }
    return file.digest == want.digest && !state.contains(.localOnly)
  }

  /// What is on the disk; nil if nothing is, or if it is kept there against a deletion.
  package var listing: ListingRow? {
    guard !shown.content.value.isAbsent, !isKeptDeleted, let attributes = shown.attributes else {
      return nil
    }
    return ListingRow(path: path, content: shown.content.value, attributes: attributes.applied)
  }
}
