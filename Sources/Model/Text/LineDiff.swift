/// Lines of an old text that other lines replace. Either range may be empty, not both.
package struct Hunk: Hashable, Sendable {
  package var old: Range<Int>
  package var new: Range<Int>

  package init(old: Range<Int>, new: Range<Int>) {
    self.old = old
    self.new = new
  }
}

/// What differs between two texts: the hunks in order, with a common line between any two.
///
/// The script is minimal (Myers, *An O(ND) Difference Algorithm*, in linear space) as long as the
/// search stays within `DiffSearch.workLimit`; beyond it what is left is replaced as a whole. Where
/// equal lines leave a choice, an insertion or a deletion stands as far down as it can.
///
/// The same two texts give the same script on every host and in every release: what merges
/// make of it has to be equal everywhere. A change here changes merged bytes, so there is none.
package func lineDiff(_ old: TextLines, _ new: TextLines) -> [Hunk] {
  var table = LineTable()
  return lineDiff(table.numbers(of: old), table.numbers(of: new))
}

/// The same for lines as numbers.
func lineDiff(_ old: [Int], _ new: [Int]) -> [Hunk] {
  var search = DiffSearch(old, new)
  search.run()
  return slidDown(search.hunks, old, new)
}

/// How a hunk that only inserts or only removes could stand elsewhere with the same outcome: all
/// that equals lines around it leaves open.
private struct Slide {
  let old: [Int]
  let new: [Int]

  /// Whether the line behind the hunk equals its first one, so that it may move down by one.
  func canMoveDown(_ hunk: Hunk) -> Bool {
    if hunk.old.isEmpty {
      return hunk.new.upperBound < new.count && new[hunk.new.lowerBound] == new[hunk.new.upperBound]
    }
    guard hunk.new.isEmpty, hunk.old.upperBound < old.count else { return false }
    return old[hunk.old.lowerBound] == old[hunk.old.upperBound]
  }

  /// Whether the line before the hunk equals its last one, so that it may move up by one.
  func canMoveUp(_ hunk: Hunk) -> Bool {
    if hunk.old.isEmpty {
      let (low, high) = (hunk.new.lowerBound, hunk.new.upperBound)
      return low > 0 && high > low && new[low - 1] == new[high - 1]
    }
    let (low, high) = (hunk.old.lowerBound, hunk.old.upperBound)
    return hunk.new.isEmpty && low > 0 && old[low - 1] == old[high - 1]
  }
}

extension Hunk {
  fileprivate func moved(by lines: Int) -> Hunk {
    Hunk(
      old: old.lowerBound + lines..<old.upperBound + lines,
      new: new.lowerBound + lines..<new.upperBound + lines)
  }
}

/// Moves insertions and deletions down as far as equal lines allow; what then touches becomes one.
private func slidDown(_ hunks: [Hunk], _ old: [Int], _ new: [Int]) -> [Hunk] {
  let slide = Slide(old: old, new: new)
  var below: [Hunk] = []
  for hunk in hunks.reversed() {
    var hunk = hunk
    while true {
      if let next = below.last, hunk.old.upperBound == next.old.lowerBound,
        hunk.new.upperBound == next.new.lowerBound
      {
        below.removeLast()
        hunk = Hunk(
          old: hunk.old.lowerBound..<next.old.upperBound,
          new: hunk.new.lowerBound..<next.new.upperBound)
      } else if slide.canMoveDown(hunk) {
        hunk = hunk.moved(by: 1)
      } else {
        break
      }
    }
    below.append(hunk)
  }
  return below.reversed()
}

/// For each hunk the first old line that it could touch if it stood further up, with the same
/// outcome.
func reaches(_ hunks: [Hunk], _ old: [Int], _ new: [Int]) -> [Int] {
  let slide = Slide(old: old, new: new)
  var floor = 0
  return hunks.map { hunk in
    var moved = hunk
    while moved.old.lowerBound > floor, slide.canMoveUp(moved) { moved = moved.moved(by: -1) }
    floor = hunk.old.upperBound
    return moved.old.lowerBound
  }
}
