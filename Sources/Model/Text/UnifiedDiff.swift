/// Two texts as `diff -u` shows them; empty if they are equal. `patch` makes the new text of the
/// old one with it.
///
/// Labels are escaped; the lines are as they are: whoever prints them has to see to control bytes.
package func unifiedDiff(
  old: [UInt8], new: [UInt8], oldLabel: String, newLabel: String, context: Int = 3
) -> [UInt8] {
  let (oldText, newText) = (TextLines(old), TextLines(new))
  let hunks = lineDiff(oldText, newText)
  guard !hunks.isEmpty else { return [] }
  var out = Array("--- \(escaped(oldLabel))\n+++ \(escaped(newLabel))\n".utf8)
  for group in grouped(hunks, context: context) {
    let range = group.surroundings(context, oldText.count, newText.count)
    out += "@@ -\(rangeText(range.old)) +\(rangeText(range.new)) @@\n".utf8
    var done = range.old.lowerBound
    for hunk in group {
      append(" ", oldText, done..<hunk.old.lowerBound, to: &out)
      append("-", oldText, hunk.old, to: &out)
      append("+", newText, hunk.new, to: &out)
      done = hunk.old.upperBound
    }
    append(" ", oldText, done..<range.old.upperBound, to: &out)
  }
  return out
}

/// Hunks whose context would touch or overlap stand together.
func grouped(_ hunks: [Hunk], context: Int) -> [ArraySlice<Hunk>] {
  var groups: [ArraySlice<Hunk>] = []
  var start = 0
  for index in hunks.indices.dropFirst() {
    let common = hunks[index].old.lowerBound - hunks[index - 1].old.upperBound
    if common > 2 * max(0, context) {
      groups.append(hunks[start..<index])
      start = index
    }
  }
  if start < hunks.count { groups.append(hunks[start...]) }
  return groups
}

extension ArraySlice<Hunk> {
  /// The lines of both texts from the context before the first hunk to that behind the last.
  func surroundings(_ context: Int, _ oldCount: Int, _ newCount: Int) -> Hunk {
    guard let first, let last else { return Hunk(old: 0..<0, new: 0..<0) }
    let before = Swift.min(Swift.max(0, context), first.old.lowerBound)
    let after = Swift.min(Swift.max(0, context), oldCount - last.old.upperBound)
    return Hunk(
      old: first.old.lowerBound - before..<last.old.upperBound + after,
      new: first.new.lowerBound - before..<last.new.upperBound + after)
  }
}

/// `start,count`; only `start` for one line; for none the line before.
private func rangeText(_ range: Range<Int>) -> String {
  switch range.count {
  case 0: "\(range.lowerBound),0"
  case 1: "\(range.lowerBound + 1)"
  default: "\(range.lowerBound + 1),\(range.count)"
  }
}

private func append(
  _ mark: Unicode.Scalar, _ text: TextLines, _ lines: Range<Int>, to out: inout [UInt8]
) {
  for index in lines {
    out.append(UInt8(ascii: mark))
    out += text[index]
    if text[index].last != lineFeed { out += "\n\\ No newline at end of file\n".utf8 }
  }
}
