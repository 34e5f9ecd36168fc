extension Schema {
  /// The table of hints.
  static let hintTables = """
    CREATE TABLE hint (
      number INTEGER PRIMARY KEY AUTOINCREMENT, path BLOB NOT NULL UNIQUE,
      recursive INTEGER NOT NULL) STRICT;
    """
}
