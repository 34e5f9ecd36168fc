import Glibc

/// A page of the specification, for tests that hold the code to its tables.
package struct SessionPage {
  package let text: String

  /// A file from the root of the repository; empty if it is not there.
  package init(_ path: String) {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    guard let file = fopen(parts.joined(separator: "/") + "/" + path, "r") else {
      text = ""
      return
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&block, 1, block.count, file)
      if count == 0 { break }
      bytes += block[..<count]
    }
    text = String(decoding: bytes, as: UTF8.self)
  }

  /// The cells of every table row below a heading, without blanks and back quotes round them. Heads
  /// and rules are left out.
  package func rows(under heading: String) -> [[String]] {
    var out: [[String]] = []
    var isWithin = false
    var isBody = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("#") { isWithin = line.drop { $0 == "#" || $0 == " " } == heading }
      guard isWithin, line.hasPrefix("|") else {
        isBody = false
        continue
      }
      if line.hasPrefix("|---") { isBody = true } else if isBody { out.append(cells(line)) }
    }
    return out
  }

  private func cells(_ line: Substring) -> [String] {
    line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast().map {
      cell in
      var cell = cell.drop { $0 == " " }
      while cell.last == " " { cell.removeLast() }
      if cell.count > 1, cell.first == "`", cell.last == "`" { cell = cell.dropFirst().dropLast() }
      return String(cell)
    }
  }
}
