import Model

/// Texts of a report: two side by side, or one alone. On a narrow screen two columns become one.
enum ReportDiff {
  /// Rows of one comparison, and lines of a text that stands alone.
  private static let rowLimit = 400
  private static let aloneLimit = 60
  /// Bytes of a line.
  private static let byteLimit = 600

  /// - Parameters: each text with its label, which is escaped.
  static func pair(
    _ old: (label: String, bytes: [UInt8]), _ new: (label: String, bytes: [UInt8])
  ) -> PageMarkup {
    let rows = sideBySide(old: old.bytes, new: new.bytes)
    let shown = rows.prefix(rowLimit).map { row($0) }.joined()
    let head: PageMarkup = """
      <tr><th scope="col" colspan="2"><span class="mark">−</span>\(old.label)</th>\
      <th scope="col" colspan="2"><span class="mark">+</span>\(new.label)</th></tr>
      """
    return """
      <div class="diff"><table><colgroup><col class="n"><col><col class="n"><col></colgroup>\
      <thead>\(head)</thead><tbody>\(shown)</tbody></table></div>\
      \(cut(rows.count - rowLimit, "row"))
      """
  }

  static func single(_ label: String, _ bytes: [UInt8]) -> PageMarkup {
    let text = TextLines(bytes)
    let rows = (0..<min(text.count, aloneLimit)).map { index -> PageMarkup in
      "<tr class=\"same\"><td class=\"n\">\(index + 1)</td><td>\(line(text[index]))</td></tr>"
    }
    return """
      <div class="diff alone"><table><colgroup><col class="n"><col></colgroup>\
      <thead><tr><th scope="col" colspan="2">\(label)</th></tr>\
      </thead><tbody>\(rows.joined())</tbody></table></div>\
      \(cut(text.count - aloneLimit, "line"))
      """
  }

  private static func cut(_ count: Int, _ what: String) -> PageMarkup {
    guard count > 0 else { return "" }
    return "<p class=\"note\">\(counted(count, "more \(what)")) left out here.</p>"
  }

  private static func row(_ row: SideBySideRow) -> PageMarkup {
    let oldNumber = row.oldNumber.map { "\($0)" } ?? ""
    let newNumber = row.newNumber.map { "\($0)" } ?? ""
    let kind: PageMarkup
    var (old, new) = (line(row.old), line(row.new))
    switch row.kind {
    case .gap(let count):
      return """
        <tr class="gap"><td colspan="4">\(counted(count, "equal line"))</td></tr>
        """
    case .same: kind = "same"
    case .changed:
      kind = "changed"
      (old, new) = marked(row.old, row.new)
      old = "<span class=\"mark\">−</span>" + old
      new = "<span class=\"mark\">+</span>" + new
    case .removed:
      kind = "removed"
      old = "<span class=\"mark\">−</span>" + old
    case .added:
      kind = "added"
      new = "<span class=\"mark\">+</span>" + new
    }
    return """
      <tr class="\(kind)"><td class="n">\(oldNumber)</td><td class="old">\(old)</td>\
      <td class="n">\(newNumber)</td><td class="new">\(new)</td></tr>
      """
  }

  /// A line without its line feed; that one is missing is said.
  private static func line(_ bytes: ArraySlice<UInt8>) -> PageMarkup {
    guard !bytes.isEmpty else { return "" }
    return part(bytes, of: bytes) + ending(bytes)
  }

  private static func part(_ bytes: ArraySlice<UInt8>, of line: ArraySlice<UInt8>) -> PageMarkup {
    let text = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes
    return PageMarkup(line: text.prefix(byteLimit))
      + (text.count > byteLimit ? "<i>… \(text.count - byteLimit) more bytes</i>" : "")
  }

  private static func ending(_ bytes: ArraySlice<UInt8>) -> PageMarkup {
    bytes.last == UInt8(ascii: "\n") ? "" : "<i class=\"end\">no line feed</i>"
  }

  /// Two lines with what is between their common ends marked.
  private static func marked(
    _ old: ArraySlice<UInt8>, _ new: ArraySlice<UInt8>
  ) -> (PageMarkup, PageMarkup) {
    let (a, b) = (Array(old), Array(new))
    var start = 0
    while start < min(a.count, b.count), a[start] == b[start] { start += 1 }
    var end = 0
    while end < min(a.count, b.count) - start, a[a.count - 1 - end] == b[b.count - 1 - end] {
      end += 1
    }
    // No character is cut in two.
    while start > 0, isInside(a, start) || isInside(b, start) { start -= 1 }
    while end > 0, isInside(a, a.count - end) || isInside(b, b.count - end) { end -= 1 }
    guard a.count + b.count <= 2 * byteLimit, start + end > 0 else { return (line(old), line(new)) }
    return (marked(a, start, a.count - end), marked(b, start, b.count - end))
  }

  private static func isInside(_ bytes: [UInt8], _ place: Int) -> Bool {
    place < bytes.count && bytes[place] & 0xC0 == 0x80
  }

  private static func marked(_ bytes: [UInt8], _ start: Int, _ end: Int) -> PageMarkup {
    let middle = bytes[start..<max(start, end)]
    let mark: PageMarkup =
      middle.isEmpty || middle == [0x0A] ? "" : "<mark>\(part(middle, of: middle))</mark>"
    return PageMarkup(line: bytes[..<start]) + mark
      + part(bytes[max(start, end)...], of: bytes[...])
      + ending(bytes[...])
  }
}
