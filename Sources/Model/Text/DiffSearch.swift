/// The search for the lines that two texts have in common, as many as possible.
///
/// Common ends are cut off, lines that only one side has are out at once, and the rest is
/// halved at the middle of a shortest script until nothing is left. No recursion; memory grows with
/// the number of lines; the work is counted and bounded, alike on every host.
struct DiffSearch {
  /// Steps after which the rest counts as replaced.
  static let workLimit = 1 << 23

  private let old: [Int]
  private let new: [Int]
  private var isOldChanged: [Bool]
  private var isNewChanged: [Bool]

  // What is left to compare: lines that both sides have, and where they stand.
  private var left: [Int] = []
  private var right: [Int] = []
  private var leftPlaces: [Int] = []
  private var rightPlaces: [Int] = []

  // How far a script of some length gets on each diagonal, from the start and from the end.
  private var forward: [Int] = []
  private var backward: [Int] = []
  private var work = 0

  private struct Box {
    var x: Range<Int>
    var y: Range<Int>
  }

  init(_ old: [Int], _ new: [Int]) {
    self.old = old
    self.new = new
    isOldChanged = Array(repeating: false, count: old.count)
    isNewChanged = Array(repeating: false, count: new.count)
  }

  mutating func run() {
    collect()
    forward = Array(repeating: 0, count: left.count + right.count + 3)
    backward = forward
    var boxes = [Box(x: 0..<left.count, y: 0..<right.count)]
    while let next = boxes.popLast() {
      let box = trimmed(next)
      if !box.x.isEmpty, !box.y.isEmpty, let (x, y) = middle(of: box) {
        boxes.append(Box(x: x..<box.x.upperBound, y: y..<box.y.upperBound))
        boxes.append(Box(x: box.x.lowerBound..<x, y: box.y.lowerBound..<y))
      } else {
        for x in box.x { isOldChanged[leftPlaces[x]] = true }
        for y in box.y { isNewChanged[rightPlaces[y]] = true }
      }
    }
  }

  /// What was found, in order.
  var hunks: [Hunk] {
    var out: [Hunk] = []
    var (x, y) = (0, 0)
    while x < old.count || y < new.count {
      let (fromX, fromY) = (x, y)
      while x < old.count, isOldChanged[x] { x += 1 }
      while y < new.count, isNewChanged[y] { y += 1 }
      if x > fromX || y > fromY {
        out.append(Hunk(old: fromX..<x, new: fromY..<y))
      } else {
        x += 1
        y += 1
      }
    }
    return out
  }

  /// Takes the common ends and the lines of one side alone away.
  private mutating func collect() {
    var start = 0
    while start < old.count, start < new.count, old[start] == new[start] { start += 1 }
    var end = 0
    while end < old.count - start, end < new.count - start,
      old[old.count - 1 - end] == new[new.count - 1 - end]
    {
      end += 1
    }
    let (oldPart, newPart) = (start..<old.count - end, start..<new.count - end)
    let (oldLines, newLines) = (Set(old[oldPart]), Set(new[newPart]))
    for place in oldPart {
      if newLines.contains(old[place]) {
        left.append(old[place])
        leftPlaces.append(place)
      } else {
        isOldChanged[place] = true
      }
    }
    for place in newPart {
      if oldLines.contains(new[place]) {
        right.append(new[place])
        rightPlaces.append(place)
      } else {
        isNewChanged[place] = true
      }
    }
  }

  private func trimmed(_ box: Box) -> Box {
    var (x, y) = (box.x.lowerBound, box.y.lowerBound)
    var (endX, endY) = (box.x.upperBound, box.y.upperBound)
    while x < endX, y < endY, left[x] == right[y] {
      x += 1
      y += 1
    }
    while x < endX, y < endY, left[endX - 1] == right[endY - 1] {
      endX -= 1
      endY -= 1
    }
    return Box(x: x..<endX, y: y..<endY)
  }

  /// The diagonals that a search has reached: every second one from `low` to `high`.
  private struct Span {
    var low: Int
    var high: Int

    /// Widens by one to each side; at an edge of the box it narrows instead, to keep the parity.
    mutating func widen(within edges: ClosedRange<Int>) -> (low: Bool, high: Bool) {
      let grows = (low: low > edges.lowerBound, high: high < edges.upperBound)
      low += grows.low ? -1 : 1
      high += grows.high ? 1 : -1
      return grows
    }
  }

  /// A point in the middle of a shortest script through the box, whose both sides are not empty and
  /// share neither the first nor the last line; nil if the work is used up.
  private mutating func middle(of box: Box) -> (x: Int, y: Int)? {
    let edges = box.x.lowerBound - box.y.upperBound...box.x.upperBound - box.y.lowerBound
    // The place of diagonal 0; one more at each end for what no script has reached.
    let zero = right.count + 1
    var ahead = Span(
      low: box.x.lowerBound - box.y.lowerBound, high: box.x.lowerBound - box.y.lowerBound)
    var behind = Span(
      low: box.x.upperBound - box.y.upperBound, high: box.x.upperBound - box.y.upperBound)
    let isOdd = (ahead.low - behind.low) & 1 != 0
    forward[zero + ahead.low] = box.x.lowerBound
    backward[zero + behind.low] = box.x.upperBound
    while work < Self.workLimit {
      var grows = ahead.widen(within: edges)
      if grows.low { forward[zero + ahead.low - 1] = -1 }
      if grows.high { forward[zero + ahead.high + 1] = -1 }
      for diagonal in stride(from: ahead.high, through: ahead.low, by: -2) {
        let x = advance(zero + diagonal, diagonal, box)
        if isOdd, behind.low <= diagonal, diagonal <= behind.high, backward[zero + diagonal] <= x {
          return inside(box, x, x - diagonal)
        }
      }
      grows = behind.widen(within: edges)
      if grows.low { backward[zero + behind.low - 1] = Int.max }
      if grows.high { backward[zero + behind.high + 1] = Int.max }
      for diagonal in stride(from: behind.high, through: behind.low, by: -2) {
        let x = retreat(zero + diagonal, diagonal, box)
        if !isOdd, ahead.low <= diagonal, diagonal <= ahead.high, x <= forward[zero + diagonal] {
          return inside(box, x, x - diagonal)
        }
      }
    }
    return nil
  }

  private mutating func advance(_ place: Int, _ diagonal: Int, _ box: Box) -> Int {
    var x = max(forward[place - 1] + 1, forward[place + 1])
    let start = x
    while x < box.x.upperBound, x - diagonal < box.y.upperBound, left[x] == right[x - diagonal] {
      x += 1
    }
    forward[place] = x
    work += x - start + 1
    return x
  }

  private mutating func retreat(_ place: Int, _ diagonal: Int, _ box: Box) -> Int {
    var x = min(backward[place - 1], backward[place + 1] - 1)
    let start = x
    while x > box.x.lowerBound, x - diagonal > box.y.lowerBound,
      left[x - 1] == right[x - diagonal - 1]
    {
      x -= 1
    }
    backward[place] = x
    work += start - x + 1
    return x
  }

  /// A point of the box that makes both halves smaller than it is; nil for any other.
  private func inside(_ box: Box, _ x: Int, _ y: Int) -> (x: Int, y: Int)? {
    guard box.x.lowerBound <= x, x <= box.x.upperBound, box.y.lowerBound <= y,
      y <= box.y.upperBound
    else { return nil }
    let isStart = x == box.x.lowerBound && y == box.y.lowerBound
    let isEnd = x == box.x.upperBound && y == box.y.upperBound
    return isStart || isEnd ? nil : (x, y)
  }
}
