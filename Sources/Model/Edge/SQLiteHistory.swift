package import Model

/// How many paths have steps, and the greatest number in `touched`.
struct HistoryCount {
  var paths: Int
  var touched: Int64
}

// The steps of paths.
extension SQLiteStore {
  package func steps(_ group: String, _ path: TreePath) throws(Failure) -> [HistoryStep] {
    guard let number = try number(of: group) else { return [] }
    return try rawSteps(number, path).sorted { $0.dot < $1.dot }
  }

  /// In the order in which they were added.
  private func rawSteps(_ group: Int64, _ path: TreePath) throws(Failure) -> [HistoryStep] {
    let bytes = try database.first(
      "SELECT steps FROM history WHERE grp = ? AND path = ?",
      [.integer(group), .blob(path.key)]
    ) { row throws(Failure) in row.blob(0) }
    return try bytes.map { bytes throws(Failure) in try steps(bytes, path) } ?? []
  }

  private func steps(_ bytes: [UInt8], _ path: TreePath) throws(Failure) -> [HistoryStep] {
    var out: [HistoryStep] = []
    do throws(WireFault) {
      var reader = CBORReader(bytes)
      while !reader.isAtEnd { out.append(try reader.readStep { short.replica($0) }) }
    } catch {
      throw damaged("the history of \(path)", error)
    }
    return out
  }

  package func add(
    _ steps: [HistoryStep], _ group: String, _ path: TreePath, limit: Int
  ) throws(Failure) {
    guard !steps.isEmpty else { return }
    try write { () throws(Failure) in
      let number = try makeNumber(of: group)
      let old = try rawSteps(number, path)
      var known = Set(old.map(\.dot))
      let new = steps.filter { known.insert($0.dot).inserted }
      guard !new.isEmpty else { return }
      try put((old + new).suffix(max(0, min(limit, HistoryLimits.stepsOfPath))), number, path)
      if old.isEmpty { try countHistory(adding: 1) }
      try trimHistory()
    }
  }

  private func put(
    _ steps: ArraySlice<HistoryStep>, _ group: Int64, _ path: TreePath
  ) throws(Failure) {
    var out = CBORWriter(capacity: steps.count * 112)
    for step in steps { out.write(step, &short) }
    var count = try countHistory(adding: 0)
    count.touched += 1
    historyCount = count
    try database.run(
      "INSERT OR REPLACE INTO history VALUES (?, ?, ?, ?)",
      [.integer(group), .blob(path.key), .integer(count.touched), .blob(out.bytes)])
  }

  package func removeSteps(_ group: String, _ path: TreePath) throws(Failure) {
    guard let number = try number(of: group) else { return }
    try write { () throws(Failure) in
      try database.run(
        "DELETE FROM history WHERE grp = ? AND path = ?", [.integer(number), .blob(path.key)])
    }
    historyCount = nil
  }

  package func hasSteps(_ group: String) throws(Failure) -> Bool {
    guard let number = try number(of: group) else { return false }
    return try database.first(
      "SELECT 1 FROM history WHERE grp = ? LIMIT 1", [.integer(number)]
    ) { _ throws(Failure) in true } ?? false
  }

  package func recentSteps(_ group: String, limit: Int) throws(Failure) -> [PathSteps] {
    guard let number = try number(of: group) else { return [] }
    var out: [PathSteps] = []
    try database.rows(
      "SELECT path, steps FROM history WHERE grp = ? ORDER BY touched DESC LIMIT ?",
      [.integer(number), .integer(Int64(max(0, limit)))]
    ) { row throws(Failure) in
      guard let path = TreePath(key: row.blob(0)) else {
        throw database.damage("\(escaped(row.blob(0))) is no path")
      }
      let steps = try steps(row.blob(1), path).sorted { $0.dot < $1.dot }
      out.append(PathSteps(path: path, steps: steps))
    }
    return out
  }

  /// Counted once in the life of a process, by looking at every row.
  @discardableResult
  private func countHistory(adding more: Int) throws(Failure) -> HistoryCount {
    var count = HistoryCount(paths: 0, touched: 0)
    if let known = historyCount {
      count = known
    } else if let found = try database.first(
      "SELECT count(*), max(touched) FROM history", [],
      {
        row throws(Failure) in
        HistoryCount(paths: Int(row.integer(0)), touched: row.integer(1))
      })
    {
      count = found
    }
    count.paths += more
    historyCount = count
    return count
  }

  /// Forgets a tenth of the paths if there are too many: those that got no step for longest.
  private func trimHistory() throws(Failure) {
    guard let count = historyCount, count.paths > historyPathLimit else { return }
    try database.run(
      """
      DELETE FROM history WHERE touched <=
      (SELECT touched FROM history ORDER BY touched LIMIT 1 OFFSET ?)
      """, [.integer(Int64(max(0, historyPathLimit / 10 - 1)))])
    historyCount = nil
  }
}
