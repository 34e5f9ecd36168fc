/// Whether a time stamp proves anything at the next look.
///
/// A kernel that stamps once a tick gives two changes within one tick the same stamp: what was
/// changed that close to the look could change again unseen. Such an object is read again next
/// time.
package struct Freshness: Hashable, Sendable {
  private let now: Timestamp
  private let tickNanoseconds: UInt64

  package init(now: Timestamp, tickNanoseconds: UInt64) {
    self.now = now
    self.tickNanoseconds = tickNanoseconds
  }

  /// Whether the object may have changed within a tick of the look.
  package func isFresh(_ stat: FileStat) -> Bool {
    guard tickNanoseconds > 0 else { return false }
    let apart = now.nanoseconds(since: stat.changed)
    return apart < Int64(clamping: tickNanoseconds)
  }
}

extension Timestamp {
  /// Nanoseconds from `earlier` to this moment; clamped at about ±290 years.
  package func nanoseconds(since earlier: Timestamp) -> Int64 {
    let (seconds, overflow) = self.seconds.subtractingReportingOverflow(earlier.seconds)
    guard !overflow, abs(seconds.clamped) < 9_000_000_000 else {
      return self < earlier ? Int64.min : Int64.max
    }
    return seconds * 1_000_000_000 + Int64(nanoseconds) - Int64(earlier.nanoseconds)
  }
}

extension Int64 {
  /// Itself, or one more if it is the least: so that its magnitude fits.
  fileprivate var clamped: Int64 { self == .min ? .min + 1 : self }
}
