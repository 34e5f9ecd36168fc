package import Model

// Conflicts that are over.
extension SQLiteStore {
  private static let columns = "settled.id, name, seconds, body, entry"

  package func settledConflicts(limit: Int) throws(Failure) -> [SettledConflict] {
    try settled(
      "SELECT \(Self.columns) FROM settled JOIN grp ON grp.id = settled.grp "
        + "ORDER BY number DESC LIMIT ?", [.integer(Int64(max(0, limit)))])
  }

  package func settledConflicts(withID prefix: String) throws(Failure) -> [SettledConflict] {
    try settled(
      "SELECT \(Self.columns) FROM settled JOIN grp ON grp.id = settled.grp "
        + "WHERE settled.id >= ? AND settled.id < ? ORDER BY number DESC",
      [.text(prefix), .text(prefix + "g")])
  }

  package func add(_ settled: SettledConflict) throws(Failure) {
    try write { () throws(Failure) in
      try database.run(
        "INSERT INTO settled (id, grp, seconds, body, entry) VALUES (?, ?, ?, ?, ?)",
        [
          .text(settled.id), .integer(try makeNumber(of: settled.group)),
          .integer(settled.seconds), .blob(SettledCoding.encode(settled)),
          .blob(RecordCoding.encode(Entry(path: settled.path, record: settled.former))),
        ])
    }
  }

  package func forgetSettled(before seconds: Int64, limit: Int) throws(Failure) {
    let isDue = try database.first(
      """
      SELECT (SELECT count(*) FROM settled) > ?
      OR EXISTS (SELECT 1 FROM settled WHERE seconds < ?)
      """,
      [.integer(Int64(limit)), .integer(seconds)]
    ) { row throws(Failure) in row.integer(0) != 0 }
    guard isDue == true else { return }
    try write { () throws(Failure) in
      try database.run(
        """
        DELETE FROM settled WHERE seconds < ? OR number <= (SELECT max(number) FROM settled) - ?
        """, [.integer(seconds), .integer(Int64(limit))])
    }
  }

  package func formerConflicts() throws(Failure) -> [FormerConflict] {
    var out: [FormerConflict] = []
    try database.rows(
      "SELECT name, path, dots FROM former JOIN grp ON grp.id = former.grp ORDER BY number DESC"
    ) { row throws(Failure) in
      guard let path = TreePath(key: row.blob(1)), let dots = SettledCoding.dots(row.blob(2)) else {
        throw database.damage("a former conflict cannot be read")
      }
      out.append(FormerConflict(group: row.text(0), path: path, dots: dots))
    }
    return out
  }

  package func add(_ former: FormerConflict) throws(Failure) {
    try write { () throws(Failure) in
      try database.run(
        "INSERT OR REPLACE INTO former (grp, path, dots) VALUES (?, ?, ?)",
        [
          .integer(try makeNumber(of: former.group)), .blob(former.path.key),
          .blob(SettledCoding.bytes(former.dots)),
        ])
      try database.run(
        "DELETE FROM former WHERE number <= (SELECT max(number) FROM former) - 1000")
    }
  }

  private func settled(
    _ sql: String, _ values: [SQLValue]
  ) throws(Failure) -> [SettledConflict] {
    var out: [SettledConflict] = []
    try database.rows(sql, values) { row throws(Failure) in
      do throws(WireFault) {
        let entry = try RecordCoding.entry(row.blob(4))
        out.append(
          try SettledCoding.decode(
            row.blob(3), id: row.text(0), group: row.text(1), seconds: row.integer(2), entry))
      } catch {
        throw damaged("a settled conflict", error)
      }
    }
    return out
  }
}
