import Glibc
import Model

/// The file `contents.db` in the state directory: kept contents in parts, each packed by itself.
///
/// A database of its own: it is not copied for looks ahead, and one that is damaged is replaced by
/// an empty one; what matters of it is fetched again.
final class ContentDatabase {
  static let fileName = "contents.db"
  private static let version: Int64 = 1

  private let directory: StateDirectory
  private var database: SQLiteConnection
  /// Whether what was kept before is not here, and no conflict has been marked for it yet.
  private(set) var isFresh: Bool
  private var depth = 0
  /// Bytes of all parts on this disk; nil: not counted yet.
  private var total: UInt64?

  /// Opens it, or makes it. One that cannot be read is removed and made anew.
  init(in directory: StateDirectory) throws(Failure) {
    self.directory = directory
    let path = directory.path + "/" + Self.fileName
    do throws(Failure) {
      database = try Self.open(path)
    } catch {
      guard error.kind == .badData else { throw error }
      Self.remove(directory)
      database = try Self.open(path)
    }
    isFresh = try Self.isUnsaid(database)
  }

  private static func remove(_ directory: StateDirectory) {
    for name in [fileName, fileName + "-wal", fileName + "-journal"] {
      directory.removeLeftover(name)
    }
  }

  /// Whether a failure says that this file is damaged, and not another one.
  func isDamaged(_ failure: Failure) -> Bool {
    failure.kind == .badData && failure.place == database.place
  }

  /// Puts an empty one in the place of a damaged one.
  func replace() throws(Failure) {
    database.close()
    Self.remove(directory)
    total = nil
    database = try Self.open(directory.path + "/" + Self.fileName)
    isFresh = true
  }

  // A mark in the file itself: whoever dies before the conflicts are marked does it the next time.
  private static func isUnsaid(_ database: SQLiteConnection) throws(Failure) -> Bool {
    let mark = try database.first("PRAGMA application_id") { row throws(Failure) in row.integer(0) }
    return mark != 1
  }

  /// Every conflict is marked as lacking its versions now.
  func greet() throws(Failure) {
    try database.script("PRAGMA application_id = 1")
    isFresh = false
  }

  deinit { close() }

  func close() { database.close() }

  /// Lets go what is held in memory.
  func rest() throws(Failure) { try database.script("PRAGMA shrink_memory") }

  private static func open(_ path: String) throws(Failure) -> SQLiteConnection {
    let database = try SQLiteConnection(path, create: true, wait: 0, cure: "remove it")
    try database.script(
      """
      PRAGMA locking_mode = EXCLUSIVE; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;
      PRAGMA cache_size = -16384; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 16777216;
      PRAGMA wal_autocheckpoint = 8000;
      """)
    let found = try database.first("PRAGMA user_version") { row throws(Failure) in row.integer(0) }
    guard let found, found == 0 || found == version else {
      throw database.damage("it is of another version")
    }
    if found == 0 {
      try database.script(
        """
        BEGIN;
        CREATE TABLE part (
          digest BLOB NOT NULL, number INTEGER NOT NULL, size INTEGER NOT NULL,
          packed INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (digest, number)) STRICT;
        PRAGMA user_version = \(version);
        COMMIT;
        """)
    }
    return database
  }

  func has(_ digest: Digest) throws(Failure) -> Bool {
    try database.first(
      "SELECT 1 FROM part WHERE digest = ? AND number = 0", [.blob(digest.bytes)]
    ) { _ throws(Failure) in true } ?? false
  }

  /// One part; nil if it is not here or cannot be unpacked.
  func part(_ digest: Digest, _ number: UInt64) throws(Failure) -> [UInt8]? {
    let found = try database.first(
      "SELECT size, packed, body FROM part WHERE digest = ? AND number = ?",
      [.blob(digest.bytes), .integer(Int64(clamping: number))]
    ) { row throws(Failure) -> [UInt8]? in
      let (size, body) = (Int(clamping: row.integer(0)), row.blob(2))
      if row.integer(1) != 0 { return Zip.unpacked(body, count: size) }
      return body.count == size ? body : nil
    }
    return found ?? nil
  }

  /// What a content has in bytes, unpacked.
  func size(_ digest: Digest) throws(Failure) -> UInt64 {
    let sum = try database.first(
      "SELECT sum(size) FROM part WHERE digest = ?", [.blob(digest.bytes)]
    ) { row throws(Failure) in row.integer(0) }
    return UInt64(clamping: sum ?? 0)
  }

