/// A set of events, each a small number: one bit each, so that a history stays cheap.
package struct EventSet: Hashable, Sendable {
  /// Events that one history can have.
  package static let capacity = 192

  private var low: UInt64 = 0
  private var middle: UInt64 = 0
  private var high: UInt64 = 0

  package init() {}

  package init(_ event: Int) { insert(event) }

  package var isEmpty: Bool { low | middle | high == 0 }

  package mutating func insert(_ event: Int) {
    let bit: UInt64 = 1 << UInt64(event & 63)
    switch event >> 6 {
    case 0: low |= bit
    case 1: middle |= bit
    default: high |= bit
    }
  }

  package func contains(_ event: Int) -> Bool {
    let word =
      switch event >> 6 {
      case 0: low
      case 1: middle
      default: high
      }
    return word >> UInt64(event & 63) & 1 == 1
  }

  package mutating func formUnion(_ other: EventSet) {
    low |= other.low
    middle |= other.middle
    high |= other.high
  }

  package mutating func subtract(_ other: EventSet) {
    low &= ~other.low
    middle &= ~other.middle
    high &= ~other.high
  }

  package mutating func formIntersection(_ other: EventSet) {
    low &= other.low
    middle &= other.middle
    high &= other.high
  }

  package func union(_ other: EventSet) -> EventSet {
    var result = self
    result.formUnion(other)
    return result
  }

  package func subtracting(_ other: EventSet) -> EventSet {
    var result = self
    result.subtract(other)
    return result
  }

  package func intersection(_ other: EventSet) -> EventSet {
    var result = self
    result.formIntersection(other)
    return result
  }

  package func isSubset(of other: EventSet) -> Bool { subtracting(other).isEmpty }

  /// The events, ascending.
  package var events: [Int] {
    var out: [Int] = []
    for (base, word) in [(0, low), (64, middle), (128, high)] {
      var rest = word
      while rest != 0 {
        out.append(base + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
    return out
  }
}
