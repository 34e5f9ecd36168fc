package import Model

/// What a close look at the database has found.
package struct DatabaseFacts: Hashable, Sendable {
  /// `ok`, or the first thing that is wrong.
  package var verdict: String
  package var schema: Int64
  package var bytes: Int64
  /// Whether the file beside it that remembers how far its numbers have gone is there.
  package var hasWitness: Bool
}

extension SQLiteStore {
  /// Reads every page. Changes nothing.
  package func examine() throws(Failure) -> DatabaseFacts {
    func number(_ pragma: String) throws(Failure) -> Int64 {
      try database.first("PRAGMA \(pragma)") { row throws(Failure) in row.integer(0) } ?? 0
    }
    let verdict = try database.first("PRAGMA quick_check(1)") { row throws(Failure) in
      row.text(0)
    }
    return DatabaseFacts(
      verdict: verdict ?? "it says nothing", schema: try number("user_version"),
      bytes: try number("page_count") * number("page_size"),
      hasWitness: directory?.size(Witness.name) != nil)
  }
}
