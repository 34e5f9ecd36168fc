/// Chance from a seed: the same seed, the same throws (SplitMix64).
package struct Dice: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  /// 0 to `limit - 1`.
  package mutating func below(_ limit: Int) -> Int {
    precondition(limit > 0, "no number below \(limit)")
    return Int(next().multipliedFullWidth(by: UInt64(limit)).high)
  }

  /// True in `percent` of a hundred throws.
  package mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  /// One of `items`, which must not be empty.
  package mutating func pick<Item>(_ items: [Item]) -> Item { items[below(items.count)] }

  package mutating func shuffle<Item>(_ items: inout [Item]) {
    for index in items.indices.dropFirst() { items.swapAt(index, below(index + 1)) }
  }

  /// Each item with a chance of `percent`.
  package mutating func some<Item>(of items: [Item], percent: Int) -> [Item] {
    items.filter { _ in chance(percent) }
  }
}
