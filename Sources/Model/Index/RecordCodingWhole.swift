// An entry that needs no table beside it: for the journal.
//
//     entry = [[*replica], path, record, vector / null, shown / null, seen / null, state,
//              held / null, decided / null]
extension RecordCoding {
  private static let partLimit = 1 << 26

  /// The bytes of a whole entry, path and replicas included.
  package static func encode(_ entry: Entry) -> [UInt8] {
    // Without numbers for owners: there is no list of them beside it.
    var short = Shorthand(ownerLimit: 0)
    let row = row(of: entry, &short)
    var stem = CBORWriter(capacity: 16)
    if let vector = row.stem { stem.write(vector, &short) } else { stem.null() }
    var out = CBORWriter(capacity: 256)
    out.array(9)
    out.array(short.replicas.count)
    for replica in short.replicas { out.bytes(replica.bytes) }
    out.bytes(entry.path.key)
    out.bytes(row.record)
    out.bytes(stem.bytes)
    out.write(row.shown)
    out.write(row.seen)
    out.int(entry.state.rawValue)
    out.write(row.held)
    out.write(row.decided)
    return out.bytes
  }

  /// The entry that `encode` wrote. Never traps.
  package static func entry(_ bytes: [UInt8]) throws(WireFault) -> Entry {
    var reader = CBORReader(bytes)
    try reader.readArrayHeader(exactly: 9)
    let short = try reader.readReplicas()
    let start = reader.offset
    guard let path = TreePath(key: try reader.readBytes(max: TreePath.byteLimit)) else {
      throw WireFault(.badValue, at: start)
    }
    let record = try reader.readBytes(max: partLimit)
    let stem = try vector(try reader.readBytes(max: partLimit), short)
    let shown = try reader.readPart(max: partLimit)
    let seen = try reader.readPart(max: partLimit)
    let state = EntryState(rawValue: try reader.readInt())
    let held = try reader.readPart(max: partLimit)
    let decided = try reader.readPart(max: partLimit)
    try reader.finish()
    let row = EntryRow(
      record: record, stem: stem, shown: shown, seen: seen, held: held, decided: decided)
    return try entry(path, row, state: state, short)
  }

  private static func vector(
    _ bytes: [UInt8], _ short: Shorthand
  ) throws(WireFault) -> VersionVector? {
    var reader = CBORReader(bytes)
    let isNull = reader.isNull
    let vector = isNull ? nil : try reader.readVector(short)
    if isNull { try reader.readNull() }
    try reader.finish()
    return vector
  }
}

extension CBORWriter {
  fileprivate mutating func write(_ part: [UInt8]?) {
    if let part { bytes(part) } else { null() }
  }
}

extension CBORReader {
  fileprivate mutating func readPart(max: Int) throws(WireFault) -> [UInt8]? {
    if isNull {
      try readNull()
      return nil
    }
    return try readBytes(max: max)
  }

  fileprivate mutating func readReplicas() throws(WireFault) -> Shorthand {
    let start = offset
    let count = try readArrayHeader(max: RecordCoding.itemLimit)
    var replicas: [ReplicaID] = []
    for _ in 0..<count {
      guard let replica = ReplicaID(try readSlice(max: ReplicaID.byteCount)) else {
        throw WireFault(.badValue, at: start)
      }
      replicas.append(replica)
    }
    let table = Shorthand(replicas: replicas)
    guard table.replicas.count == count else { throw WireFault(.badValue, at: start) }
    return table
  }
}
