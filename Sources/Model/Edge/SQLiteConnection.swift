import CSQLite
import Model

/// A value to be bound to a statement.
enum SQLValue {
  case null
  case integer(Int64)
  case blob([UInt8])
  case text(String)
}

/// One connection to one database file, with its statements kept prepared.
///
/// The only file that names SQLite's functions. Opened without SQLite's own mutex, which costs a
/// third of the time of every call: a connection belongs to one owner at a time.
final class SQLiteConnection {
  /// The file as failures name it.
  let place: String
  /// What to do about a damaged file.
  let cure: String
  private var handle: OpaquePointer?
  private var statements: [String: OpaquePointer] = [:]

  /// - Parameter wait: How long a lock that another process holds is waited for, in milliseconds.
  init(_ file: String, create: Bool, wait: Int32, cure: String) throws(Failure) {
    place = escaped(file)
    self.cure = cure
    let flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (create ? SQLITE_OPEN_CREATE : 0)
      | SQLITE_OPEN_NOFOLLOW
    let code = sqlite3_open_v2(file, &handle, flags, nil)
    // Even a failed open leaves a handle, which carries the message and must be closed.
    guard code == SQLITE_OK else { throw failure(code, "not opened") }
    sqlite3_extended_result_codes(handle, 1)
    sqlite3_busy_timeout(handle, wait)
    _ = csqlite_defensive(handle)
  }

  deinit { close() }

  /// Whether the log stays beside the database when the connection ends, instead of being folded in
  /// and deleted.
  func keepLog(_ keep: Bool) { _ = csqlite_keep_log(handle, keep ? 1 : 0) }

  /// Ends the connection.
  func close() {
    for statement in statements.values { sqlite3_finalize(statement) }
    statements = [:]
    sqlite3_close_v2(handle)
    handle = nil
  }

