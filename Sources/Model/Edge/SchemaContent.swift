extension Schema {
  /// Which path a kept content is kept for; the contents stand in a database of their own. And an
  /// index of what waits: pending 2, held 4, kept for children 8, lacking 32.
  static let contentTables = """
    CREATE TABLE kept (
      grp INTEGER NOT NULL, path BLOB NOT NULL, digest BLOB NOT NULL,
      PRIMARY KEY (grp, path, digest)) STRICT, WITHOUT ROWID;
    CREATE INDEX kept_digest ON kept (digest);
    CREATE INDEX entry_passing ON entry (grp, path, state) WHERE state & 46 <> 0;
    """
}