  func keep(
    _ digest: Digest, room: UInt64, _ next: () throws(Failure) -> [UInt8]
  ) throws(Failure) -> KeepResult {
    if try has(digest) { return .kept }
    var result = KeepResult.kept
    let before = try bytes()
    try transaction { () throws(Failure) in
      let writer = PartWriter()
      repeat {
        let bytes = try next()
        for part in writer.take(bytes) { try put(part, writer, digest) }
        if bytes.isEmpty { break }
        guard (total ?? 0) <= room else {
          result = .noRoom
          break
        }
      } while true
      if result == .kept, (total ?? 0) > room { result = .noRoom }
      if result == .kept, writer.digest != digest { result = .differs }
      if result != .kept {
        try drop(digest)
        total = before
      }
    }
    return result
  }

  private func put(_ part: [UInt8], _ writer: PartWriter, _ digest: Digest) throws(Failure) {
    let packed = Zip.packed(part)
    try database.run(
      "INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?, ?)",
      [
        .blob(digest.bytes), .integer(writer.next()), .integer(Int64(part.count)),
        .integer(packed == nil ? 0 : 1), .blob(packed ?? part),
      ])
    total = (total ?? 0) + UInt64(packed?.count ?? part.count)
  }

  func drop(_ digest: Digest) throws(Failure) {
    try transaction { () throws(Failure) in
      let sum = try database.first(
        "SELECT sum(length(body)) FROM part WHERE digest = ?", [.blob(digest.bytes)]
      ) { row throws(Failure) in row.integer(0) }
      try database.run("DELETE FROM part WHERE digest = ?", [.blob(digest.bytes)])
      if let known = total { total = known - min(known, UInt64(clamping: sum ?? 0)) }
    }
  }

  /// What all parts take.
  func bytes() throws(Failure) -> UInt64 {
    if let total { return total }
    let sum = try database.first("SELECT sum(length(body)) FROM part") {
      row throws(Failure) in row.integer(0)
    }
    total = UInt64(clamping: sum ?? 0)
    return total ?? 0
  }

  func count() throws(Failure) -> Int {
    let count = try database.first("SELECT count(*) FROM part WHERE number = 0") {
      row throws(Failure) in Int(clamping: row.integer(0))
    }
    return count ?? 0
  }

  /// Every content, in the order of the digests, at most `limit`, after `after`.
  func digests(after: Digest?, limit: Int) throws(Failure) -> [Digest] {
    var out: [Digest] = []
    try database.rows(
      "SELECT digest FROM part WHERE digest > ? AND number = 0 ORDER BY digest LIMIT ?",
      [.blob(after?.bytes ?? []), .integer(Int64(limit))]
    ) { row throws(Failure) in
      if let digest = Digest(row.blob(0)) { out.append(digest) }
    }
    return out
  }

  /// Gives pages that hold nothing any more back to the file system.
  func shrink() throws(Failure) { try database.script("PRAGMA incremental_vacuum(2000)") }

  func transaction(_ body: () throws(Failure) -> Void) throws(Failure) {
    depth += 1
    defer { depth -= 1 }
    guard depth == 1 else { return try body() }
    try database.script("BEGIN IMMEDIATE")
    do throws(Failure) {
      try body()
      try database.script("COMMIT")
    } catch {
      if database.isInTransaction { try? database.script("ROLLBACK") }
      total = nil
      throw error
    }
  }
}

/// Cuts bytes into parts and computes their digest.
private final class PartWriter {
  private let hasher = ContentHasher()
  private var rest: [UInt8] = []
  private var number: Int64 = -1
  private var isOver = false

  /// The parts that are complete; at the end (no bytes) the last one, even if it is empty.
  func take(_ bytes: [UInt8]) -> [[UInt8]] {
    hasher.update(bytes)
    rest += bytes
    var out: [[UInt8]] = []
    while rest.count >= contentPartBytes {
      out.append(Array(rest.prefix(contentPartBytes)))
      rest.removeFirst(contentPartBytes)
    }
    if bytes.isEmpty, !isOver, !rest.isEmpty || number < 0 && out.isEmpty {
      isOver = true
      out.append(rest)
      rest = []
    }
    return out
  }

  func next() -> Int64 {
    number += 1
    return number
  }

  lazy var digest = hasher.finish()
}
