package import Model

/// A run as a row: what it says beside its time is one word.
private protocol RunRow: EventRun {
  static var table: String { get }
  var seconds: Int64 { get }
  var word: String { get }
  init(replica: ReplicaID, first: UInt64, last: UInt64, seconds: Int64, word: String)
}

extension Stamp: RunRow {
  fileprivate static var table: String { "stamp" }
  fileprivate var word: String { user }
  fileprivate init(
    replica: ReplicaID, first: UInt64, last: UInt64, seconds: Int64, word: String
  ) {
    self.init(replica: replica, first: first, last: last, seconds: seconds, user: word)
  }
}

extension Arrival: RunRow {
  fileprivate static var table: String { "arrival" }
  fileprivate var word: String { via }
  fileprivate init(
    replica: ReplicaID, first: UInt64, last: UInt64, seconds: Int64, word: String
  ) {
    self.init(replica: replica, first: first, last: last, seconds: seconds, via: word)
  }
}

// Stamps and arrivals.
extension SQLiteStore {
  package func stamps(_ group: String) throws(Failure) -> [Stamp] { try runs(group) }
  package func add(_ stamps: [Stamp], _ group: String) throws(Failure) {
    try add(runs: stamps, group)
  }
  package func stamp(of dot: Dot, _ group: String) throws(Failure) -> Stamp? {
    try run(of: dot, group)
  }

  package func arrivals(_ group: String) throws(Failure) -> [Arrival] { try runs(group) }
  package func add(_ arrivals: [Arrival], _ group: String) throws(Failure) {
    try add(runs: arrivals, group)
  }
  package func arrival(of dot: Dot, _ group: String) throws(Failure) -> Arrival? {
    try run(of: dot, group)
  }

  private func runs<Run: RunRow>(_ group: String) throws(Failure) -> [Run] {
    guard let number = try number(of: group) else { return [] }
    let all: [Run] = try runs("WHERE grp = ?", [.integer(number)])
    return all.sorted { ($0.replica, $0.first) < ($1.replica, $1.first) }
  }

  private func run<Run: RunRow>(of dot: Dot, _ group: String) throws(Failure) -> Run? {
    guard let number = try number(of: group), let replica = short.place(of: dot.replica) else {
      return nil
    }
    let found: [Run] = try runs(
      "WHERE grp = ? AND replica = ? AND first <= ? ORDER BY first DESC LIMIT 1",
      [.integer(number), .integer(Int64(replica)), .integer(Int64(clamping: dot.sequence))])
    return found.first { $0.last >= dot.sequence }
  }

  private func runs<Run: RunRow>(
    _ condition: String, _ values: [SQLValue]
  ) throws(Failure) -> [Run] {
    var out: [Run] = []
    try database.rows(
      "SELECT replica, first, last, seconds, word FROM \(Run.table) \(condition)", values
    ) { row throws(Failure) in
      guard let replica = short.replica(UInt64(clamping: row.integer(0))) else {
        throw database.damage("a \(Run.table) is of no replica")
      }
      out.append(
        Run(
          replica: replica, first: UInt64(clamping: row.integer(1)),
          last: UInt64(clamping: row.integer(2)), seconds: row.integer(3), word: row.text(4)))
    }
    return out
  }

  private func add<Run: RunRow>(runs: [Run], _ group: String) throws(Failure) {
    guard !runs.isEmpty else { return }
    try write { () throws(Failure) in
      let number = try makeNumber(of: group)
      for run in runs { try add(run, number) }
      try database.run(
        """
        DELETE FROM \(Run.table) WHERE grp = ? AND id <= (SELECT id FROM \(Run.table)
        WHERE grp = ? ORDER BY id DESC LIMIT 1 OFFSET ?)
        """, [.integer(number), .integer(number), .integer(Int64(HistoryLimits.runs))])
    }
  }

  private func add<Run: RunRow>(_ run: Run, _ group: Int64) throws(Failure) {
    let replica = SQLValue.integer(Int64(short.number(of: run.replica)))
    let (first, end) = (Int64(clamping: run.first), Int64(clamping: run.last))
    let near: [Run] = try runs(
      """
      WHERE grp = ?1 AND replica = ?2 AND first <= ?3 AND first >= coalesce((SELECT max(first)
      FROM \(Run.table) WHERE grp = ?1 AND replica = ?2 AND first <= ?4), 0) ORDER BY first
      """,
      [.integer(group), replica, .integer(end.advanced(by: 1)), .integer(first)])
    let now = run.joined(to: near)
    for old in near where !now.contains(old) {
      try database.run(
        "DELETE FROM \(Run.table) WHERE grp = ? AND replica = ? AND first = ?",
        [.integer(group), replica, .integer(Int64(clamping: old.first))])
    }
    for new in now where !near.contains(new) {
      try database.run(
        """
        INSERT INTO \(Run.table) (grp, replica, first, last, seconds, word)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        [
          .integer(group), replica, .integer(Int64(clamping: new.first)),
          .integer(Int64(clamping: new.last)), .integer(new.seconds), .text(new.word),
        ])
    }
  }
}
