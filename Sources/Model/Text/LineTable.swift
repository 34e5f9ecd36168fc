/// Gives equal lines equal numbers, so that lines are compared as numbers.
///
/// Only whether two numbers are equal means anything: which one a line gets reaches no result.
struct LineTable {
  private var numbers: [LineKey: Int] = [:]

  mutating func numbers(of text: TextLines) -> [Int] {
    var out: [Int] = []
    out.reserveCapacity(text.count)
    for index in 0..<text.count {
      let key = LineKey(bytes: text[index])
      if let known = numbers[key] {
        out.append(known)
      } else {
        out.append(numbers.count)
        numbers[key] = numbers.count
      }
    }
    return out
  }
}

/// A line as a key, hashed eight bytes at a time.
private struct LineKey: Hashable {
  let bytes: ArraySlice<UInt8>

  func hash(into hasher: inout Hasher) {
    var word: UInt64 = 0
    var filled = 0
    for byte in bytes {
      word = word << 8 | UInt64(byte)
      filled += 1
      if filled == 8 {
        hasher.combine(word)
        (word, filled) = (0, 0)
      }
    }
    hasher.combine(word)
    hasher.combine(bytes.count)
  }
}
