extension Schema {
  /// Which path a kept content is kept for; the contents stand in a database of their own.
  static let contentTables = """
    CREATE TABLE kept (
      grp INTEGER NOT NULL, path BLOB NOT NULL, digest BLOB NOT NULL,
      PRIMARY KEY (grp, path, digest)) STRICT, WITHOUT ROWID;
    CREATE INDEX kept_digest ON kept (digest);
    """
}
