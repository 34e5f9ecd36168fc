/// A place in a configuration file. Lines and columns count from 1; a column is a byte.
package struct SourcePosition: Hashable, Sendable {
  /// The file as it was named, not escaped.
  package var file: String
  /// From 1.
  package var line: Int
  /// From 1, in bytes; a byte order mark does not count.
  package var column: Int

  package init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }
}

extension SourcePosition: CustomStringConvertible {
  /// `FILE:LINE:COLUMN`, escaped.
  package var description: String { "\(escaped(file)):\(line):\(column)" }
}

/// A value together with the place where it is written.
package struct Located<Value: Hashable & Sendable>: Hashable, Sendable {
  /// What is written.
  package var value: Value
  /// Where it begins.
  package var position: SourcePosition

  package init(_ value: Value, _ position: SourcePosition) {
    self.value = value
    self.position = position
  }
}

/// One configuration file as it was read, kept so that a fault can show its line.
package struct Source: Hashable, Sendable {
  /// The file as it was named, not escaped.
  package let file: String
  /// As read.
  package let bytes: [UInt8]
  // The offset of each line's first byte; the first stands behind a byte order mark.
  private let lineStarts: [Int]

  package init(file: String, bytes: [UInt8]) {
    self.file = file
    self.bytes = bytes
    var starts = [bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      starts.append(offset + 1)
    }
    lineStarts = starts
  }

  /// The offset of the first byte that is no byte order mark.
  var start: Int { lineStarts.first ?? 0 }

  /// The position of the byte at `offset`; the end of the file counts as a byte.
  func position(at offset: Int) -> SourcePosition {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    let start = low < lineStarts.count ? lineStarts[low] : 0
    return SourcePosition(file: file, line: low + 1, column: max(offset - start, 0) + 1)
  }

  /// The bytes of a line without its end; empty if there is no such line.
  func line(_ number: Int) -> ArraySlice<UInt8> {
    guard number >= 1, number <= lineStarts.count else { return [] }
    let start = lineStarts[number - 1]
    let end = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
    guard start <= end else { return [] }
    let line = bytes[start..<end]
    return line.last == UInt8(ascii: "\r") ? line.dropLast() : line
  }
}
