package import Model

/// What opening the state found.
package enum Opening: Hashable, Sendable {
  /// There was none: it was made, with an identity of its own.
  case fresh
  /// The state as this host left it.
  case continued
  /// The database does not fit its witness: it was restored, copied or moved without it. It has
  /// got a
  /// new identity, so that no number means two things.
  case renewed(former: ReplicaState, reason: String)
}

extension SQLiteStore {
  /// Opens the state in `directory`, or makes it.
  ///
  /// - Parameters:
  ///   - ownerWait: How long a program that reads the database is waited for, in seconds.
  ///   - randomBytes: Chance, for the identity of a new database.
  /// - Throws: `badData` if what is there is damaged or from a newer concord: nothing is deleted or
  ///   changed then. `busy` or `inputOutput`.
  package static func open(
    _ directory: StateDirectory, ownerWait: Int = 0, randomBytes: (Int) -> [UInt8]
  ) throws(Failure) -> (store: SQLiteStore, opening: Opening) {
    let isFresh = directory.size(fileName) == nil
    if isFresh { try make(in: directory, randomBytes) }
    let found = try directory.read(Witness.name, limit: 1024)
    let witness = found.flatMap { Witness($0) }
    try checkFiles(directory, witness)
    let database = try SQLiteConnection(
      directory.path + "/" + fileName, create: false,
      wait: Int32(clamping: max(0, min(ownerWait, 86_400)) * 1000), cure: cure(directory.path))
    database.keepLog(true)
    try database.script(readPragmas)
    try Schema.prepare(database, isNew: false)
    try startLog(database)
    let state = try replicaState(database)
    let reason = try objection(to: state, witness, wasThere: found != nil, database)
    var current = witness ?? Witness(state, needsLog: false)
    if reason == nil { (current.low, current.high) = (state.last, state.last) }
    let store = try SQLiteStore(database, directory: directory, witness: current)
    try store.sweepStems()
    try store.noteLostContents()
    if isFresh { return (store, .fresh) }
    guard let reason else {
      if witness == nil { try directory.replace(Witness.name, store.witness?.bytes ?? []) }
      return (store, .continued)
    }
    try store.renew(state, randomBytes)
    return (store, .renewed(former: state, reason: reason))
  }

  /// Opens a file that `copy(to:)` made. Nothing in it needs to survive.
  package static func open(copy file: String) throws(Failure) -> SQLiteStore {
    let database = try SQLiteConnection(
      file, create: false, wait: 0, cure: "make the copy again")
    try database.script(readPragmas + "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;")
    try Schema.prepare(database, isNew: false)
    return try SQLiteStore(database, directory: nil, witness: nil)
  }

  // One owner: no shared memory file, no lock taken and dropped at each transaction. Definitions in
  // the file are not trusted to call functions, and each page is checked when it is read.
  private static let readPragmas = """
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA cache_size = -16384;
    PRAGMA temp_store = MEMORY;
    """

  // FULL: with NORMAL a power cut takes committed transactions with it.
  private static func startLog(_ database: SQLiteConnection) throws(Failure) {
    let mode = try database.first("PRAGMA journal_mode = WAL") { row throws(Failure) in row.text(0)
    }
    // The witness counts on the log: a database without one would look damaged the next time.
    guard mode == "wal" else {
      throw Failure(
        .inputOutput, database.place, "not opened", "it cannot keep a write-ahead log here",
        remedy: "use a directory on a local disk")
    }
    try database.script("PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864;")
    // Folding the log in waits for the disk twice: rarely, then.
    try database.script("PRAGMA wal_autocheckpoint = 4000")
  }

  private static func cure(_ path: String) -> String {
    "move \(escaped(path)) away to start anew: files are kept and joined by content"
  }

  /// Makes a database beside its place and moves it there when it is complete: what stands under
  /// the
  /// final name is never half-made.
  private static func make(
    in directory: StateDirectory, _ randomBytes: (Int) -> [UInt8]
  ) throws(Failure) {
    let log = fileName + "-wal"
    if directory.size(log) != nil {
      throw Failure(
        .badData, escaped(directory.path + "/" + fileName), "state damaged",
        "it is missing and its log \(log) is there", remedy: cure(directory.path))
    }
    let fresh = fileName + ".new"
    directory.removeLeftover(fresh)
    directory.removeLeftover(fresh + "-journal")
    let database = try SQLiteConnection(
      directory.path + "/" + fresh, create: true, wait: 0, cure: cure(directory.path))
    try database.script("PRAGMA page_size = 4096; PRAGMA synchronous = EXTRA;")
    try Schema.prepare(database, isNew: true)
    let state = ReplicaState(replica: try identity(randomBytes), last: 0, confirmed: 0)
    try set(state, database)
    database.close()
    try directory.replace(Witness.name, Witness(state, needsLog: false).bytes)
    try directory.rename(fresh, to: fileName)
  }

  private static func checkFiles(
    _ directory: StateDirectory, _ witness: Witness?
  ) throws(Failure) {
    let reason: String
    if directory.size(fileName) == 0 {
      reason = "it is empty"
    } else if let witness, witness.needsLog, directory.size(fileName + "-wal") == nil {
      reason = "its log \(fileName)-wal is missing"
    } else {
      return
    }
    throw Failure(
      .badData, escaped(directory.path + "/" + fileName), "state damaged", reason,
      remedy: cure(directory.path))
  }

  private static func identity(_ randomBytes: (Int) -> [UInt8]) throws(Failure) -> ReplicaID {
    guard let replica = ReplicaID(randomBytes(ReplicaID.byteCount)) else {
      throw Failure(.internalFault, "state", "no identity made", "too few random bytes")
    }
    return replica
  }

  /// Why the database must not go on under its name; nil if it may.
  private static func objection(
    to state: ReplicaState, _ witness: Witness?, wasThere: Bool, _ database: SQLiteConnection
  ) throws(Failure) -> String? {
    if let witness { return witness.objection(to: state) }
    let hasRows = try database.first("SELECT 1 FROM entry LIMIT 1") { _ throws(Failure) in true }
    guard state.last > 0 || hasRows == true else { return nil }
    return wasThere ? "its witness is damaged" : "its witness is missing"
  }

  /// Takes a new identity. In each group it belongs to the host that the former one belonged to.
  private func renew(
    _ former: ReplicaState, _ randomBytes: (Int) -> [UInt8]
  ) throws(Failure) {
    let fresh = try Self.identity(randomBytes)
    try transaction { () throws(Failure) in
      try setReplicaState(ReplicaState(replica: fresh, last: 0, confirmed: 0))
      try database.run(
        "INSERT INTO grp_replica SELECT grp, ?, host FROM grp_replica WHERE replica = ?",
        [.blob(fresh.bytes), .blob(former.replica.bytes)])
    }
  }
}
