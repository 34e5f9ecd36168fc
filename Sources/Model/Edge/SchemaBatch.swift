extension Schema {
  /// The journal by batches.
  static let batchTables = """
    CREATE TABLE batch (id INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL) STRICT;
    """
}