  /// Runs statements without values or rows, as pragmas and definitions are.
  func script(_ sql: String) throws(Failure) {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw failure(code, "not changed") }
  }

  /// Waits until all that was committed is on the disk.
  func syncLog() throws(Failure) {
    let code = csqlite_sync_log(handle)
    guard code == SQLITE_OK else { throw failure(code, "not written") }
  }

  /// Runs a statement that gives no rows.
  func run(_ sql: String, _ values: [SQLValue] = []) throws(Failure) {
    try rows(sql, values) { _ throws(Failure) in }
  }

  /// Runs a query and gives its first row to `body`; nil if there is none.
  func first<Result>(
    _ sql: String, _ values: [SQLValue] = [], _ body: (SQLRow) throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    var result: Result?
    try each(sql, values) { row throws(Failure) in
      result = try body(row)
      return false
    }
    return result
  }

  /// Runs a query and gives each row to `body`, which must not run the same statement.
  func rows(
    _ sql: String, _ values: [SQLValue] = [], _ body: (SQLRow) throws(Failure) -> Void
  ) throws(Failure) {
    try each(sql, values) { row throws(Failure) in
      try body(row)
      return true
    }
  }

  /// Runs a query and gives each row to `body` until that returns false.
  func rows(
    while sql: String, _ values: [SQLValue] = [], _ body: (SQLRow) throws(Failure) -> Bool
  ) throws(Failure) {
    try each(sql, values, body)
  }

  private func each(
    _ sql: String, _ values: [SQLValue], _ body: (SQLRow) throws(Failure) -> Bool
  ) throws(Failure) {
    let statement = try prepared(sql)
    defer {
      sqlite3_reset(statement)
      // The values were not copied: nothing may point to them any more.
      sqlite3_clear_bindings(statement)
    }
    try bind(values[...], at: 1, to: statement) { () throws(Failure) in
      while true {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: if try !body(SQLRow(statement: statement)) { return }
        case SQLITE_DONE: return
        case let code: throw self.failure(code, "not read or written")
        }
      }
    }
  }

  private func prepared(_ sql: String) throws(Failure) -> OpaquePointer {
    if let statement = statements[sql] { return statement }
    var statement: OpaquePointer?
    let code = sqlite3_prepare_v3(
      handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
    guard code == SQLITE_OK, let statement else { throw failure(code, "not read") }
    statements[sql] = statement
    return statement
  }

  /// Binds without copying: `body` runs while every value's storage is held in place.
  private func bind(
    _ values: ArraySlice<SQLValue>, at index: Int32, to statement: OpaquePointer,
    _ body: () throws(Failure) -> Void
  ) throws(Failure) {
    guard let value = values.first else { return try body() }
    let rest = values.dropFirst()
    switch value {
    case .null:
      sqlite3_bind_null(statement, index)
      try bind(rest, at: index + 1, to: statement, body)
    case .integer(let number):
      sqlite3_bind_int64(statement, index, number)
      try bind(rest, at: index + 1, to: statement, body)
    case .blob(let bytes) where bytes.isEmpty:
      // An empty array has no address, and that would bind null.
      sqlite3_bind_zeroblob(statement, index, 0)
      try bind(rest, at: index + 1, to: statement, body)
    case .blob(let bytes):
      try bytes.withUnsafeBufferPointer { pointer throws(Failure) in
        let code = sqlite3_bind_blob64(
          statement, index, pointer.baseAddress, UInt64(pointer.count), nil)
        guard code == SQLITE_OK else { throw failure(code, "not written") }
        try bind(rest, at: index + 1, to: statement, body)
      }
    case .text(let text):
      let units = text.utf8.map { CChar(bitPattern: $0) } + [0]
      try units.withUnsafeBufferPointer { pointer throws(Failure) in
        let code = sqlite3_bind_text64(
          statement, index, pointer.baseAddress, UInt64(pointer.count - 1), nil,
          UInt8(SQLITE_UTF8))
        guard code == SQLITE_OK else { throw failure(code, "not written") }
        try bind(rest, at: index + 1, to: statement, body)
      }
    }
  }

  /// Whether a transaction is open: SQLite ends it by itself on some failures.
  var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

  /// What the database holds is not what was written there: always of kind `badData`.
  func damage(_ why: String) -> Failure {
    Failure(.badData, place, "state damaged", why, remedy: cure)
  }

  private func failure(_ code: Int32, _ action: String) -> Failure {
    let reason = String(cString: sqlite3_errmsg(handle))
    return switch code & 0xFF {
    case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT: damage(reason)
    case SQLITE_FULL:
      Failure(
        .inputOutput, place, "not written", reason,
        remedy: "free space on its file system and run again")
    case SQLITE_BUSY, SQLITE_LOCKED:
      Failure(
        .busy, place, action, "another program has it open",
        remedy: "end that program and run again")
    case SQLITE_PERM, SQLITE_READONLY, SQLITE_AUTH: Failure(.permission, place, action, reason)
    case SQLITE_MISUSE, SQLITE_RANGE, SQLITE_ERROR, SQLITE_CONSTRAINT, SQLITE_MISMATCH:
      Failure(.internalFault, place, action, reason)
    default: Failure(.inputOutput, place, action, reason)
    }
  }
}

/// The row that a statement stands on; valid until the closure that got it returns.
struct SQLRow {
  fileprivate let statement: OpaquePointer

  func isNull(_ column: Int32) -> Bool {
    sqlite3_column_type(statement, column) == SQLITE_NULL
  }

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

  /// A copy of the bytes; empty for null.
  func blob(_ column: Int32) -> [UInt8] {
    // The address first: asking for it can convert the value and so change its length.
    guard let start = sqlite3_column_blob(statement, column) else { return [] }
    let count = Int(sqlite3_column_bytes(statement, column))
    return Array(UnsafeRawBufferPointer(start: start, count: count))
  }

  func optionalBlob(_ column: Int32) -> [UInt8]? { isNull(column) ? nil : blob(column) }

  /// A copy of the text; empty for null.
  func text(_ column: Int32) -> String { String(decoding: blob(column), as: UTF8.self) }

  func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }
}
