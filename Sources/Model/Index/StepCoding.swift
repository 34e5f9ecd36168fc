/// How steps stand in CBOR, in database rows and on the wire alike.
///
///     step    = [dot, deed, mark / null, [*(dot, mark)], [?dot], reason]
///     dot     = replica number, sequence
///     mark    = 0 (absent) / 1 (directory) / 2 (fifo) / 3 (symbolic link) / [digest, size]
extension CBORWriter {
  package mutating func write(_ step: HistoryStep, _ short: inout Shorthand) {
    array(7)
    write(step.dot, &short)
    uint(UInt64(step.deed.rawValue))
    if let content = step.content { write(content) } else { null() }
    let replaced = step.replaced.prefix(HistoryLimits.replaced)
    array(replaced.count * 3)
    for item in replaced {
      write(item.dot, &short)
      write(item.content)
    }
    array(step.origin == nil ? 0 : 2)
    if let origin = step.origin { write(origin, &short) }
    text(step.reason.limited(to: HistoryLimits.reasonBytes))
  }

  private mutating func write(_ mark: ContentMark) {
    switch mark {
    case .absent: uint(0)
    case .directory: uint(1)
    case .fifo: uint(2)
    case .symlink: uint(3)
    case .device(let node): write(node)
    case .file(let digest, let size):
      array(2)
      bytes(digest.bytes)
      uint(size)
    }
  }
}

extension CBORReader {
  /// - Parameter replica: The replica behind a number; nil: there is none.
  package mutating func readStep(
    _ replica: (UInt64) -> ReplicaID?
  ) throws(WireFault) -> HistoryStep {
    try readArrayHeader(exactly: 7)
    let dot = try readDot(replica)
    let start = offset
    guard let deed = Deed(rawValue: UInt8(try readUInt(max: 255))) else {
      throw WireFault(.badValue, at: start)
    }
    var content: ContentMark?
    if isNull { try readNull() } else { content = try readMark() }
    let replaced = try readReplaced(replica)
    let place = offset
    let count = try readArrayHeader(max: 2)
    guard count != 1 else { throw WireFault(.missing, at: place) }
    let origin = count == 2 ? try readDot(replica) : nil
    return HistoryStep(
      dot: dot, deed: deed, content: content, replaced: replaced, origin: origin,
      reason: try readText(max: HistoryLimits.reasonBytes))
  }

  private mutating func readReplaced(
    _ replica: (UInt64) -> ReplicaID?
  ) throws(WireFault) -> [ReplacedContent] {
    let start = offset
    let count = try readArrayHeader(max: HistoryLimits.replaced * 3)
    guard count % 3 == 0 else { throw WireFault(.missing, at: start) }
    var out: [ReplacedContent] = []
    for _ in 0..<(count / 3) {
      let start = offset
      let item = ReplacedContent(dot: try readDot(replica), content: try readMark())
      if let last = out.last, last.dot >= item.dot { throw WireFault(.badOrder, at: start) }
      out.append(item)
    }
    return out
  }

  private mutating func readMark() throws(WireFault) -> ContentMark {
    let start = offset
    if majorType == 4 {
      switch try readArrayHeader(max: 3) {
      case 3: return .device(try readDevice())
      case 2:
        let digest = try readDigest()
        return .file(digest, size: try readUInt(max: ValueLimits.fileSize))
      default: throw WireFault(.missing, at: start)
      }
    }
    switch try readUInt() {
    case 0: return .absent
    case 1: return .directory
    case 2: return .fifo
    case 3: return .symlink
    default: throw WireFault(.badValue, at: start)
    }
  }

  /// An event whose replica is a number of the caller's list.
  package mutating func readDot(_ replica: (UInt64) -> ReplicaID?) throws(WireFault) -> Dot {
    let start = offset
    guard let replica = replica(try readUInt()), let dot = Dot(replica, try readUInt()) else {
      throw WireFault(.badValue, at: start)
    }
    return dot
  }
}
