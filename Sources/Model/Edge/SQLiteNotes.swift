package import Model

// Marks of force, notes and problems.
extension SQLiteStore {
  package func forceMarks(_ group: String) throws(Failure) -> [ForceMark] {
    guard let number = try number(of: group) else { return [] }
    var out: [ForceMark] = []
    try database.rows(
      "SELECT path, host FROM force_mark WHERE grp = ? ORDER BY path, host", [.integer(number)]
    ) { row throws(Failure) in
      out.append(ForceMark(path: try path(row.blob(0)), host: row.text(1)))
    }
    return out
  }

  package func addForceMark(_ mark: ForceMark, _ group: String) throws(Failure) {
    try write { () throws(Failure) in
      try database.run(
        "INSERT OR REPLACE INTO force_mark VALUES (?, ?, ?)",
        [.integer(try makeNumber(of: group)), .blob(mark.path.key), .text(mark.host)])
    }
  }

  package func removeForceMark(_ mark: ForceMark, _ group: String) throws(Failure) {
    guard let number = try number(of: group) else { return }
    try write { () throws(Failure) in
      try database.run(
        "DELETE FROM force_mark WHERE grp = ? AND path = ? AND host = ?",
        [.integer(number), .blob(mark.path.key), .text(mark.host)])
    }
  }

  package func note(_ name: String) throws(Failure) -> [UInt8]? {
    try database.first("SELECT value FROM note WHERE name = ?", [.text(name)]) {
      row throws(Failure) in row.blob(0)
    }
  }

  package func setNote(_ name: String, _ value: [UInt8]?) throws(Failure) {
    try write { () throws(Failure) in
      if let value {
        try database.run("INSERT OR REPLACE INTO note VALUES (?, ?)", [.text(name), .blob(value)])
      } else {
        try database.run("DELETE FROM note WHERE name = ?", [.text(name)])
      }
    }
  }

  package func problems(_ group: String) throws(Failure) -> [Problem] {
    guard let number = try number(of: group) else { return [] }
    var out: [Problem] = []
    try database.rows(
      """
      SELECT path, action, reason, remedy FROM problem WHERE grp = ? ORDER BY source, number
      """, [.integer(number)]
    ) { row throws(Failure) in
      out.append(
        Problem(
          group: group, path: try path(row.blob(0)), row.text(1), row.text(2),
          remedy: row.text(3)))
    }
    return out
  }

  package func setProblems(
    _ problems: [Problem], _ group: String, source: String
  ) throws(Failure) {
    try write { () throws(Failure) in
      let number = try makeNumber(of: group)
      try database.run(
        "DELETE FROM problem WHERE grp = ? AND source = ?", [.integer(number), .text(source)])
      for (place, problem) in problems.enumerated() {
        try database.run(
          "INSERT INTO problem VALUES (?, ?, ?, ?, ?, ?, ?)",
          [
            .integer(number), .text(source), .integer(Int64(place)), .blob(problem.path.key),
            .text(problem.action), .text(problem.reason), .text(problem.remedy),
          ])
      }
    }
  }

  func path(_ key: [UInt8]) throws(Failure) -> TreePath {
    guard let path = TreePath(key: key) else {
      throw database.damage("\(escaped(key)) is no path")
    }
    return path
  }
}
