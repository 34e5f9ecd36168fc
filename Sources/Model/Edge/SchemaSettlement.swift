extension Schema {
  /// Tables for conflicts that are over.
  ///
  /// `settled.body` is a CBOR array, see `SQLiteSettlements`; `former.dots` are the dots of the
  /// conflict one behind the other, 24 bytes each.
  static let settlementTables = """
    CREATE TABLE settled (
      number INTEGER PRIMARY KEY, id TEXT NOT NULL, grp INTEGER NOT NULL, seconds INTEGER NOT NULL,
      body BLOB NOT NULL, entry BLOB NOT NULL) STRICT;
    CREATE INDEX settled_id ON settled (id);
    CREATE TABLE former (
      number INTEGER PRIMARY KEY, grp INTEGER NOT NULL, path BLOB NOT NULL, dots BLOB NOT NULL,
      UNIQUE (grp, path, dots)) STRICT;
    """
}
