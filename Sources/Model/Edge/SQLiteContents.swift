package import Model

extension SQLiteStore {
  package func entryShowing(_ digest: Digest, _ group: String) throws(Failure) -> Entry? {
    guard try number(of: group) != nil else { return nil }
    if contents[group]?.isTooLong ?? true { contents[group] = try readContents(group) }
    guard let map = contents[group] else { return nil }
    for key in map.added(digest) {
      guard let path = TreePath(key: key), let entry = try entry(group, path) else { continue }
      if entry.shows(digest) { return entry }
    }
    for (first, end) in map.stretches(digest) {
      for key in try candidates(group, from: first, below: end ?? Self.end, digest) {
        guard let path = TreePath(key: key), let entry = try entry(group, path) else { continue }
        if entry.shows(digest) { return entry }
      }
    }
    return nil
  }

  /// The keys in a stretch that may show the digest, without reading whole rows.
  private func candidates(
    _ group: String, from first: [UInt8], below end: [UInt8], _ digest: Digest
  ) throws(Failure) -> [[UInt8]] {
    guard let number = try number(of: group) else { return [] }
    let wanted = RecordCoding.ContentHint.file(ContentMap.prefix(digest))
    var keys: [[UInt8]] = []
    try database.rows(
      """
      SELECT path, record, shown IS NULL FROM entry WHERE grp = ? AND path >= ? AND path < ?
      ORDER BY path LIMIT ?
      """,
      [.integer(number), .blob(first), .blob(end), .integer(ContentMap.stretchLimit)]
    ) { row throws(Failure) in
      let hint = row.integer(2) != 0 ? RecordCoding.contentHint(row.blob(1), short) : .unclear
      if hint == wanted || hint == .unclear { keys.append(row.blob(0)) }
    }
    return keys
  }

  /// One pass over the group's rows; of nearly all of them only the digest is looked at.
  private func readContents(_ group: String) throws(Failure) -> ContentMap? {
    guard let number = try number(of: group) else { return nil }
    var map = ContentMap()
    var odd: [[UInt8]] = []
    try database.rows(
      "SELECT path, record, shown IS NULL FROM entry WHERE grp = ? ORDER BY path",
      [.integer(number)]
    ) { row throws(Failure) in
      map.startStretch { row.blob(0) }
      let hint = RecordCoding.contentHint(row.blob(1), short)
      switch row.integer(2) != 0 ? hint : .unclear {
      case .file(let prefix): map.mark(prefix)
      case .noFile: break
      case .unclear: odd.append(row.blob(0))
      }
    }
    for key in odd {
      guard let path = TreePath(key: key), let entry = try entry(group, path) else { continue }
      map.add(entry)
    }
    map.sort()
    return map
  }
}

/// Where contents are shown: 8 bytes a path in memory and none in the database, where an index
/// would
/// repeat the whole path (70 bytes a file). Made by one pass when it is first asked for.
///
/// The paths in order are cut into stretches. A mark is 40 bits of a digest and the number of the
/// stretch in which a path showed it; who finds one reads that stretch.
struct ContentMap {
  /// Paths of one stretch when the map is made.
  private static let stretchLength = 64
  /// The most rows that are read for one mark: more stand there only if many were added later.
  static let stretchLimit: Int64 = 1024

  private var starts: [[UInt8]] = []
  private var length = 0
  private var marks: [UInt64] = []
  private var later: [UInt64: [[UInt8]]] = [:]
  private var laterCount = 0

  /// Whether it is cheaper to make the map anew.
  var isTooLong: Bool { laterCount > 100_000 + marks.count / 4 }

  mutating func startStretch(_ key: () -> [UInt8]) {
    if length % Self.stretchLength == 0 { starts.append(key()) }
    length += 1
  }

  mutating func mark(_ prefix: UInt64) {
    marks.append(prefix & ~0xFF_FFFF | UInt64(starts.count - 1) & 0xFF_FFFF)
  }

  mutating func sort() { marks.sort() }

  /// Notes an entry that was written after the map was made.
  mutating func add(_ entry: Entry) {
    guard case .file(let file) = entry.shown.content.value else { return }
    let prefix = ContentMap.prefix(file.digest)
    guard later[prefix]?.contains(entry.path.key) != true else { return }
    later[prefix, default: []].append(entry.path.key)
    laterCount += 1
  }

  func added(_ digest: Digest) -> [[UInt8]] { later[Self.prefix(digest)] ?? [] }

  /// Where to look for the digest: the first key and the key after the last.
  func stretches(_ digest: Digest) -> [(first: [UInt8], end: [UInt8]?)] {
    let prefix = Self.prefix(digest) & ~0xFF_FFFF
    var (low, high) = (0, marks.count)
    while low < high {
      let middle = (low + high) / 2
      if marks[middle] < prefix { low = middle + 1 } else { high = middle }
    }
    var out: [(first: [UInt8], end: [UInt8]?)] = []
    var last = -1
    // Equal files can be many: the first few will do.
    while low < marks.count, marks[low] & ~0xFF_FFFF == prefix, out.count < 16 {
      let stretch = Int(marks[low] & 0xFF_FFFF)
      low += 1
      guard stretch != last, stretch < starts.count else { continue }
      last = stretch
      out.append((starts[stretch], stretch + 1 < starts.count ? starts[stretch + 1] : nil))
    }
    return out
  }

  static func prefix(_ digest: Digest) -> UInt64 {
    digest.prefix
  }
}

extension Entry {
  /// Whether the path lives and its disk shows this content.
  fileprivate func shows(_ digest: Digest) -> Bool {
    guard case .file(let file) = shown.content.value, !state.contains(.tombstone) else {
      return false
    }
    return file.digest == digest
  }
}
