package import Model

// Hints.
extension SQLiteStore {
  package func hints() throws(Failure) -> [Hint] {
    var out: [Hint] = []
    try database.rows("SELECT number, path, recursive FROM hint ORDER BY number") {
      row throws(Failure) in
      out.append(
        Hint(number: row.integer(0), path: row.blob(1), isRecursive: row.integer(2) != 0))
    }
    return out
  }

  package func addHint(_ path: [UInt8], isRecursive: Bool) throws(Failure) {
    try write { () throws(Failure) in
      // A replaced row gets a new number: who works the old one off does not take this one along.
      try database.run(
        """
        INSERT OR REPLACE INTO hint VALUES (NULL, ?1,
          max(?2, coalesce((SELECT recursive FROM hint WHERE path = ?1), 0)))
        """, [.blob(path), .integer(isRecursive ? 1 : 0)])
    }
  }

  package func removeHints(_ numbers: [Int64]) throws(Failure) {
    try write { () throws(Failure) in
      for number in numbers {
        try database.run("DELETE FROM hint WHERE number = ?", [.integer(number)])
      }
    }
  }
}
