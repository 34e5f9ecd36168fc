package import Model

// What a peer lacks: out of the list of what changed lately, or by a pass over all entries.
extension SQLiteStore {
  package func entries(
    _ group: String, notCoveredBy known: VersionVector, after: TreePath?, limit: Int
  ) throws(Failure) -> [Entry] {
    guard let number = try number(of: group) else { return [] }
    let source =
      try mark(of: group, number)?.serves(known) == true
      ? "recent CROSS JOIN entry USING (grp, path)" : "entry"
    var entries: [Entry] = []
    try database.rows(
      while: """
        SELECT \(Self.entryColumns) FROM \(source) WHERE grp = ? AND path > ? ORDER BY path
        """, [.integer(number), .blob(after?.key ?? [])]
    ) { row throws(Failure) in
      guard entries.count < limit else { return false }
      if !known.covers(try vector(of: row, stem: 2, record: 3)) {
        entries.append(try entry(row))
      }
      return true
    }
    return entries
  }

  package func countNotCovered(
    _ group: String, by known: VersionVector
  ) throws(Failure) -> Int {
    guard let number = try number(of: group) else { return 0 }
    guard let mark = try mark(of: group, number) else {
      return try countAndList(group, number, known)
    }
    return try count(known, number, in: mark.serves(known) ? .recent : .all)
  }

  private enum Source: String {
    case recent = "recent CROSS JOIN entry USING (grp, path)"
    case all = "entry"
  }

  private func count(
    _ known: VersionVector, _ number: Int64, in source: Source
  ) throws(Failure) -> Int {
    var count = 0
    try database.rows(
      "SELECT path, stem, record FROM \(source.rawValue) WHERE grp = ?", [.integer(number)]
    ) { row throws(Failure) in
      if !known.covers(try vector(of: row, stem: 1, record: 2)) { count += 1 }
    }
    return count
  }

  /// The pass that has to look at everything makes the list, so that the next ones need not.
  private func countAndList(
    _ group: String, _ number: Int64, _ known: VersionVector
  ) throws(Failure) -> Int {
    var pass = RecentPass(
      own: try knowledge(group), members: try members(group).compactMap(\.knowledge))
    var count = 0
    try database.rows(
      "SELECT path, stem, record FROM entry WHERE grp = ?", [.integer(number)]
    ) { row throws(Failure) in
      let vector = try vector(of: row, stem: 1, record: 2)
      if !known.covers(vector) { count += 1 }
      pass.take(row.blob(0), vector)
    }
    guard let (mark, keys) = pass.result else { return count }
    try write { () throws(Failure) in
      try forgetRecent(group, number)
      try database.run(
        "INSERT INTO recent_base VALUES (?, ?, ?)",
        [.integer(number), .blob(bytes(of: mark.base)), .integer(Int64(mark.limit))])
      for key in keys { try list(key, number) }
      marks[group] = .known(mark)
    }
    return count
  }

  /// Keeps the list true while an entry is written.
  func noteRecent(_ entry: Entry, _ group: String, _ number: Int64) throws(Failure) {
    guard var mark = try mark(of: group, number), mark.lists(entry.record.vector) else { return }
    guard !mark.isFull else { return try forgetRecent(group, number) }
    try list(entry.path.key, number)
    mark.count += 1
    marks[group] = .known(mark)
  }

  private func list(_ key: [UInt8], _ number: Int64) throws(Failure) {
    try database.run("INSERT OR IGNORE INTO recent VALUES (?, ?)", [.integer(number), .blob(key)])
  }

  private func forgetRecent(_ group: String, _ number: Int64) throws(Failure) {
    try database.run("DELETE FROM recent WHERE grp = ?", [.integer(number)])
    try database.run("DELETE FROM recent_base WHERE grp = ?", [.integer(number)])
    marks[group] = .unlisted
  }

  private func mark(of group: String, _ number: Int64) throws(Failure) -> RecentMark? {
    switch marks[group] {
    case .known(let mark): return mark
    case .unlisted: return nil
    case nil: break
    }
    let found = try database.first(
      """
      SELECT base, most, (SELECT count(*) FROM recent WHERE grp = b.grp)
      FROM recent_base AS b WHERE grp = ?
      """, [.integer(number)]
    ) { row throws(Failure) in (row.blob(0), Int(row.integer(1)), Int(row.integer(2))) }
    guard let (base, limit, count) = found else {
      marks[group] = .unlisted
      return nil
    }
    let mark = RecentMark(base: try vector(base), limit: limit, count: count)
    marks[group] = .known(mark)
    return mark
  }

  private func vector(
    of row: SQLRow, stem: Int32, record: Int32
  ) throws(Failure) -> VersionVector {
    let stem = row.isNull(stem) ? nil : try self.stem(row.integer(stem))
    do throws(WireFault) {
      return try RecordCoding.vector(row.blob(record), stem: stem, short)
    } catch {
      throw damaged("the row of \(escaped(row.blob(0)))", error)
    }
  }
}

/// What is remembered of a group's list in memory.
enum KnownMark {
  case known(RecentMark)
  /// There is no list.
  case unlisted
}
