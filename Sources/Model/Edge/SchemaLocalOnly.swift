extension Schema {
  /// What a host that only receives has on its disk beside what the group wants. `body` is an entry
  /// as in the journal: what is there is what it shows.
  static let localOnlyTables = """
    CREATE TABLE local_only (
      grp INTEGER NOT NULL, path BLOB NOT NULL, kind TEXT NOT NULL, since INTEGER NOT NULL,
      body BLOB NOT NULL, PRIMARY KEY (grp, path)) STRICT, WITHOUT ROWID;
    """
}
