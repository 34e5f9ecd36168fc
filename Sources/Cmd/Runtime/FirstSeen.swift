import Model

/// When this host first listed each open conflict of a group: one note for all of them, written
/// only when a conflict has come or gone.
struct FirstSeen {
  private let note: String
  private let before: [String: Int64]
  private var open: [String: Int64] = [:]
  private let now: Int64

  init(_ group: String, now: Int64, _ store: any Store) throws(Failure) {
    self.now = now
    note = "conflicts \(group)"
    before = Self.decoded(try store.note(note) ?? [])
  }

  /// The moment for a conflict that is open; now if it was never listed.
  mutating func since(_ id: String) -> Int64 {
    let seconds = before[id] ?? now
    open[id] = seconds
    return seconds
  }

  /// Remembers those that were asked about, and no others.
  func keep(_ store: any Store) throws(Failure) {
    guard open != before else { return }
    try store.transaction { () throws(Failure) in
      try store.setNote(note, open.isEmpty ? nil : encoded)
    }
  }

  private var encoded: [UInt8] {
    var out = CBORWriter(capacity: open.count * 16 + 8)
    out.array(open.count)
    for (id, seconds) in open.sorted(by: { $0.key < $1.key }) {
      out.text(id)
      out.int(seconds)
    }
    return out.bytes
  }

  /// For people only: what cannot be read counts as never listed.
  private static func decoded(_ bytes: [UInt8]) -> [String: Int64] {
    guard !bytes.isEmpty else { return [:] }
    var reader = CBORReader(bytes)
    var out: [String: Int64] = [:]
    do {
      for _ in 0..<(try reader.readArrayHeader(max: 1 << 24)) {
        let id = try reader.readText(max: 64)
        out[id] = try reader.readInt()
      }
      try reader.finish()
    } catch {
      return [:]
    }
    return out
  }
}
