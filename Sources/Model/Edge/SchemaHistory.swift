extension Schema {
  /// Tables for the history of paths. One row holds all steps of a path: they are read together.
  static let historyTables = """
    CREATE TABLE history (
      grp INTEGER NOT NULL, path BLOB NOT NULL, touched INTEGER NOT NULL, steps BLOB NOT NULL,
      PRIMARY KEY (grp, path)) STRICT, WITHOUT ROWID;
    CREATE TABLE stamp (
      id INTEGER PRIMARY KEY, grp INTEGER NOT NULL, replica INTEGER NOT NULL,
      first INTEGER NOT NULL, last INTEGER NOT NULL, seconds INTEGER NOT NULL,
      word TEXT NOT NULL, UNIQUE (grp, replica, first)) STRICT;
    CREATE TABLE arrival (
      id INTEGER PRIMARY KEY, grp INTEGER NOT NULL, replica INTEGER NOT NULL,
      first INTEGER NOT NULL, last INTEGER NOT NULL, seconds INTEGER NOT NULL,
      word TEXT NOT NULL, UNIQUE (grp, replica, first)) STRICT;
    """
}
