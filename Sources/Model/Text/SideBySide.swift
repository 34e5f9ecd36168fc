/// One line of two texts that stand beside each other.
package struct SideBySideRow: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case same, changed, removed, added
    /// Equal lines were left out here.
    case gap
  }

  package var kind: Kind
  /// Counted from 1; nil if the line is not in that text.
  package var oldNumber: Int?
  package var newNumber: Int?
  package var old: [UInt8]
  package var new: [UInt8]
}

/// Two texts beside each other: the places where they differ, with some equal lines round them.
package func sideBySide(old: [UInt8], new: [UInt8], context: Int = 3) -> [SideBySideRow] {
  let all = Lines.number([old, new])
  let (left, right) = (all[0], all[1])
  var out: [SideBySideRow] = []
  func same(_ old: Range<Int>, _ shift: Int) {
    for place in old {
      out.append(
        SideBySideRow(
          kind: .same, oldNumber: place + 1, newNumber: place + shift + 1,
          old: Array(left.lines[place]), new: Array(left.lines[place])))
    }
  }
  var end = 0
  for hunk in hunks(lineDiff(left.numbers, right.numbers), left.count, context) {
    if hunk.old.lowerBound > end {
      out.append(SideBySideRow(kind: .gap, oldNumber: nil, newNumber: nil, old: [], new: []))
    }
    var next = hunk.old.lowerBound
    var shift = hunk.new.lowerBound - hunk.old.lowerBound
    for change in hunk.changes {
      same(next..<change.old.lowerBound, shift)
      out += rows(change, left, right)
      next = change.old.upperBound
      shift += change.new.count - change.old.count
    }
    same(next..<hunk.old.upperBound, shift)
    end = hunk.old.upperBound
  }
  if !out.isEmpty, end < left.count {
    out.append(SideBySideRow(kind: .gap, oldNumber: nil, newNumber: nil, old: [], new: []))
  }
  return out
}

private func rows(_ change: LineChange, _ left: Lines, _ right: Lines) -> [SideBySideRow] {
  (0..<max(change.old.count, change.new.count)).map { place in
    let old = place < change.old.count ? change.old.lowerBound + place : nil
    let new = place < change.new.count ? change.new.lowerBound + place : nil
    return SideBySideRow(
      kind: old == nil ? .added : (new == nil ? .removed : .changed),
      oldNumber: old.map { $0 + 1 }, newNumber: new.map { $0 + 1 },
      old: old.map { Array(left.lines[$0]) } ?? [], new: new.map { Array(right.lines[$0]) } ?? [])
  }
}
