extension Schema {
  /// Tables for members that left, and how far a peer's clock is off.
  static let memberTables = """
    CREATE TABLE retired (
      grp INTEGER NOT NULL, replica BLOB NOT NULL, host TEXT NOT NULL, last INTEGER NOT NULL,
      seconds INTEGER NOT NULL, told_by TEXT NOT NULL,
      PRIMARY KEY (grp, replica)) STRICT, WITHOUT ROWID;
    ALTER TABLE peer ADD COLUMN skew INTEGER;
    """
}
