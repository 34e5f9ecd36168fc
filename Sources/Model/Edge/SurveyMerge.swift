import CLinux
import Glibc
import Model

/// Compares a stretch of objects with the rows of the same stretch of the index, both in order.
struct SurveyMerge {
  let store: SQLiteStore
  /// Of the group.
  let number: Int64
  let ignoring: EntryState
  /// Whether every path in question is held by the group.
  let holdsAll: Bool
  private(set) var part = SurveyPart()
  /// The key at which the next rows begin.
  private var from: [UInt8]
  /// Rows below this key were not listed.
  private var unlisted: [UInt8]?

  init(
    _ store: SQLiteStore, number: Int64, ignoring: EntryState, holdsAll: Bool, from: [UInt8]
  ) {
    (self.store, self.number, self.ignoring) = (store, number, ignoring)
    (self.holdsAll, self.from) = (holdsAll, from)
  }

  /// Rows up to the last object, that one included.
  mutating func take(_ stretch: borrowing Stretch) throws(Failure) {
    guard let last = stretch.objects.last else { return }
    try take(stretch, until: Array(stretch.key(last)) + [0])
  }

  /// All rows below `end`, which is the next that is looked at.
  mutating func take(_ stretch: borrowing Stretch, until end: [UInt8]) throws(Failure) {
    var place = 0
    try store.database.rows(
      """
      SELECT path, state, record, seen, shown IS NULL FROM entry
      WHERE grp = ? AND path >= ? AND path < ? ORDER BY path
      """, [.integer(number), .blob(from), .blob(end)]
    ) { row throws(Failure) in
      let key = row.bytes(0)
      while place < stretch.objects.count {
        let order = stretch.compare(place, key)
        if order > 0 { break }
        if order == 0, stretch.isObject(place) {
          compare(stretch, place, row)
          place += 1
          return
        }
        add(stretch, place)
        place += 1
      }
      try addRow(key, row)
    }
    while place < stretch.objects.count {
      add(stretch, place)
      place += 1
    }
    from = end
  }

  /// An object and its row.
  private mutating func compare(_ stretch: borrowing Stretch, _ place: Int, _ row: SQLRow) {
    let object = stretch.objects[place]
    guard case .held = object.role else { return addMissing(stretch.key(object)) }
    let state = EntryState(rawValue: row.integer(1))
    if RowStamp.isPlain(state, ignoring: ignoring), row.integer(4) == 1, !row.isNull(3),
      RowStamp.matches(record: row.bytes(2), seen: row.bytes(3), object.stat)
    {
      part.unchanged += 1
    } else {
      addObject(stretch, object, hasRow: true)
    }
  }

  /// What stands before the next row: it has none itself.
  private mutating func add(_ stretch: borrowing Stretch, _ place: Int) {
    let object = stretch.objects[place]
    switch object.role {
    case .held: addObject(stretch, object, hasRow: false)
    case .leftOut: return
    case .unlisted(let trouble):
      let key = Array(stretch.key(object))
      unlisted = key + [0]
      if let path = TreePath(key: key) { part.findings.append(.unlisted(path, trouble)) }
    case .tooLong:
      if let path = TreePath(key: Array(stretch.key(object))) {
        part.findings.append(.tooLong(path))
      }
    }
  }

  private mutating func addObject(
    _ stretch: borrowing Stretch, _ object: Stretch.Object, hasRow: Bool
  ) {
    guard let path = TreePath(key: Array(stretch.key(object))) else { return }
    part.findings.append(
      .object(SurveyedObject(path: path, stat: Sighting(object.stat).stat, hasRow: hasRow)))
  }

  private mutating func addMissing(_ key: ArraySlice<UInt8>) {
    if let path = TreePath(key: Array(key)) { part.findings.append(.missing(path)) }
  }

  /// A row without an object.
  private mutating func addRow(
    _ bytes: UnsafeRawBufferPointer, _ row: SQLRow
  ) throws(Failure) {
    let state = EntryState(rawValue: row.integer(1))
    // Deleted, and nothing is there: so it should be.
    if holdsAll, state.contains(.tombstone), RowStamp.isPlain(state, ignoring: ignoring),
      row.integer(4) == 1
    {
      return
    }
    guard let path = TreePath(key: Array(bytes)) else {
      throw store.database.damage("\(escaped(Array(bytes))) is no path")
    }
    if let unlisted, path.key.starts(with: unlisted) {
      part.findings.append(.unseen(path))
    } else {
      part.findings.append(.missing(path))
    }
  }
}

extension Stretch {
  /// Whether something stands on the disk there.
  fileprivate func isObject(_ place: Int) -> Bool {
    switch objects[place].role {
    case .held, .leftOut: true
    case .unlisted, .tooLong: false
    }
  }

  /// The order of the key at `place` and a row's: below 0, 0 or above 0.
  fileprivate func compare(_ place: Int, _ key: UnsafeRawBufferPointer) -> Int {
    let object = objects[place]
    let order = keys.withUnsafeBytes { all -> Int32 in
      guard let left = all.baseAddress, let right = key.baseAddress else { return 0 }
      return memcmp(left + object.start, right, min(object.count, key.count))
    }
    return order != 0 ? Int(order) : object.count - key.count
  }
}
