package import Model

// What stands on the disk of a host that only receives, where the group wants something else.
extension SQLiteStore {
  package func localOnly(_ group: String, _ path: TreePath) throws(Failure) -> LocalOnly? {
    guard let number = try number(of: group) else { return nil }
    return try rows("grp = ? AND path = ?", [.integer(number), .blob(path.key)]).first
  }

  package func localOnly(
    _ group: String, after: TreePath?, limit: Int
  ) throws(Failure) -> [LocalOnly] {
    guard let number = try number(of: group) else { return [] }
    return try rows(
      "grp = ? AND path > ? ORDER BY path LIMIT ?",
      [.integer(number), .blob(after?.key ?? []), .integer(Int64(max(0, limit)))])
  }

  package func put(_ local: LocalOnly, _ group: String) throws(Failure) {
    try write { () throws(Failure) in
      let entry = Entry(
        path: local.path, record: Record(vector: VersionVector()), shown: local.found,
        seen: local.seen)
      try database.run(
        "INSERT OR REPLACE INTO local_only VALUES (?, ?, ?, ?, ?)",
        [
          .integer(try makeNumber(of: group)), .blob(local.path.key), .text(local.kind.rawValue),
          .integer(local.since), .blob(RecordCoding.encode(entry)),
        ])
    }
  }

  package func removeLocalOnly(_ group: String, _ path: TreePath) throws(Failure) {
    guard let number = try number(of: group) else { return }
    try write { () throws(Failure) in
      try database.run(
        "DELETE FROM local_only WHERE grp = ? AND path = ?", [.integer(number), .blob(path.key)])
    }
  }

  private func rows(_ condition: String, _ values: [SQLValue]) throws(Failure) -> [LocalOnly] {
    var out: [LocalOnly] = []
    try database.rows(
      "SELECT path, kind, since, body FROM local_only WHERE \(condition)", values
    ) { row throws(Failure) in
      guard let path = TreePath(key: row.blob(0)), let kind = LocalOnly.Kind(rawValue: row.text(1))
      else { throw database.damage("a local change cannot be read") }
      do throws(WireFault) {
        let entry = try RecordCoding.entry(row.blob(3))
        out.append(
          LocalOnly(
            path: path, kind: kind, found: entry.shown, seen: entry.seen, since: row.integer(2)))
      } catch {
        throw damaged("the local change of \(path)", error)
      }
    }
    return out
  }
}
