import Model

/// The tables of the state database, and how an older one becomes today's.
///
/// `spec/store.md` says what each column holds.
enum Schema {
  /// Marks the file as ours: `Cncd`.
  static let applicationID: Int64 = 0x436E_6364

  /// The version that this program reads and writes.
  static var version: Int64 { Int64(migrations.count) }

  /// Step `n` takes a database from version `n` to `n + 1`. A step that was released never changes.
  static let migrations = [
    firstTables, historyTables, contentTables, decisionTables, memberTables, settlementTables,
    runTables, actionTables, hintTables, localOnlyTables, recentTables, chunkTables,
    batchTables,
  ]

  private static let firstTables = """
    CREATE TABLE me (
      one INTEGER PRIMARY KEY CHECK (one = 1), replica BLOB NOT NULL, last INTEGER NOT NULL,
      confirmed INTEGER NOT NULL) STRICT;
    CREATE TABLE replica (id INTEGER PRIMARY KEY, body BLOB NOT NULL UNIQUE) STRICT;
    CREATE TABLE owner (id INTEGER PRIMARY KEY, body BLOB NOT NULL UNIQUE) STRICT;
    CREATE TABLE stem (id INTEGER PRIMARY KEY, body BLOB NOT NULL UNIQUE) STRICT;
    CREATE TABLE grp (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, knowledge BLOB) STRICT;
    CREATE TABLE grp_replica (
      grp INTEGER NOT NULL, replica BLOB NOT NULL, host TEXT NOT NULL,
      PRIMARY KEY (grp, replica)) STRICT, WITHOUT ROWID;
    CREATE TABLE entry (
      grp INTEGER NOT NULL, path BLOB NOT NULL, state INTEGER NOT NULL, stem INTEGER,
      record BLOB NOT NULL, shown BLOB, seen BLOB, held BLOB,
      PRIMARY KEY (grp, path)) STRICT, WITHOUT ROWID;
    CREATE INDEX entry_open ON entry (grp, path, state) WHERE state & 1023 <> 0;
    CREATE TABLE peer (
      name TEXT PRIMARY KEY, fingerprint TEXT, replica BLOB, meetings INTEGER NOT NULL,
      nonces BLOB NOT NULL, confirmed BLOB NOT NULL, last_met INTEGER, trouble TEXT NOT NULL,
      trouble_kind TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE member (
      grp INTEGER NOT NULL, host TEXT NOT NULL, replica BLOB, knowledge BLOB,
      exchanged BLOB NOT NULL, PRIMARY KEY (grp, host)) STRICT, WITHOUT ROWID;
    CREATE TABLE journal (
      grp INTEGER NOT NULL, path BLOB NOT NULL, token BLOB NOT NULL, entry BLOB NOT NULL,
      PRIMARY KEY (grp, path)) STRICT, WITHOUT ROWID;
    CREATE TABLE force_mark (
      grp INTEGER NOT NULL, path BLOB NOT NULL, host TEXT NOT NULL,
      PRIMARY KEY (grp, path, host)) STRICT, WITHOUT ROWID;
    CREATE TABLE note (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE problem (
      grp INTEGER NOT NULL, source TEXT NOT NULL, number INTEGER NOT NULL, path BLOB NOT NULL,
      action TEXT NOT NULL, reason TEXT NOT NULL, remedy TEXT NOT NULL,
      PRIMARY KEY (grp, source, number)) STRICT, WITHOUT ROWID;
    """

  /// Checks that the database is ours and brings it to today's version, in one transaction.
  ///
  /// - Parameter isNew: Whether the file was just made: only then may it hold nothing.
  static func prepare(_ database: SQLiteConnection, isNew: Bool) throws(Failure) {
    let mark = try number("PRAGMA application_id", database)
    let found = try number("PRAGMA user_version", database)
    if !isNew {
      guard mark == applicationID, found > 0 else {
        throw database.damage("it is no state of concord")
      }
    }
    guard found <= version else {
      throw Failure(
        .badData, database.place, "not opened",
        "a newer concord wrote it: schema \(found), and this one knows up to \(version)",
        remedy: "use the newer concord; nothing was changed")
    }
    try migrate(database, from: found, through: migrations)
  }

  /// Applies the steps that are missing: all of them or none.
  static func migrate(
    _ database: SQLiteConnection, from found: Int64, through steps: [String]
  ) throws(Failure) {
    guard found >= 0, found < Int64(steps.count) else { return }
    try database.script("BEGIN IMMEDIATE")
    do throws(Failure) {
      for step in steps[Int(found)...] { try database.script(step) }
      try database.script("PRAGMA application_id = \(applicationID)")
      try database.script("PRAGMA user_version = \(steps.count)")
      try database.script("COMMIT")
    } catch {
      if database.isInTransaction { try? database.script("ROLLBACK") }
      throw error
    }
  }

  private static func number(
    _ sql: String, _ database: SQLiteConnection
  ) throws(Failure) -> Int64 {
    try database.first(sql) { row throws(Failure) in row.integer(0) } ?? 0
  }
}
