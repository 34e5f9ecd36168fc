/// A place where two texts differ: these lines of the old one became those of the new one.
package struct LineChange: Hashable, Sendable {
  package var old: Range<Int>
  package var new: Range<Int>

  package init(old: Range<Int>, new: Range<Int>) {
    self.old = old
    self.new = new
  }
}

/// What became of the lines of one text in another: places that differ, in order, never adjacent.
///
/// The shortest script by Myers' algorithm in linear space, up to a cost; beyond it the lines in
/// question count as replaced. The result is the same on every host and in every release, because
/// hosts that merge by themselves have to come to the same bytes: to change anything here is to
/// change what a merge means.
package func lineDiff(_ old: [Int], _ new: [Int]) -> [LineChange] {
  var diff = LineDiff(old: old, new: new)
  diff.compare(0..<old.count, 0..<new.count)
  return diff.changes
}

/// The search, with its work so far.
private struct LineDiff {
  /// How many steps of the search all of a diff may cost.
  private static let workLimit = 40_000_000

  let old: [Int]
  let new: [Int]
  private(set) var changes: [LineChange] = []
  private var work = 0
  private var forward: [Int]
  private var backward: [Int]

  init(old: [Int], new: [Int]) {
    self.old = old
    self.new = new
    let size = 2 * (old.count + new.count) + 5
    forward = [Int](repeating: 0, count: size)
    backward = [Int](repeating: 0, count: size)
  }

  /// Compares two ranges. The stack of what is still to do is a list: no text can exhaust memory by
  /// its depth.
  mutating func compare(_ old: Range<Int>, _ new: Range<Int>) {
    var ahead = [(old, new)]
    while let (left, right) = ahead.popLast() {
      let (a, b) = trimmed(left, right)
      if a.isEmpty && b.isEmpty { continue }
      guard !a.isEmpty, !b.isEmpty, let middle = middle(a, b) else {
        note(a, b)
        continue
      }
      // The first half is looked at first.
      ahead.append((middle.old..<a.upperBound, middle.new..<b.upperBound))
      ahead.append((a.lowerBound..<middle.old, b.lowerBound..<middle.new))
    }
  }

  private mutating func note(_ a: Range<Int>, _ b: Range<Int>) {
    if let last = changes.last, last.old.upperBound == a.lowerBound,
      last.new.upperBound == b.lowerBound
    {
      changes[changes.count - 1] = LineChange(
        old: last.old.lowerBound..<a.upperBound, new: last.new.lowerBound..<b.upperBound)
    } else {
      changes.append(LineChange(old: a, new: b))
    }
  }

  private func trimmed(_ a: Range<Int>, _ b: Range<Int>) -> (Range<Int>, Range<Int>) {
    var (first, start) = (a.lowerBound, b.lowerBound)
    var (last, end) = (a.upperBound, b.upperBound)
    while first < last, start < end, old[first] == new[start] {
      (first, start) = (first + 1, start + 1)
    }
    while first < last, start < end, old[last - 1] == new[end - 1] {
      (last, end) = (last - 1, end - 1)
    }
    return (first..<last, start..<end)
  }

  /// A point on a shortest way through the two ranges, neither its start nor its end; nil if there
  /// is none but to replace all, or if it is too costly to find.
  private mutating func middle(_ a: Range<Int>, _ b: Range<Int>) -> (old: Int, new: Int)? {
    let (n, m) = (a.count, b.count)
    let delta = n - m
    let isOdd = delta % 2 != 0
    let limit = (n + m + 1) / 2
    let offset = limit + 1
    for d in 0...limit {
      work += 2 * d + 2
      guard work < Self.workLimit else { return nil }
      for k in stride(from: -d, through: d, by: 2) {
        var x = Self.step(forward, k, d, offset)
        while x >= 0, x < n, x - k >= 0, x - k < m,
          old[a.lowerBound + x] == new[b.lowerBound + x - k]
        {
          x += 1
        }
        // Ways that leave the texts lead nowhere.
        forward[offset + k] = x > n || x - k > m ? Self.nowhere : x
        if isOdd, x >= 0, x <= n, x - k <= m, abs(delta - k) < d,
          x + backward[offset + delta - k] >= n
        {
          return point(a, b, x, x - k)
        }
      }
      for k in stride(from: -d, through: d, by: 2) {
        var x = Self.step(backward, k, d, offset)
        while x >= 0, x < n, x - k >= 0, x - k < m,
          old[a.upperBound - 1 - x] == new[b.upperBound - 1 - (x - k)]
        {
          x += 1
        }
        backward[offset + k] = x > n || x - k > m ? Self.nowhere : x
        if !isOdd, x >= 0, x <= n, x - k <= m, abs(delta - k) <= d,
          x + forward[offset + delta - k] >= n
        {
          return point(a, b, n - x, m - (x - k))
        }
      }
    }
    return nil
  }

  private static let nowhere = -(1 << 40)

  /// How far the way on diagonal `k` comes with `d` differences, before it slides along equal
  /// lines.
  private static func step(_ reached: [Int], _ k: Int, _ d: Int, _ offset: Int) -> Int {
    if d == 0 { return 0 }
    if k == -d { return reached[offset + k + 1] }
    if k == d { return reached[offset + k - 1] + 1 }
    return max(reached[offset + k + 1], reached[offset + k - 1] + 1)
  }

  private func point(
    _ a: Range<Int>, _ b: Range<Int>, _ x: Int, _ y: Int
  ) -> (old: Int, new: Int)? {
    guard (0...a.count).contains(x), (0...b.count).contains(y) else { return nil }
    // A corner would cut nothing off.
    if (x == 0 && y == 0) || (x == a.count && y == b.count) { return nil }
    return (a.lowerBound + x, b.lowerBound + y)
  }
}
