/// A text as its lines: byte strings, each with its line feed.
///
/// Nothing is decoded. CR LF is two bytes like others, and a last line without a line feed is
/// another line than the same with one.
package struct TextLines: Sendable {
  package let bytes: [UInt8]
  // Where each line begins, and the end of the text.
  private let bounds: [Int]

  package init(_ bytes: [UInt8]) {
    var bounds = [0]
    for (index, byte) in bytes.enumerated() where byte == lineFeed { bounds.append(index + 1) }
    if bounds.last != bytes.count { bounds.append(bytes.count) }
    self.bytes = bytes
    self.bounds = bounds
  }

  package var count: Int { bounds.count - 1 }

  /// One line, its line feed included; empty if there is no such line.
  package subscript(_ index: Int) -> ArraySlice<UInt8> {
    index < count ? self[index..<index + 1] : []
  }

  /// The bytes of several lines; those that do not exist are left out.
  package subscript(_ range: Range<Int>) -> ArraySlice<UInt8> {
    let part = range.clamped(to: 0..<count)
    return bytes[bounds[part.lowerBound]..<bounds[part.upperBound]]
  }
}

/// The byte that ends a line.
let lineFeed = UInt8(ascii: "\n")
