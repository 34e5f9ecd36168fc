package import Model

// The entries. Each read is one statement that is finished before the method returns.
extension SQLiteStore {
  static let entryColumns = "path, state, stem, record, shown, seen, held, decided"

  package func entry(_ group: String, _ path: TreePath) throws(Failure) -> Entry? {
    guard let number = try number(of: group) else { return nil }
    let row = try database.first(
      "SELECT \(Self.entryColumns) FROM entry WHERE grp = ? AND path = ?",
      [.integer(number), .blob(path.key)]
    ) { row throws(Failure) in RawEntry(row) }
    guard let row else { return nil }
    return try entry(row)
  }

  package func put(_ entry: Entry, _ group: String) throws(Failure) {
    try write { () throws(Failure) in
      let number = try makeNumber(of: group)
      let row = RecordCoding.row(of: entry, &short)
      let stem: SQLValue
      if let vector = row.stem {
        stem = .integer(try self.number(of: vector))
      } else {
        stem = .null
      }
      try database.run(
        "INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
          .integer(number), .blob(entry.path.key), .integer(entry.state.rawValue), stem,
          .blob(row.record), SQLValue(row.shown), SQLValue(row.seen), SQLValue(row.held),
          SQLValue(row.decided),
        ])
      try noteRecent(entry, group, number)
    }
    contents[group]?.add(entry)
  }

  package func removeEntry(_ group: String, _ path: TreePath) throws(Failure) {
    guard let number = try number(of: group) else { return }
    try write { () throws(Failure) in
      try database.run(
        "DELETE FROM entry WHERE grp = ? AND path = ?", [.integer(number), .blob(path.key)])
    }
  }

  package func entries(_ group: String, after: TreePath?, limit: Int) throws(Failure) -> [Entry] {
    try entries(group, from: after.map { $0.key + [0] } ?? [], below: Self.end, limit: limit)
  }

  package func entries(
    _ group: String, in states: EntryState, after: TreePath?, limit: Int
  ) throws(Failure) -> [Entry] {
    guard let number = try number(of: group) else { return [] }
    return try entries(
      """
      SELECT \(Self.entryColumns) FROM entry \(Self.open(states))
      AND grp = ? AND path > ? AND state & ? <> 0 ORDER BY path LIMIT ?
      """,
      [
        .integer(number), .blob(after?.key ?? []), .integer(states.rawValue),
        .integer(Int64(max(0, limit))),
      ])
  }

  /// States that end by themselves, with an index of their own: thousands of open conflicts cost
  /// nothing to who looks for what waits. `SchemaContent` has the same number.
  private static let passing: EntryState = [.pending, .held, .keptForChildren, .lacking]

  /// The index in which entries of these states stand, and its condition: what a group ignores, as
  /// of all its paths, is none. `Schema` has the same number.
  private static func open(_ states: EntryState) -> String {
    states.isSubset(of: passing)
      ? "INDEXED BY entry_passing WHERE state & \(passing.rawValue) <> 0"
      : "INDEXED BY entry_open WHERE state & 1023 <> 0"
  }

  package func entriesBackwards(
    _ group: String, in states: EntryState, before: TreePath?, limit: Int
  ) throws(Failure) -> [Entry] {
    guard let number = try number(of: group) else { return [] }
    return try entries(
      """
      SELECT \(Self.entryColumns) FROM entry \(Self.open(states))
      AND grp = ? AND path < ? AND state & ? <> 0 ORDER BY path DESC LIMIT ?
      """,
      [
        .integer(number), .blob(before?.key ?? Self.end), .integer(states.rawValue),
        .integer(Int64(max(0, limit))),
      ])
  }

  package func entries(
    _ group: String, under path: TreePath, after: TreePath?, limit: Int
  ) throws(Failure) -> [Entry] {
    // All keys below a path go on with byte 0, and the next greater key cannot.
    var first = path.key
    if let after, after >= path { first = after.key + [0] }
    return try entries(group, from: first, below: path.key + [1], limit: limit)
  }

  package func entries(
    _ group: String, beyond subtree: TreePath?, after: TreePath?, before end: TreePath?,
    limit: Int
  ) throws(Failure) -> [Entry] {
    let first = after.map { $0.key + [0] } ?? subtree.map { $0.key + [1] } ?? []
    return try entries(group, from: first, below: end?.key ?? Self.end, limit: limit)
  }

  package func openCounts(_ group: String) throws(Failure) -> OpenCounts {
    var counts = OpenCounts()
    guard let number = try number(of: group) else { return counts }
    try database.rows(
      """
      SELECT state, count(*) FROM entry INDEXED BY entry_open
      WHERE grp = ? AND state & 1023 <> 0
      GROUP BY state
      """, [.integer(number)]
    ) { row throws(Failure) in
      counts.add(Int(row.integer(1)), EntryState(rawValue: row.integer(0)))
    }
    return counts
  }

  package func counts(_ group: String) throws(Failure) -> GroupCounts {
    let open = try openCounts(group)
    guard let number = try number(of: group) else { return GroupCounts(live: 0, open: open) }
    let all = try database.first(
      "SELECT count(*) FROM entry WHERE grp = ?", [.integer(number)]
    ) { row throws(Failure) in Int(row.integer(0)) }
    return GroupCounts(live: (all ?? 0) - open.tombstones - open.leftOut, open: open)
  }

  /// Above every key: keys begin with byte 0 or `%`.
  static let end: [UInt8] = [0xFF]

  func entries(
    _ group: String, from first: [UInt8], below end: [UInt8], limit: Int
  ) throws(Failure) -> [Entry] {
    guard let number = try number(of: group) else { return [] }
    return try entries(
      """
      SELECT \(Self.entryColumns) FROM entry WHERE grp = ? AND path >= ? AND path < ?
      ORDER BY path LIMIT ?
      """,
      [.integer(number), .blob(first), .blob(end), .integer(Int64(max(0, limit)))])
  }

  private func entries(_ sql: String, _ values: [SQLValue]) throws(Failure) -> [Entry] {
    var entries: [Entry] = []
    try database.rows(sql, values) { row throws(Failure) in
      entries.append(try entry(RawEntry(row)))
    }
    return entries
  }

  /// The entry of a row with all columns.
  func entry(_ row: SQLRow) throws(Failure) -> Entry { try entry(RawEntry(row)) }

  private func entry(_ raw: RawEntry) throws(Failure) -> Entry {
    guard let path = TreePath(key: raw.path) else {
      throw database.damage("\(escaped(raw.path)) is no path")
    }
    let stem: VersionVector?
    if let number = raw.stem { stem = try self.stem(number) } else { stem = nil }
    let row = EntryRow(
      record: raw.record, stem: stem, shown: raw.shown, seen: raw.seen, held: raw.held,
      decided: raw.decided)
    do throws(WireFault) {
      return try RecordCoding.entry(path, row, state: raw.state, short)
    } catch {
      throw damaged("the row of \(path)", error)
    }
  }
}

/// One row of `entry`, copied.
private struct RawEntry {
  let path: [UInt8]
  let state: EntryState
  let stem: Int64?
  let record: [UInt8]
  let shown: [UInt8]?
  let seen: [UInt8]?
  let held: [UInt8]?
  let decided: [UInt8]?

  init(_ row: SQLRow) {
    path = row.blob(0)
    state = EntryState(rawValue: row.integer(1))
    stem = row.isNull(2) ? nil : row.integer(2)
    record = row.blob(3)
    shown = row.optionalBlob(4)
    seen = row.optionalBlob(5)
    held = row.optionalBlob(6)
    decided = row.optionalBlob(7)
  }
}

extension SQLValue {
  init(_ bytes: [UInt8]?) { self = bytes.map { .blob($0) } ?? .null }
  init(_ text: String?) { self = text.map { .text($0) } ?? .null }
}
