/// The difference of two texts as `diff -u` writes it; empty if there is none.
///
/// - Parameters:
///   - labels: What stands behind `---` and `+++`, without a line feed.
///   - context: Equal lines round each change.
/// - Returns: Lines with their line feeds.
package func unifiedDiff(
  old: [UInt8], new: [UInt8], labels: (old: String, new: String), context: Int = 3
) -> [[UInt8]] {
  let all = Lines.number([old, new])
  let (left, right) = (all[0], all[1])
  let changes = lineDiff(left.numbers, right.numbers)
  guard !changes.isEmpty else { return [] }
  var out = [Array("--- \(labels.old)\n".utf8), Array("+++ \(labels.new)\n".utf8)]
  for hunk in hunks(changes, left.count, context) {
    out.append(Array("@@ -\(span(hunk.old)) +\(span(hunk.new)) @@\n".utf8))
    var next = hunk.old.lowerBound
    for change in hunk.changes {
      for line in left.lines[next..<change.old.lowerBound] { out += marked(" ", line) }
      for line in left.lines[change.old] { out += marked("-", line) }
      for line in right.lines[change.new] { out += marked("+", line) }
      next = change.old.upperBound
    }
    for line in left.lines[next..<hunk.old.upperBound] { out += marked(" ", line) }
  }
  return out
}

/// Changes whose contexts touch, with the lines of both texts that they span.
struct Hunk {
  var old: Range<Int>
  var new: Range<Int>
  var changes: [LineChange]
}

/// - Parameter count: Lines of the old text.
func hunks(_ changes: [LineChange], _ count: Int, _ context: Int) -> [Hunk] {
  var out: [Hunk] = []
  for change in changes {
    let before = min(context, change.old.lowerBound)
    let after = min(context, count - change.old.upperBound)
    let old = (change.old.lowerBound - before)..<(change.old.upperBound + after)
    let new = (change.new.lowerBound - before)..<(change.new.upperBound + after)
    if let last = out.last, last.old.upperBound >= old.lowerBound {
      out[out.count - 1] = Hunk(
        old: last.old.lowerBound..<old.upperBound, new: last.new.lowerBound..<new.upperBound,
        changes: last.changes + [change])
    } else {
      out.append(Hunk(old: old, new: new, changes: [change]))
    }
  }
  return out
}

/// As the header of a hunk counts: `14`, `14,3`, `13,0`.
private func span(_ range: Range<Int>) -> String {
  switch range.count {
  case 0: "\(range.lowerBound),0"
  case 1: "\(range.lowerBound + 1)"
  default: "\(range.lowerBound + 1),\(range.count)"
  }
}

private func marked(_ mark: Character, _ line: ArraySlice<UInt8>) -> [[UInt8]] {
  let text = Array(String(mark).utf8) + line
  return line.last == 0x0A
    ? [text] : [text + [0x0A], Array("\\ No newline at end of file\n".utf8)]
}
