package import Model

// Kept contents. A store without a database for them (a copy for looking ahead) keeps none.
extension SQLiteStore {
  package func hasContent(_ digest: Digest) throws(Failure) -> Bool {
    try guarded { kept throws(Failure) in try kept.has(digest) } ?? false
  }

  /// Runs `body` on the database of contents; nil if there is none. One that turns out to be
  /// damaged is replaced by an empty one: this time it fails, from now on it is as if nothing had
  /// been kept.
  private func guarded<Result>(
    _ body: (ContentDatabase) throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    guard let kept else { return nil }
    try noteLostContents()
    do throws(Failure) {
      return try body(kept)
    } catch {
      if kept.isDamaged(error) { try kept.replace() }
      throw error
    }
  }

  /// Marks what is lacking since the contents were made anew, as soon as no transaction can take
  /// the marks back.
  func noteLostContents() throws(Failure) {
    guard let kept, kept.isFresh, !database.isInTransaction else { return }
    try lackAllVersions()
    try kept.greet()
  }

  package func content(_ digest: Digest, limit: UInt64) throws(Failure) -> [UInt8]? {
    let found = try guarded { kept throws(Failure) -> [UInt8]? in
      guard try kept.has(digest), try kept.size(digest) <= limit else { return nil }
      var out: [UInt8] = []
      var number: UInt64 = 0
      while let part = try kept.part(digest, number) {
        out += part
        number += 1
      }
      return out
    }
    guard let bytes = found ?? nil else { return nil }
    guard sha256(bytes) == digest else {
      try forget(damaged: digest)
      return nil
    }
    return bytes
  }

  package func proveContent(_ digest: Digest) throws(Failure) -> Bool {
    let found = try guarded { kept throws(Failure) -> Bool? in
      guard try kept.has(digest) else { return nil }
      return try isWhole(digest, kept)
    }
    guard let isSound = found ?? nil else { return false }
    if !isSound { try forget(damaged: digest) }
    return isSound
  }

  /// A damaged content counts as one that is not here: it is asked for again.
  private func forget(damaged digest: Digest) throws(Failure) {
    _ = try guarded { kept throws(Failure) in try kept.drop(digest) }
    try write { () throws(Failure) in
      try database.run(
        """
        UPDATE entry SET state = state | \(EntryState.lacking.rawValue)
        WHERE state & \(EntryState.conflict.rawValue | EntryState.decided.rawValue) <> 0
        AND (grp, path) IN (SELECT grp, path FROM kept WHERE digest = ?)
        """, [.blob(digest.bytes)])
    }
  }

  /// Reads every kept content: how many there are, what they take on this disk in bytes, and which
  /// of them are damaged.
  package func examineContents() throws(Failure) -> (count: Int, bytes: UInt64, damaged: [Digest]) {
    guard let kept else { return (0, 0, []) }
    var damaged: [Digest] = []
    var last: Digest?
    while true {
      let digests = try kept.digests(after: last, limit: 1_000)
      guard let end = digests.last else { break }
      last = end
      for digest in digests where try !isWhole(digest, kept) { damaged.append(digest) }
    }
    return (try kept.count(), try kept.bytes(), damaged)
  }

  private func isWhole(_ digest: Digest, _ kept: ContentDatabase) throws(Failure) -> Bool {
    let hasher = ContentHasher()
    var number: UInt64 = 0
    while let part = try kept.part(digest, number) {
      hasher.update(part)
      number += 1
    }
    return hasher.finish() == digest
  }

  package func contentPart(_ digest: Digest, _ number: UInt64) throws(Failure) -> [UInt8]? {
    try guarded { kept throws(Failure) in try kept.part(digest, number) } ?? nil
  }

  package func keepContent(
    _ digest: Digest, room: UInt64, _ next: () throws(Failure) -> [UInt8]
  ) throws(Failure) -> KeepResult {
    try guarded { kept throws(Failure) in try kept.keep(digest, room: room, next) } ?? .noRoom
  }

  package func keepTogether(_ body: () throws(Failure) -> Void) throws(Failure) {
    guard kept != nil else { return try body() }
    _ = try guarded { kept throws(Failure) in try kept.transaction(body) }
  }

  package func dropContent(_ digest: Digest) throws(Failure) {
    _ = try guarded { kept throws(Failure) in try kept.drop(digest) }
  }

  package func contentsHeld() throws(Failure) -> (count: Int, bytes: UInt64) {
    try guarded { kept throws(Failure) in (try kept.count(), try kept.bytes()) } ?? (0, 0)
  }

  // MARK: What they are kept for

  package func tie(_ digest: Digest, _ group: String, _ path: TreePath) throws(Failure) {
    try write { () throws(Failure) in
      try database.run(
        "INSERT OR IGNORE INTO kept VALUES (?, ?, ?)",
        [.integer(try makeNumber(of: group)), .blob(path.key), .blob(digest.bytes)])
    }
  }

  package func untie(_ digest: Digest, _ group: String, _ path: TreePath) throws(Failure) {
    guard let number = try number(of: group) else { return }
    try write { () throws(Failure) in
      try database.run(
        "DELETE FROM kept WHERE grp = ? AND path = ? AND digest = ?",
        [.integer(number), .blob(path.key), .blob(digest.bytes)])
    }
  }

  package func isTied(
    _ digest: Digest, _ group: String, _ path: TreePath
  ) throws(Failure) -> Bool {
    guard let number = try number(of: group) else { return false }
    return try database.first(
      "SELECT 1 FROM kept WHERE grp = ? AND path = ? AND digest = ?",
      [.integer(number), .blob(path.key), .blob(digest.bytes)]
    ) { _ throws(Failure) in true } ?? false
  }

  package func isTied(_ digest: Digest) throws(Failure) -> Bool {
    try database.first("SELECT 1 FROM kept WHERE digest = ?", [.blob(digest.bytes)]) {
      _ throws(Failure) in true
    } ?? false
  }

  package func tieCount(_ group: String) throws(Failure) -> Int {
    guard let number = try number(of: group) else { return 0 }
    let count = try database.first(
      "SELECT count(*) FROM kept WHERE grp = ?", [.integer(number)]
    ) { row throws(Failure) in Int(clamping: row.integer(0)) }
    return count ?? 0
  }

  package func ties(
    _ group: String, after: TreePath?, limit: Int
  ) throws(Failure) -> [ContentTie] {
    guard let number = try number(of: group) else { return [] }
    var out: [ContentTie] = []
    try database.rows(
      """
      SELECT path, digest FROM kept WHERE grp = ?1 AND path IN (
        SELECT DISTINCT path FROM kept WHERE grp = ?1 AND path > ?2 ORDER BY path LIMIT ?3)
      ORDER BY path, digest
      """,
      [.integer(number), .blob(after?.key ?? []), .integer(Int64(max(0, limit)))]
    ) { row throws(Failure) in
      guard let path = TreePath(key: row.blob(0)), let digest = Digest(row.blob(1)) else {
        throw database.damage("a kept content cannot be read")
      }
      out.append(ContentTie(path: path, digest: digest))
    }
    return out
  }

  /// Marks every conflict as lacking its versions: what was kept of them is gone.
  func lackAllVersions() throws(Failure) {
    try transaction { () throws(Failure) in
      try database.run(
        """
        UPDATE entry SET state = state | \(EntryState.lacking.rawValue)
        WHERE state & \(EntryState.conflict.rawValue | EntryState.decided.rawValue) <> 0
        """)
    }
  }
}
