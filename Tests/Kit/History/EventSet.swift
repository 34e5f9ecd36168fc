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

  /// Takes the smallest event out; nil if there is none.
  package mutating func popFirst() -> Int? {
    if low != 0 {
      defer { low &= low - 1 }
      return low.trailingZeroBitCount
    }
    if middle != 0 {
      defer { middle &= middle - 1 }
      return 64 + middle.trailingZeroBitCount
    }
    if high != 0 {
      defer { high &= high - 1 }
      return 128 + high.trailingZeroBitCount
    }
    return nil
  }

  /// The events, ascending.
  package var events: [Int] {
    var out: [Int] = []
    var rest = self
    while let event = rest.popFirst() { out.append(event) }
    return out
  }
}

/// A set of events for each register.
package struct EventSets: Hashable, Sendable {
  private var content = EventSet()
  private var mode = EventSet()
  private var owner = EventSet()
  private var acl = EventSet()

  package init() {}

  package init(_ make: (Int) -> EventSet) {
    content = make(0)
    mode = make(1)
    owner = make(2)
    acl = make(3)
  }

  package subscript(register: Int) -> EventSet {
    get {
      switch register {
      case 0: content
      case 1: mode
      case 2: owner
      default: acl
      }
    }
    set {
      switch register {
      case 0: content = newValue
      case 1: mode = newValue
      case 2: owner = newValue
      default: acl = newValue
      }
    }
  }
}
