import Model

/// A batch of records: the replicas and the vectors that they share stand once, before them.
///
///     batch = [kind, group, [*replica], [*vector], [*[path, vector number or 0, record]]]
extension CBORWriter {
  mutating func writeRecords(_ kind: UInt64, _ group: Int, _ records: [PathRecord]) {
    // Owners are written out: there is no list of them beside the batch.
    var short = Shorthand(ownerLimit: 0)
    var stems: [VersionVector: Int] = [:]
    var table = CBORWriter(capacity: 256)
    var body = CBORWriter(capacity: records.count * 160)
    for record in records {
      let (bytes, stem) = RecordCoding.encode(record.record, &short)
      var number = 0
      if let stem {
        if let known = stems[stem] {
          number = known
        } else {
          number = stems.count + 1
          stems[stem] = number
          table.write(stem, &short)
        }
      }
      body.array(3)
      body.bytes(record.path.key)
      body.uint(UInt64(number))
      body.bytes(bytes)
    }
    array(5)
    uint(kind)
    uint(UInt64(group))
    array(short.replicas.count)
    for replica in short.replicas { bytes(replica.bytes) }
    array(stems.count)
    append(table.bytes)
    array(records.count)
    append(body.bytes)
  }
}

extension CBORReader {
  mutating func readRecords() throws(WireFault) -> [PathRecord] {
    let start = offset
    let list = try readList(Limits.vectorEntries) { reader throws(WireFault) in
      try reader.readReplica()
    }
    let short = Shorthand(replicas: list, ownerLimit: 0)
    guard short.replicas.count == list.count else {
      throw WireFault(.badOrder, at: start)
    }
    let stems = try readList(Limits.records) { reader throws(WireFault) in
      try reader.readVector(short)
    }
    return try readList(Limits.records) { reader throws(WireFault) in
      try reader.readArrayHeader(exactly: 3)
      let path = try reader.readPath()
      let number = Int(try reader.readUInt(max: UInt64(stems.count)))
      let body = try reader.readBytes(max: Limits.recordBytes)
      let stem = number == 0 ? nil : stems[number - 1]
      return PathRecord(path: path, record: try RecordCoding.record(body, stem: stem, short))
    }
  }

  mutating func readPath() throws(WireFault) -> TreePath {
    let start = offset
    guard let path = TreePath(key: try readBytes(max: TreePath.byteLimit)) else {
      throw WireFault(.badValue, at: start)
    }
    return path
  }

  mutating func readGroup() throws(WireFault) -> Int {
    Int(try readUInt(max: UInt64(Limits.groups)))
  }
}
