/// The bytes of a conflict that is over.
///
///     settled = [kind, how, winner, replica, sequence, fields, user, reason]    texts and numbers
///     fields  = uint: 1 content, 2 mode, 4 owner, 8 access list
///     dots    = *(replica, sequence)                     16 bytes and 8, the greatest byte first
package enum SettledCoding {
  private static let textLimit = 4_096
  private static let dotBytes = ReplicaID.byteCount + 8

  /// All that does not stand in a column of its own.
  package static func encode(_ settled: SettledConflict) -> [UInt8] {
    var out = CBORWriter(capacity: 96)
    out.array(8)
    out.text(settled.kind)
    out.text(settled.how)
    out.text(settled.winner)
    out.bytes(settled.dot.replica.bytes)
    out.uint(settled.dot.sequence)
    out.uint(settled.fields.reduce(0) { $0 | mark(of: $1) })
    out.text(settled.user)
    out.text(settled.reason)
    return out.bytes
  }

  /// What `encode` wrote. Never traps.
  package static func decode(
    _ bytes: [UInt8], id: String, group: String, seconds: Int64, _ former: Entry
  ) throws(WireFault) -> SettledConflict {
    var reader = CBORReader(bytes)
    try reader.readArrayHeader(exactly: 8)
    let kind = try reader.readText(max: textLimit)
    let how = try reader.readText(max: textLimit)
    let winner = try reader.readText(max: textLimit)
    let start = reader.offset
    guard let replica = ReplicaID(try reader.readSlice(max: ReplicaID.byteCount)),
      let dot = Dot(replica, try reader.readUInt())
    else { throw WireFault(.badValue, at: start) }
    let marks = try reader.readUInt()
    let user = try reader.readText(max: textLimit)
    let reason = try reader.readText(max: textLimit)
    try reader.finish()
    return SettledConflict(
      id: id, group: group, path: former.path, kind: kind, how: how, winner: winner, dot: dot,
      fields: Field.allCases.filter { marks & mark(of: $0) != 0 }, former: former.record,
      user: user, reason: reason, seconds: seconds)
  }

  private static func mark(of field: Field) -> UInt64 {
    switch field {
    case .content: 1
    case .mode: 2
    case .owner: 4
    case .acl: 8
    }
  }

  /// Dots one behind the other.
  package static func bytes(_ dots: [Dot]) -> [UInt8] {
    var out: [UInt8] = []
    for dot in dots {
      out += dot.replica.bytes
      for shift in stride(from: UInt64(56), through: 0, by: -8) {
        out.append(UInt8(truncatingIfNeeded: dot.sequence >> shift))
      }
    }
    return out
  }

  /// The dots that `bytes` wrote; nil if they cannot be read.
  package static func dots(_ bytes: [UInt8]) -> [Dot]? {
    guard bytes.count % dotBytes == 0 else { return nil }
    var out: [Dot] = []
    for start in stride(from: 0, to: bytes.count, by: dotBytes) {
      let number = bytes[(start + ReplicaID.byteCount)..<(start + dotBytes)]
      guard let replica = ReplicaID(bytes[start..<(start + ReplicaID.byteCount)]),
        let dot = Dot(replica, number.reduce(0) { $0 << 8 | UInt64($1) })
      else { return nil }
      out.append(dot)
    }
    return out
  }
}
