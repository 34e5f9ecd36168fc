extension Schema {
  /// What changed lately, by group: all entries that the base does not cover.
  static let recentTables = """
    CREATE TABLE recent_base (
      grp INTEGER PRIMARY KEY, base BLOB NOT NULL, most INTEGER NOT NULL) STRICT;
    CREATE TABLE recent (
      grp INTEGER NOT NULL, path BLOB NOT NULL, PRIMARY KEY (grp, path)) STRICT, WITHOUT ROWID;
    """
}
