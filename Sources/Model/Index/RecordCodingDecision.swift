// What was decided about a conflict:
//
//     decided = flags, dots, ?content, ?mode, ?owner, ?acl
//               flags: 1, 2, 4, 8: that register is decided; 16: the content was merged
//     dots    = [*(replica, sequence)], ascending
extension RecordCoding {
  private static let merged: UInt64 = 16

  static func encode(_ decided: Entry.Decision, _ short: inout Shorthand) -> [UInt8] {
    let values = decided.values
    var flags: UInt64 = decided.isMerged ? merged : 0
    for (bit, field) in Field.allCases.enumerated() where values.fields.contains(field) {
      flags |= 1 << UInt64(bit)
    }
    var out = CBORWriter(capacity: 64)
    out.uint(flags)
    out.write(dots: decided.dots, &short)
    if let value = values.content { out.write(value) }
    if let value = values.mode { out.write(value) }
    if let value = values.owner { out.write(value, &short) }
    if let value = values.acl { out.write(value) }
    return out.bytes
  }

  static func decision(_ body: [UInt8], _ short: Shorthand) throws(WireFault) -> Entry.Decision {
    var reader = CBORReader(body)
    let flags = try reader.readUInt(max: 31)
    // A decision decides something, and nothing but a content is merged.
    guard flags & 15 != 0, flags & merged == 0 || flags & 1 != 0 else {
      throw WireFault(.badValue, at: 0)
    }
    let start = reader.offset
    let dots = try reader.readDots(short)
    guard !dots.isEmpty, zip(dots, dots.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw WireFault(.badOrder, at: start)
    }
    var values = ResolvedValues()
    if flags & 1 != 0 { values.content = try reader.readContent() }
    if flags & 2 != 0 { values.mode = try reader.readMode() }
    if flags & 4 != 0 { values.owner = try reader.readOwner(short) }
    if flags & 8 != 0 { values.acl = try reader.readAccessList() }
    try reader.finish()
    return Entry.Decision(values: values, dots: dots, isMerged: flags & merged != 0)
  }
}
