package import Model

// Replicas that are gone for good.
extension SQLiteStore {
  package func retired(_ group: String) throws(Failure) -> [RetiredReplica] {
    guard let number = try number(of: group) else { return [] }
    var out: [RetiredReplica] = []
    try database.rows(
      "SELECT replica, host, last, seconds, told_by FROM retired WHERE grp = ? ORDER BY replica",
      [.integer(number)]
    ) { row throws(Failure) in
      guard let replica = ReplicaID(row.blob(0)), let last = UInt64(exactly: row.integer(2)),
        let seconds = UInt64(exactly: row.integer(3))
      else { throw database.damage("a retired replica is none") }
      out.append(
        RetiredReplica(
          replica: replica, host: row.text(1), last: last, seconds: seconds, by: row.text(4)))
    }
    return out
  }

  package func put(_ retired: RetiredReplica, _ group: String) throws(Failure) {
    try write { () throws(Failure) in
      try database.run(
        "INSERT OR REPLACE INTO retired VALUES (?, ?, ?, ?, ?, ?)",
        [
          .integer(try makeNumber(of: group)), .blob(retired.replica.bytes), .text(retired.host),
          .integer(Int64(clamping: retired.last)), .integer(Int64(clamping: retired.seconds)),
          .text(retired.by),
        ])
    }
  }
}
