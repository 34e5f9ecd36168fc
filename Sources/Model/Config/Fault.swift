/// What is wrong with a configuration, where, and what to write instead.
///
/// Message and remedy are lower case and escaped; the source line is escaped, and long ones are cut
/// round the fault.
package struct Fault: Hashable, Sendable, Error {
  /// Where it begins.
  package let position: SourcePosition
  /// What is wrong.
  package let message: String
  /// What the reader can do; empty if the message says it all.
  package let remedy: String
  /// The line as it can be printed; empty if it is not known.
  package let sourceLine: String
  /// How many characters of `sourceLine` stand before the fault.
  package let caret: Int

  /// A fault at `position`, which shows its line if `source` holds it.
  package init(
    _ position: SourcePosition, _ message: String, remedy: String = "", source: Source? = nil
  ) {
    self.position = position
    self.message = message
    self.remedy = remedy
    let line = source?.line(position.line) ?? []
    let (text, caret) = Self.excerpt(of: line, at: position.column - 1)
    self.sourceLine = text
    self.caret = caret
  }

  /// Bytes of a line that are shown on each side of the fault.
  private static let reach = 60

  private static func excerpt(of line: ArraySlice<UInt8>, at offset: Int) -> (String, Int) {
    let place = line.startIndex + min(max(offset, 0), line.count)
    let from = max(place - reach, line.startIndex)
    let to = min(place + reach, line.endIndex)
    let before = (from > line.startIndex ? "..." : "") + escaped(blanked(line[from..<place]))
    let after = escaped(blanked(line[place..<to])) + (to < line.endIndex ? "..." : "")
    return (before + after, before.count)
  }

  /// A tab becomes one blank: escaped as `\t` it would make indented lines hard to read.
  private static func blanked(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    bytes.map { $0 == UInt8(ascii: "\t") ? UInt8(ascii: " ") : $0 }
  }
}

extension Fault: CustomStringConvertible {
  /// Three lines: `FILE:LINE:COLUMN: message; remedy`, the source line, a caret under the place.
  /// Only the first if the source line is not known.
  package var description: String {
    guard !sourceLine.isEmpty else { return head }
    return head + "\n  " + sourceLine + "\n  " + String(repeating: " ", count: caret) + "^"
  }

  /// Its first line: where, what, and what to write.
  package var head: String {
    "\(position): \(message)" + (remedy.isEmpty ? "" : "; " + remedy)
  }
}
