/// A text as lines: byte strings that keep their line feed. A last line without one differs from
/// the same line with one.
///
/// Equal lines have equal numbers, across all texts of one `Lines`; comparing lines is comparing
/// numbers.
package struct Lines: Sendable {
  /// The bytes of each line.
  package private(set) var lines: [ArraySlice<UInt8>]
  /// The number of each line.
  package private(set) var numbers: [Int]

  /// Cuts texts into lines and numbers them together.
  package static func number(_ texts: [[UInt8]]) -> [Lines] {
    var known: [ArraySlice<UInt8>: Int] = [:]
    return texts.map { text in
      let lines = cut(text)
      let numbers = lines.map { line in
        if let number = known[line] { return number }
        known[line] = known.count
        return known.count - 1
      }
      return Lines(lines: lines, numbers: numbers)
    }
  }

  private static func cut(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
    var out: [ArraySlice<UInt8>] = []
    var start = 0
    for (place, byte) in text.enumerated() where byte == 0x0A {
      out.append(text[start...place])
      start = place + 1
    }
    if start < text.count { out.append(text[start...]) }
    return out
  }

  package var count: Int { numbers.count }

  /// The bytes of some of the lines, one behind the other.
  package subscript(range: Range<Int>) -> [UInt8] { Array(lines[range].joined()) }
}

/// Whether bytes are a text: UTF-8 without control characters other than tab, line feed, form feed
/// and carriage return.
package func isText(_ bytes: [UInt8]) -> Bool {
  for byte in bytes where byte < 0x20 || byte == 0x7F {
    guard byte == 0x09 || byte == 0x0A || byte == 0x0C || byte == 0x0D else { return false }
  }
  return String(validating: bytes, as: UTF8.self) != nil
}
