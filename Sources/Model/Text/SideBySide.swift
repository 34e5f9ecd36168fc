/// One row of two texts that stand side by side.
package struct SideBySideRow: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// The same line on both sides.
    case same
    /// A line on each side, one in place of the other.
    case changed
    /// Only in the old text, only in the new one.
    case removed, added
    /// This many common lines are left out here.
    case gap(Int)
  }

  package var kind: Kind
  /// Line numbers from 1; nil where a side has no line.
  package var oldNumber: Int?
  package var newNumber: Int?
  /// The lines with their line feeds.
  package var old: ArraySlice<UInt8>
  package var new: ArraySlice<UInt8>
}

/// Two texts in rows, each change with some common lines around it; no row if they are equal.
package func sideBySide(old: [UInt8], new: [UInt8], context: Int = 3) -> [SideBySideRow] {
  let (oldText, newText) = (TextLines(old), TextLines(new))
  var rows = Rows(old: oldText, new: newText)
  for group in grouped(lineDiff(oldText, newText), context: context) {
    let range = group.surroundings(context, oldText.count, newText.count)
    rows.leaveOut(to: range.old.lowerBound)
    for hunk in group {
      rows.addSame(to: hunk.old.lowerBound)
      rows.add(hunk)
    }
    rows.addSame(to: range.old.upperBound)
  }
  if !rows.rows.isEmpty { rows.leaveOut(to: oldText.count) }
  return rows.rows
}

/// The rows so far and the lines that are to come.
private struct Rows {
  let old: TextLines
  let new: TextLines
  var rows: [SideBySideRow] = []
  private var (nextOld, nextNew) = (0, 0)

  init(old: TextLines, new: TextLines) {
    self.old = old
    self.new = new
  }

  mutating func leaveOut(to end: Int) {
    let count = end - nextOld
    guard count > 0 else { return }
    rows.append(SideBySideRow(kind: .gap(count), old: [], new: []))
    nextOld += count
    nextNew += count
  }

  mutating func addSame(to end: Int) {
    while nextOld < end { add(.same, hasOld: true, hasNew: true) }
  }

  mutating func add(_ hunk: Hunk) {
    while nextOld < hunk.old.upperBound, nextNew < hunk.new.upperBound {
      add(.changed, hasOld: true, hasNew: true)
    }
    while nextOld < hunk.old.upperBound { add(.removed, hasOld: true, hasNew: false) }
    while nextNew < hunk.new.upperBound { add(.added, hasOld: false, hasNew: true) }
  }

  private mutating func add(_ kind: SideBySideRow.Kind, hasOld: Bool, hasNew: Bool) {
    var row = SideBySideRow(kind: kind, old: [], new: [])
    if hasOld {
      row.old = old[nextOld]
      nextOld += 1
      row.oldNumber = nextOld
    }
    if hasNew {
      row.new = new[nextNew]
      nextNew += 1
      row.newNumber = nextNew
    }
    rows.append(row)
  }
}
