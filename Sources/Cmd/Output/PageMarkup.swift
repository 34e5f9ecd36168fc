import Model

/// A piece of a page. Literals are markup; every value that is put in is escaped, unless it is
/// markup itself. So no name and no line of a file can become more than text.
struct PageMarkup: ExpressibleByStringInterpolation {
  private(set) var text: String

  init(stringLiteral text: StringLiteralType) { self.text = text }
  init(stringInterpolation pieces: StringInterpolation) { text = pieces.text }

  /// A line of a file, without its line feed.
  init(line: some Collection<UInt8>) { text = htmlLine(line) }

  /// Markup that was put together elsewhere from trusted parts: the style sheet.
  init(trusted text: String) { self.text = text }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate(set) var text = ""

    init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

    mutating func appendLiteral(_ literal: String) { text += literal }
    mutating func appendInterpolation(_ markup: PageMarkup) { text += markup.text }
    /// Words whose names were escaped before.
    mutating func appendInterpolation(_ words: String) { text += htmlText(words) }
    /// A name that was not.
    mutating func appendInterpolation(name: some Collection<UInt8>) { text += htmlText(name) }
    mutating func appendInterpolation(_ number: some BinaryInteger) { text += "\(number)" }
  }

  static func + (left: PageMarkup, right: PageMarkup) -> PageMarkup { "\(left)\(right)" }
  static func += (left: inout PageMarkup, right: PageMarkup) { left.text += right.text }
}

extension Sequence<PageMarkup> {
  func joined() -> PageMarkup { reduce(into: "") { $0 += $1 } }
}
