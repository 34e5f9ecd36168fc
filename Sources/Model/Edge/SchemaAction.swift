extension Schema {
  /// Commands that have to run or ran, and the paths that they are about. Numbers of runs are never
  /// given out twice: people write them down.
  static let actionTables = """
    CREATE TABLE action_run (
      id INTEGER PRIMARY KEY AUTOINCREMENT, grp INTEGER NOT NULL, command TEXT NOT NULL,
      log_file TEXT, place TEXT NOT NULL, timeout INTEGER NOT NULL, retries INTEGER NOT NULL,
      state TEXT NOT NULL, attempts INTEGER NOT NULL, due INTEGER NOT NULL,
      queued INTEGER NOT NULL, started INTEGER, ended INTEGER, ending TEXT NOT NULL,
      output BLOB NOT NULL, output_bytes INTEGER NOT NULL, names INTEGER NOT NULL) STRICT;
    CREATE INDEX action_open ON action_run (grp, command) WHERE state <> 'done';
    CREATE TABLE action_name (
      run INTEGER NOT NULL, path BLOB NOT NULL, PRIMARY KEY (run, path)) STRICT, WITHOUT ROWID;
    """
}
