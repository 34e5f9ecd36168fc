import Model

/// The smaller parts of messages.
extension CBORWriter {
  mutating func write(_ want: Want) {
    array(want.isPlain ? 5 : 7)
    uint(want.number)
    uint(UInt64(want.group))
    bytes(want.path.key)
    bytes(want.digest.bytes)
    uint(want.size)
    if want.isPlain { return }
    uint(want.offset)
    bytes(want.former?.bytes ?? [])
  }

  mutating func write(_ piece: ContentPiece) {
    array(3)
    uint(piece.number)
    uint(UInt64(piece.kind.rawValue))
    bytes(piece.bytes)
  }

  mutating func write(_ row: ListingRow) {
    array(5)
    bytes(row.path.key)
    write(row.content)
    write(row.attributes.mode)
    write(row.attributes.owner)
    write(row.attributes.acl)
  }

  mutating func write(_ summary: Summary) {
    array(7)
    uint(summary.installed)
    uint(summary.removed)
    uint(summary.conflicts)
    uint(summary.pending)
    array(summary.problems.count)
    for problem in summary.problems { text(problem.limited(to: Limits.textBytes)) }
    array(summary.changes.count)
    for change in summary.changes {
      array(2)
      bytes(change.path.key)
      bool(change.isRemoval)
    }
    array(summary.refusals.count)
    for refusal in summary.refusals {
      array(3)
      uint(UInt64(refusal.group))
      bytes(refusal.path.key)
      text(refusal.text.limited(to: Limits.textBytes))
    }
  }
}

extension Want {
  /// Whether the whole content is asked for, with nothing to copy from.
  fileprivate var isPlain: Bool { offset == 0 && former == nil }
}

extension CBORReader {
  mutating func readWant() throws(WireFault) -> Want {
    let start = offset
    let count = try readArrayHeader(max: 7)
    guard count >= 5 else { throw WireFault(.missing, at: start) }
    guard count == 5 || count == 7 else { throw WireFault(.wrongType, at: start) }
    var want = Want(
      number: try readUInt(), group: try readGroup(), path: try readPath(),
      digest: try readDigest(), size: try readUInt(max: ValueLimits.fileSize))
    guard count == 7 else { return want }
    want.offset = try readUInt(max: want.size)
    let former = try readBytes(max: Digest.byteCount)
    want.former = Digest(former)
    guard !want.isPlain, former.isEmpty || want.former != nil else {
      throw WireFault(.wrongType, at: start)
    }
    return want
  }

  mutating func readPiece() throws(WireFault) -> ContentPiece {
    let start = offset
    try readArrayHeader(exactly: 3)
    let number = try readUInt()
    guard let kind = ContentPiece.Kind(rawValue: UInt8(try readUInt(max: 255))) else {
      throw WireFault(.wrongType, at: start)
    }
    return ContentPiece(number: number, kind: kind, bytes: try readBytes(max: Limits.frameBytes))
  }

  mutating func readRow() throws(WireFault) -> ListingRow {
    try readArrayHeader(exactly: 5)
    let path = try readPath()
    let content = try readContent()
    let attributes = Attributes(
      mode: try readMode(), owner: try readOwner(), acl: try readAccessList())
    return ListingRow(path: path, content: content, attributes: attributes)
  }

  mutating func readForecast() throws(WireFault) -> Forecast {
    let start = offset
    try readArrayHeader(exactly: 2)
    let path = try readPath()
    guard let deed = Forecast.Deed(rawValue: UInt8(try readUInt(max: 255))) else {
      throw WireFault(.wrongType, at: start)
    }
    return Forecast(path: path, deed: deed)
  }

  mutating func readSummary() throws(WireFault) -> Summary {
    try readArrayHeader(exactly: 7)
    var summary = Summary()
    summary.installed = try readUInt()
    summary.removed = try readUInt()
    summary.conflicts = try readUInt()
    summary.pending = try readUInt()
    summary.problems = try readList(Limits.problems) { reader throws(WireFault) in
      try reader.readText(max: Limits.textBytes)
    }
    summary.changes = try readList(Limits.changes) { reader throws(WireFault) in
      try reader.readArrayHeader(exactly: 2)
      return Summary.Change(path: try reader.readPath(), isRemoval: try reader.readBool())
    }
    summary.refusals = try readList(Limits.refusals) { reader throws(WireFault) in
      try reader.readArrayHeader(exactly: 3)
      return Summary.Refusal(
        group: try reader.readGroup(), path: try reader.readPath(),
        text: try reader.readText(max: Limits.textBytes))
    }
    return summary
  }

  mutating func readStop() throws(WireFault) -> StopReason {
    let start = offset
    guard let kind = StopReason.Kind(rawValue: UInt8(try readUInt(max: 255))) else {
      throw WireFault(.wrongType, at: start)
    }
    return StopReason(kind: kind, text: try readText(max: Limits.textBytes))
  }
}
