/// What two hosts' canonical texts of one group do not have in common.
package struct ConfigurationDifference: Hashable, Sendable {
  /// Lines of this host's text alone, in its order.
  package let onlyHere: [String]
  /// Lines of the other host's text alone, in its order.
  package let onlyThere: [String]
  /// Lines that both have, in another order.
  package let moved: [String]

  package init(here: String, there: String) {
    let (old, new) = (TextLines(Array(here.utf8)), TextLines(Array(there.utf8)))
    var (gone, come): ([String], [String]) = ([], [])
    for hunk in lineDiff(old, new) {
      gone += hunk.old.map { Self.line(old[$0]) }
      come += hunk.new.map { Self.line(new[$0]) }
    }
    let (left, right) = (Set(gone), Set(come))
    onlyHere = gone.filter { !right.contains($0) }
    onlyThere = come.filter { !left.contains($0) }
    moved = gone.filter { right.contains($0) }
  }

  private static func line(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.prefix { $0 != lineFeed }, as: UTF8.self)
  }

  /// In one line, the first of each kind by name; escaped.
  package func words(peer: String) -> String {
    [
      Self.list("only here", onlyHere), Self.list("only on \(peer)", onlyThere),
      Self.list("in another order", moved),
    ].compactMap { $0 }.joined(separator: "; ")
  }

  private static func list(_ title: String, _ lines: [String]) -> String? {
    guard !lines.isEmpty else { return nil }
    let shown = lines.prefix(3).map { "`\(escaped($0))`" }.joined(separator: ", ")
    return "\(title): \(shown)" + (lines.count > 3 ? " and \(lines.count - 3) more" : "")
  }
}
