package import Model

/// This host's durable state in an SQLite database.
///
/// Columns, pragmas and files: `spec/store.md`. Not thread-safe: one owner at a time.
package final class SQLiteStore: Store {
  static let fileName = "state.db"

  let database: SQLiteConnection
  /// Nil for a copy, which mints nothing that anybody will see.
  private(set) var directory: StateDirectory?
  private(set) var witness: Witness?
  /// Contents beside the state; nil for a copy.
  private(set) var kept: ContentDatabase?

  /// How deep the transactions stand in one another; 0: none is open.
  private var depth = 0
  /// The first failure inside the open transaction: it must not be committed any more.
  private var spoiled: Failure?
  /// The replica's state in the open transaction, if that has set it.
  private var minted: ReplicaState?

  /// Whether the transaction that begins next is an easy one.
  var isEasy = false
  /// Whether one was since all was last made durable.
  var hasEasy = false
  /// Whether the end of a transaction waits for the disk, as the database is set.
  var waits = true

  // What rows refer to by number. Forgotten when a transaction is undone.
  var short = Shorthand()
  var storedReplicas = 0
  var storedOwners = 0
  var groups: [String: Int64] = [:]
  var stems: [Int64: VersionVector] = [:]
  var stemNumbers: [VersionVector: Int64] = [:]
  var contents: [String: ContentMap] = [:]
  /// What is known of the lists of what changed lately.
  var marks: [String: KnownMark] = [:]

  /// Nil: not counted yet.
  var historyCount: HistoryCount?
  /// How many paths may have steps.
  var historyPathLimit = HistoryLimits.paths

  init(
    _ database: SQLiteConnection, directory: StateDirectory?, witness: Witness?
  ) throws(Failure) {
    self.database = database
    if let directory { kept = try ContentDatabase(in: directory) }
    self.directory = directory
    self.witness = witness
    try loadShorthand()
  }

  deinit { close() }

  /// Folds the log into the database and ends the ownership of it. Nothing may be called
  /// afterwards.
  package func close() {
    defer {
      database.close()
      kept?.close()
      kept = nil
      witness = nil
      directory = nil
    }
    guard let directory, var witness, depth == 0 else { return }
    if witness.needsLog {
      witness.needsLog = false
      // Durable before the log goes: else its absence would look like damage.
      guard (try? checkpoint()) != nil,
        (try? directory.replace(Witness.name, witness.bytes)) != nil
      else { return }
    }
    database.keepLog(false)
  }

  /// Moves what the log holds into the database and empties the log.
  package func checkpoint() throws(Failure) {
    try database.first("PRAGMA wal_checkpoint(TRUNCATE)") { row throws(Failure) in
      if row.integer(0) != 0 {
        throw Failure(.busy, database.place, "log not folded in", "the database is in use")
      }
    }
  }

  package func transaction<Result>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    depth += 1
    defer { depth -= 1 }
    if depth > 1 {
      do throws(Failure) { return try body() } catch {
        spoiled = spoiled ?? error
        throw error
      }
    }
    (spoiled, minted) = (nil, nil)
    try setWaiting()
    try database.script("BEGIN")
    do throws(Failure) {
      let result = try body()
      if let spoiled { throw spoiled }
      try commit()
      return result
    } catch {
      undo()
      throw error
    }
  }

  /// Runs `body`, which writes, in the open transaction or in one of its own.
  func write<Result>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    guard depth > 0 else {
      return try transaction { () throws(Failure) in try write(body) }
    }
    if let directory, var witness, !witness.needsLog {
      witness.needsLog = true
      try directory.replace(Witness.name, witness.bytes)
      self.witness = witness
    }
    return try body()
  }

  private func commit() throws(Failure) {
    try storeShorthand()
    guard let directory, var witness, let minted,
      minted.replica != witness.replica || minted.last != witness.high
    else { return try database.script("COMMIT") }
    if minted.replica != witness.replica { witness.low = minted.last }
    witness.replica = minted.replica
    witness.high = minted.last
    // Before the numbers can be in the database: it is then never ahead of its witness.
    try directory.replace(Witness.name, witness.bytes)
    try database.script("COMMIT")
    // Numbers that were given out are never lost.
    if isEasy { try database.syncLog() }
    witness.low = witness.high
    directory.overwrite(Witness.name, witness.bytes)
    self.witness = witness
  }

  private func undo() {
    if database.isInTransaction { try? database.script("ROLLBACK") }
    minted = nil
    groups = [:]
    stems = [:]
    stemNumbers = [:]
    marks = [:]
    historyCount = nil
    // If they cannot be read either, rows fail to be read or written rather than mean others.
    short = Shorthand()
    (storedReplicas, storedOwners) = (0, 0)
    try? loadShorthand()
  }

  package func replicaState() throws(Failure) -> ReplicaState {
    if depth > 0, let minted { return minted }
    return try Self.replicaState(database)
  }

  static func replicaState(_ database: SQLiteConnection) throws(Failure) -> ReplicaState {
    let state = try database.first("SELECT replica, last, confirmed FROM me") {
      row throws(Failure) -> ReplicaState? in
      guard let replica = ReplicaID(row.blob(0)), let last = UInt64(exactly: row.integer(1)),
        let confirmed = UInt64(exactly: row.integer(2))
      else { return nil }
      return ReplicaState(replica: replica, last: last, confirmed: confirmed)
    }
    guard let state = state ?? nil else { throw database.damage("it does not say whose it is") }
    return state
  }

  package func setReplicaState(_ state: ReplicaState) throws(Failure) {
    try write { () throws(Failure) in
      try Self.set(state, database)
      minted = state
    }
  }

  static func set(_ state: ReplicaState, _ database: SQLiteConnection) throws(Failure) {
    try database.run(
      "INSERT OR REPLACE INTO me VALUES (1, ?, ?, ?)",
      [
        .blob(state.replica.bytes), .integer(Int64(clamping: state.last)),
        .integer(Int64(clamping: state.confirmed)),
      ])
  }

  package func copy(to file: String) throws(Failure) {
    try database.run("VACUUM INTO ?", [.text(file)])
  }

  /// A fault in a row's bytes as a failure.
  func damaged(_ what: String, _ fault: WireFault) -> Failure {
    database.damage("\(what): \(fault)")
  }
}
