extension Schema {
  /// The table of the last runs.
  static let runTables = """
    CREATE TABLE run (
      number INTEGER PRIMARY KEY, time INTEGER NOT NULL, milliseconds INTEGER NOT NULL,
      sent INTEGER NOT NULL, received INTEGER NOT NULL, deleted INTEGER NOT NULL,
      conflicts INTEGER NOT NULL, problems INTEGER NOT NULL, bytes_out INTEGER NOT NULL,
      bytes_in INTEGER NOT NULL) STRICT;
    """
}
