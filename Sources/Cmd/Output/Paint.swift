/// Colours for people; nothing without a terminal.
struct Paint {
  enum Colour: Int { case red = 31, green, yellow }

  let isOn: Bool

  func callAsFunction(_ text: String, _ colour: Colour?) -> String {
    guard isOn, let colour, !text.isEmpty else { return text }
    return "\u{1b}[\(colour.rawValue)m\(text)\u{1b}[0m"
  }
}

/// A cell of a table on the screen.
struct Cell: ExpressibleByStringInterpolation {
  var text: String
  var colour: Paint.Colour?

  init(_ text: String, _ colour: Paint.Colour? = nil) {
    self.text = text
    self.colour = colour
  }

  init(stringLiteral text: String) { self.init(text) }
}

enum Columns {
  /// Wider cells stand out of their column, so that one long name does not push all others away.
  private static let widest = 44

  /// One line a row, cells under each other.
  static func text(_ rows: [[Cell]], indent: String, _ paint: Paint) -> String {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in
      let lengths = rows.compactMap { column < $0.count ? $0[column].text.count : nil }
      return lengths.filter { $0 <= widest }.max() ?? 0
    }
    var out = ""
    for row in rows {
      let last = row.lastIndex { !$0.text.isEmpty } ?? 0
      out += indent
      for (column, cell) in row.prefix(last + 1).enumerated() {
        out += paint(cell.text, cell.colour)
        if column < last {
          out += String(repeating: " ", count: max(0, widths[column] - cell.text.count) + 2)
        }
      }
      out += "\n"
    }
    return out
  }
}
