package import Model

// Commands that have to run, and how they went.
extension SQLiteStore {
  package func queue(
    _ order: ActionOrder, names: [TreePath], seconds: Int64
  ) throws(Failure) {
    try write { () throws(Failure) in
      let group = try makeNumber(of: order.group)
      let waiting = try database.first(
        """
        SELECT id FROM action_run WHERE grp = ? AND command = ? AND log_file IS ?
        AND state IN ('waiting', 'failed') AND state <> 'done' ORDER BY id DESC
        """, [.integer(group), .text(order.command), text(order.logFile)]
      ) { row throws(Failure) in row.integer(0) }
      let id: Int64
      if let waiting {
        id = waiting
        try database.run(
          """
          UPDATE action_run SET place = ?, timeout = ?, retries = ?, due = ?,
          attempts = CASE state WHEN 'failed' THEN 0 ELSE attempts END, state = 'waiting'
          WHERE id = ?
          """,
          [
            .text(order.place), .integer(Int64(order.timeoutSeconds)),
            .integer(Int64(order.retries)), .integer(seconds), .integer(id),
          ])
      } else {
        id = try insert(order, group, seconds: seconds)
      }
      for name in names {
        try database.run(
          "INSERT OR IGNORE INTO action_name VALUES (?, ?)", [.integer(id), .blob(name.key)])
      }
      try count(id)
    }
  }

  private func insert(
    _ order: ActionOrder, _ group: Int64, seconds: Int64
  ) throws(Failure) -> Int64 {
    try database.run(
      """
      INSERT INTO action_run VALUES
      (NULL, ?, ?, ?, ?, ?, ?, 'waiting', 0, ?, ?, NULL, NULL, '', x'', 0, 0)
      """,
      [
        .integer(group), .text(order.command), text(order.logFile), .text(order.place),
        .integer(Int64(order.timeoutSeconds)), .integer(Int64(order.retries)), .integer(seconds),
        .integer(seconds),
      ])
    let id = try database.first("SELECT max(id) FROM action_run") { row throws(Failure) in
      row.integer(0)
    }
    guard let id else { throw database.damage("a run is lost") }
    return id
  }

  private func text(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }

  private func count(_ id: Int64) throws(Failure) {
    try database.run(
      """
      UPDATE action_run SET names = (SELECT count(*) FROM action_name WHERE run = ?1)
      WHERE id = ?1
      """, [.integer(id)])
  }

  private static let columns = """
    SELECT action_run.id, grp.name, command, log_file, place, timeout, retries, state, attempts,
    due, queued, started, ended, ending, output_bytes, names
    FROM action_run JOIN grp ON grp.id = action_run.grp
    """

  package func actionRuns() throws(Failure) -> [ActionRun] {
    var out: [ActionRun] = []
    try database.rows(Self.columns + " ORDER BY action_run.id") { row throws(Failure) in
      out.append(try run(row))
    }
    return out
  }

  package func actionRun(_ id: Int64) throws(Failure) -> ActionRun? {
    try database.first(Self.columns + " WHERE action_run.id = ?", [.integer(id)]) {
      row throws(Failure) in try run(row)
    }
  }

  private func run(_ row: SQLRow) throws(Failure) -> ActionRun {
    let order = ActionOrder(
      group: row.text(1), command: row.text(2), logFile: row.optionalText(3), place: row.text(4),
      timeoutSeconds: Int(clamping: row.integer(5)), retries: Int(clamping: row.integer(6)))
    var run = ActionRun(order: order, seconds: row.integer(9))
    guard let state = ActionRun.State(rawValue: row.text(7)) else {
      throw database.damage("a run is in no state")
    }
    run.id = row.integer(0)
    run.state = state
    run.attempts = Int(clamping: row.integer(8))
    run.queued = row.integer(10)
    run.started = row.isNull(11) ? nil : row.integer(11)
    run.ended = row.isNull(12) ? nil : row.integer(12)
    run.end = row.text(13)
    run.outputBytes = UInt64(clamping: row.integer(14))
    run.names = Int(clamping: row.integer(15))
    return run
  }

  package func actionNames(_ id: Int64, limit: Int) throws(Failure) -> [TreePath] {
    var out: [TreePath] = []
    try database.rows(
      "SELECT path FROM action_name WHERE run = ? ORDER BY path LIMIT ?",
      [.integer(id), .integer(Int64(limit))]
    ) { row throws(Failure) in
      guard let path = TreePath(key: row.blob(0)) else { throw database.damage("a name is none") }
      out.append(path)
    }
    return out
  }

  package func actionOutput(_ id: Int64) throws(Failure) -> [UInt8] {
    try database.first("SELECT output FROM action_run WHERE id = ?", [.integer(id)]) {
      row throws(Failure) in row.blob(0)
    } ?? []
  }

  package func put(_ run: ActionRun, output: [UInt8]?) throws(Failure) {
    try write { () throws(Failure) in
      try database.run(
        """
        UPDATE action_run SET state = ?, attempts = ?, due = ?, started = ?, ended = ?, ending = ?,
        output_bytes = ?, output = coalesce(?, output) WHERE id = ?
        """,
        [
          .text(run.state.rawValue), .integer(Int64(run.attempts)), .integer(run.due),
          run.started.map { .integer($0) } ?? .null, run.ended.map { .integer($0) } ?? .null,
          .text(run.end), .integer(Int64(clamping: run.outputBytes)),
          output.map { .blob(Array($0.prefix(ProgramResult.outputLimit))) } ?? .null,
          .integer(run.id),
        ])
    }
  }

  package func splitNames(
    of id: Int64, after path: TreePath, seconds: Int64
  ) throws(Failure) {
    try write { () throws(Failure) in
      guard let old = try actionRun(id) else { return }
      let group = try makeNumber(of: old.order.group)
      let new = try insert(old.order, group, seconds: seconds)
      try database.run(
        "UPDATE action_name SET run = ? WHERE run = ? AND path > ?",
        [.integer(new), .integer(id), .blob(path.key)])
      try count(id)
      try count(new)
    }
  }

  package func removeAction(_ id: Int64) throws(Failure) {
    try write { () throws(Failure) in
      try database.run("DELETE FROM action_name WHERE run = ?", [.integer(id)])
      try database.run("DELETE FROM action_run WHERE id = ?", [.integer(id)])
    }
  }

  package func forgetDoneActions() throws(Failure) {
    try write { () throws(Failure) in
      let done = try actionRuns().filter { $0.state == .done }
      for run in done.dropLast(ActionRun.keptRuns) { try removeAction(run.id) }
      // The others were shortened when they were the last.
      guard let last = done.max(by: { ($0.ended ?? 0, $0.id) < ($1.ended ?? 0, $1.id) }),
        last.names > ActionRun.keptNames
      else { return }
      try database.run(
        """
        DELETE FROM action_name WHERE run = ?1 AND path NOT IN
        (SELECT path FROM action_name WHERE run = ?1 ORDER BY path LIMIT ?2)
        """, [.integer(last.id), .integer(Int64(ActionRun.keptNames))])
    }
  }
}
