import Model

/// What the file `witness` remembers beside the database: who that database is, and which numbers
/// it
/// may have given out. A database that does not fit was restored, copied or lost its log.
struct Witness: Equatable {
  static let name = "witness"

  var replica: ReplicaID
  /// The last number of the transaction before, and of the one that was being committed: after a
  /// crash the database is at either.
  var low: UInt64
  var high: UInt64
  /// Whether the database has been written to since it was last closed in order: it then needs its
  /// write-ahead log.
  var needsLog: Bool

  init(_ state: ReplicaState, needsLog: Bool) {
    replica = state.replica
    low = state.last
    high = state.last
    self.needsLog = needsLog
  }

  /// Always as long: it is overwritten in its place (one sector, so that no half of it is seen).
  var bytes: [UInt8] {
    let text =
      "concord witness 1\nreplica \(hexadecimal(replica.bytes))\nlow \(padded(low))\n"
      + "high \(padded(high))\nlog \(needsLog ? 1 : 0)\n"
    return Array(text.utf8)
  }

  /// From a file's bytes; nil if `bytes` would not have given them.
  init?(_ bytes: [UInt8]) {
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    let lines = text.split(separator: "\n").map { $0.split(separator: " ") }
    guard lines.count == 5, lines.allSatisfy({ $0.count >= 2 }),
      let replica = ReplicaID(octets(lines[1][1])), let low = UInt64(lines[2][1]),
      let high = UInt64(lines[3][1])
    else { return nil }
    self.init(ReplicaState(replica: replica, last: low, confirmed: 0), needsLog: false)
    self.high = high
    needsLog = lines[4][1] == "1"
    guard self.bytes == bytes else { return nil }
  }

  /// Why a database in this state is not the one that the witness saw; nil if it is.
  func objection(to state: ReplicaState) -> String? {
    if state.replica != replica { return "the database is that of another replica" }
    if state.last == low || state.last == high { return nil }
    return state.last < low
      ? "the database is older than its witness: \(state.last) of \(low) changes"
      : "the witness is older than the database: \(high) of \(state.last) changes"
  }
}

private func padded(_ number: UInt64) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, 20 - digits.utf8.count)) + digits
}

private func octets(_ text: Substring) -> [UInt8] {
  let digits = text.utf8.map { byte -> UInt8? in
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
  }
  guard digits.count.isMultiple(of: 2), !digits.contains(nil) else { return [] }
  return stride(from: 0, to: digits.count, by: 2).map { index in
    (digits[index] ?? 0) << 4 | (digits[index + 1] ?? 0)
  }
}
