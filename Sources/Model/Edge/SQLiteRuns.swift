package import Model

// The figures of the last runs.
extension SQLiteStore {
  package func runs() throws(Failure) -> [RunFigures] {
    var out: [RunFigures] = []
    try database.rows(
      """
      SELECT time, milliseconds, sent, received, deleted, conflicts, problems, bytes_out, bytes_in
      FROM run ORDER BY number
      """
    ) { row throws(Failure) in
      out.append(
        RunFigures(
          time: row.integer(0), milliseconds: row.integer(1), sent: row.integer(2),
          received: row.integer(3), deleted: row.integer(4), conflicts: row.integer(5),
          problems: row.integer(6), bytesOut: row.integer(7), bytesIn: row.integer(8)))
    }
    return out
  }

  package func add(_ run: RunFigures) throws(Failure) {
    try write { () throws(Failure) in
      try database.run(
        "INSERT INTO run VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
          .integer(run.time), .integer(run.milliseconds), .integer(run.sent),
          .integer(run.received), .integer(run.deleted), .integer(run.conflicts),
          .integer(run.problems), .integer(run.bytesOut), .integer(run.bytesIn),
        ])
      try database.run(
        "DELETE FROM run WHERE number <= (SELECT max(number) FROM run) - ?",
        [.integer(Int64(RunFigures.limit))])
    }
  }
}
