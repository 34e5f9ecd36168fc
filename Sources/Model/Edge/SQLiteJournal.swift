package import Model

// What was begun on the disk and has no verdict yet: a batch is one row.
extension SQLiteStore {
  /// What the table of schema 12, a row a path, counts as.
  private static let formerBatch: Int64 = 0

  package func journal() throws(Failure) -> [(batch: Int64, rows: [JournalRow])] {
    var out: [(batch: Int64, rows: [JournalRow])] = []
    let former = try formerRows()
    if !former.isEmpty { out.append((Self.formerBatch, former)) }
    try database.rows("SELECT id, body FROM batch ORDER BY id") { row throws(Failure) in
      do throws(WireFault) {
        out.append((row.integer(0), try Self.rows(row.blob(1))))
      } catch {
        throw damaged("a batch of the journal", error)
      }
    }
    return out
  }

  package func addToJournal(_ rows: [JournalRow]) throws(Failure) -> Int64 {
    try write { () throws(Failure) in
      try database.run("INSERT INTO batch (body) VALUES (?)", [.blob(Self.body(rows))])
      return try database.first("SELECT last_insert_rowid()") { row throws(Failure) in
        row.integer(0)
      } ?? 0
    }
  }

  package func removeFromJournal(_ batch: Int64, keeping rows: [JournalRow]) throws(Failure) {
    try write { () throws(Failure) in
      if batch == Self.formerBatch {
        try database.run("DELETE FROM journal", [])
        if !rows.isEmpty { _ = try addToJournal(rows) }
      } else if rows.isEmpty {
        try database.run("DELETE FROM batch WHERE id = ?", [.integer(batch)])
      } else {
        try database.run(
          "UPDATE batch SET body = ? WHERE id = ?", [.blob(Self.body(rows)), .integer(batch)])
      }
    }
  }

  private static func body(_ rows: [JournalRow]) -> [UInt8] {
    var out = CBORWriter(capacity: rows.count * 512)
    out.array(rows.count)
    for row in rows {
      out.array(4)
      out.text(row.group)
      out.bytes(row.path.key)
      out.bytes(row.token)
      out.bytes(RecordCoding.encode(row.entry))
    }
    return out.bytes
  }

  private static func rows(_ body: [UInt8]) throws(WireFault) -> [JournalRow] {
    var reader = CBORReader(body)
    var rows: [JournalRow] = []
    for _ in 0..<(try reader.readArrayHeader(max: .max)) {
      guard try reader.readArrayHeader(max: 4) == 4 else { throw WireFault(.badValue, at: 0) }
      let group = try reader.readText(max: .max)
      guard let path = TreePath(key: try reader.readBytes(max: .max)) else {
        throw WireFault(.badValue, at: 0)
      }
      let token = try reader.readBytes(max: .max)
      rows.append(
        JournalRow(
          group: group, path: path, token: token,
          entry: try RecordCoding.entry(try reader.readBytes(max: .max))))
    }
    try reader.finish()
    return rows
  }

  private func formerRows() throws(Failure) -> [JournalRow] {
    var out: [JournalRow] = []
    try database.rows(
      """
      SELECT name, path, token, entry FROM journal JOIN grp ON grp.id = journal.grp
      ORDER BY name, path
      """
    ) { row throws(Failure) in
      let path = try self.path(row.blob(1))
      do throws(WireFault) {
        let entry = try RecordCoding.entry(row.blob(3))
        out.append(
          JournalRow(group: row.text(0), path: path, token: row.blob(2), entry: entry))
      } catch {
        throw damaged("the journal's row of \(path)", error)
      }
    }
    return out
  }
}
