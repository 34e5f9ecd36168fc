extension Schema {
  /// Chunk lists of large contents.
  static let chunkTables = """
    CREATE TABLE chunks (
      number INTEGER PRIMARY KEY AUTOINCREMENT, digest BLOB NOT NULL UNIQUE,
      body BLOB NOT NULL) STRICT;
    """
}
