package import Model

/// The bytes of messages: one deterministic CBOR array a frame, its first element the kind.
///
/// Decoding is bounded by `Limits`: whatever a peer sends ends in a message or a `WireFault`.
extension Message {
  fileprivate enum Kind: UInt64 {
    case greeting = 0
    case records = 1
    case recordsEnd = 2
    case answersEnd = 3
    case want = 4
    case content = 5
    case listing = 6
    case listingEnd = 7
    case forecast = 8
    case done = 9
    case alive = 10
    case stop = 11
    case kept = 12
    case history = 13
    case configuration = 14
  }

  /// The message as the payload of a frame.
  package var encoded: [UInt8] {
    var out = CBORWriter(capacity: 512)
    switch self {
    case .greeting(let greeting):
      out.open(Kind.greeting.rawValue, 1)
      out.write(greeting)
    case .records(let group, let records): out.writeRecords(Kind.records.rawValue, group, records)
    case .recordsEnd(let group):
      out.open(Kind.recordsEnd.rawValue, 1)
      out.uint(UInt64(group))
    case .answersEnd(let group):
      out.open(Kind.answersEnd.rawValue, 1)
      out.uint(UInt64(group))
    case .want(let wants):
      out.open(Kind.want.rawValue, 1)
      out.array(wants.count)
      for want in wants { out.write(want) }
    case .content(let pieces):
      out.reserve(pieces.reduce(64) { $0 + $1.bytes.count + 24 })
      out.open(Kind.content.rawValue, 1)
      out.array(pieces.count)
      for piece in pieces { out.write(piece) }
    default: encodeRest(&out)
    }
    return out.bytes
  }

  private func encodeRest(_ out: inout CBORWriter) {
    switch self {
    case .listing(let group, let rows):
      out.open(Kind.listing.rawValue, 2)
      out.uint(UInt64(group))
      out.array(rows.count)
      for row in rows { out.write(row) }
    case .listingEnd(let group):
      out.open(Kind.listingEnd.rawValue, 1)
      out.uint(UInt64(group))
    case .forecast(let group, let deeds):
      out.open(Kind.forecast.rawValue, 2)
      out.uint(UInt64(group))
      out.array(deeds.count)
      for deed in deeds {
        out.array(2)
        out.bytes(deed.path.key)
        out.uint(UInt64(deed.deed.rawValue))
      }
    case .done(let summary):
      out.open(Kind.done.rawValue, 1)
      out.write(summary)
    case .stop(let reason):
      out.open(Kind.stop.rawValue, 2)
      out.uint(UInt64(reason.kind.rawValue))
      out.text(reason.text.limited(to: Limits.textBytes))
    case .kept: out.open(Kind.kept.rawValue, 0)
    case .configuration(let group, let text):
      out.open(Kind.configuration.rawValue, 2)
      out.uint(UInt64(group))
      out.text(text.limited(to: Limits.configurationBytes))
    case .history(let group, let paths, let stamps):
      out.open(Kind.history.rawValue, 4)
      out.uint(UInt64(group))
      out.writeHistory(paths, stamps)
    default: out.open(Kind.alive.rawValue, 0)
    }
  }

  /// The message of a frame's payload. Throws on everything that `encoded` would not have written.
  package init(encoded bytes: [UInt8]) throws(WireFault) {
    var reader = CBORReader(bytes)
    let count = try reader.readArrayHeader(max: 8)
    let start = reader.offset
    guard let kind = Kind(rawValue: try reader.readUInt()), count == kind.count else {
      throw WireFault(.wrongType, at: start)
    }
    switch kind {
    case .greeting: self = .greeting(try reader.readGreeting())
    case .records:
      self = .records(group: try reader.readGroup(), try reader.readRecords())
    case .recordsEnd: self = .recordsEnd(group: try reader.readGroup())
    case .answersEnd: self = .answersEnd(group: try reader.readGroup())
    case .want:
      self = .want(
        try reader.readList(Limits.wants) { reader throws(WireFault) in try reader.readWant() })
    case .content:
      self = .content(
        try reader.readList(Limits.pieces) { reader throws(WireFault) in try reader.readPiece() })
    case .listing:
      self = .listing(
        group: try reader.readGroup(),
        try reader.readList(Limits.records) { reader throws(WireFault) in try reader.readRow() })
    case .listingEnd: self = .listingEnd(group: try reader.readGroup())
    case .forecast:
      self = .forecast(
        group: try reader.readGroup(),
        try reader.readList(Limits.records) { reader throws(WireFault) in try reader.readForecast()
        })
    case .done: self = .done(try reader.readSummary())
    case .alive: self = .alive
    case .kept: self = .kept
    case .stop: self = .stop(try reader.readStop())
    case .configuration:
      self = .configuration(
        group: try reader.readGroup(), try reader.readText(max: Limits.configurationBytes))
    case .history:
      let group = try reader.readGroup()
      let (paths, stamps) = try reader.readHistory()
      self = .history(group: group, paths, stamps)
    }
    try reader.finish()
  }
}

extension Message.Kind {
  /// Elements of the array, the kind itself included.
  fileprivate var count: Int {
    switch self {
    case .alive, .kept: 1
    case .greeting, .recordsEnd, .answersEnd, .want, .content, .listingEnd, .done: 2
    case .listing, .forecast, .stop, .configuration: 3
    case .records, .history: 5
    }
  }
}

extension CBORWriter {
  fileprivate mutating func open(_ kind: UInt64, _ rest: Int) {
    array(rest + 1)
    uint(kind)
  }
}
