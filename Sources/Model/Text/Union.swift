/// Joins what two sides changed in a text and takes both where they overlap: for lists of which
/// every line counts.
///
/// In an overlap the lines of one side come first, then those of the other that the first does not
/// have. First is the side whose lines there are bytewise less, whichever is called `a`; so both
/// hosts get the same bytes. Without a base, lines that both texts have in common stand once.
package func union3(base: [UInt8]?, a: [UInt8], b: [UInt8]) -> [UInt8] {
  var union = Union()
  guard let base else {
    unite(a, b, into: &union)
    return union.bytes
  }
  let sides = ThreeSides(base, a, b)
  for part in sides.parts {
    if part.kind == .overlap {
      union.addBoth(sides.a.lines(part.a), sides.b.lines(part.b))
    } else {
      union.add(sides.settledText(of: part))
    }
  }
  return union.bytes
}

/// Two texts without a base. The lesser one is the old one: the script is the same both ways.
private func unite(_ a: [UInt8], _ b: [UInt8], into union: inout Union) {
  let isSwapped = b.lexicographicallyPrecedes(a)
  let (old, new) = (TextLines(isSwapped ? b : a), TextLines(isSwapped ? a : b))
  var done = 0
  for hunk in lineDiff(old, new) {
    union.add(old[done..<hunk.old.lowerBound])
    union.addBoth(old.lines(hunk.old), new.lines(hunk.new))
    done = hunk.old.upperBound
  }
  union.add(old[done..<old.count])
}

/// The text as it grows. A line that lacks its line feed gets one when something follows.
private struct Union {
  private(set) var bytes: [UInt8] = []

  mutating func add(_ text: ArraySlice<UInt8>) {
    guard !text.isEmpty else { return }
    if let last = bytes.last, last != lineFeed { bytes.append(lineFeed) }
    bytes += text
  }

  mutating func addBoth(_ one: [ArraySlice<UInt8>], _ other: [ArraySlice<UInt8>]) {
    let isSwapped = Array(other.joined()).lexicographicallyPrecedes(Array(one.joined()))
    let (first, second) = isSwapped ? (other, one) : (one, other)
    for line in first { add(line) }
    let known = Set(first.map(withoutLineFeed))
    for line in second where !known.contains(withoutLineFeed(line)) { add(line) }
  }

  /// The last line of a text may lack its line feed, and is the same line to a list.
  private func withoutLineFeed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    line.last == lineFeed ? line.dropLast() : line
  }
}

extension TextLines {
  fileprivate func lines(_ range: Range<Int>) -> [ArraySlice<UInt8>] { range.map { self[$0] } }
}
