import Glibc

/// One Swift file of this repository.
struct SourceFile {
  /// From the root of the repository: `Sources/Model/Terms/Digest.swift`.
  let path: String
  let lines: [String]
}

/// The repository that these tests were built from.
enum SourceTree {
  static let root: String = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/")
  }()

  static let sources = swiftFiles(below: "Sources")
  static let tests = swiftFiles(below: "Tests")

  static func swiftFiles(below folder: String) -> [SourceFile] {
    files(below: folder).filter { $0.hasSuffix(".swift") }.compactMap { path in
      read(path).map { SourceFile(path: path, lines: split($0)) }
    }
  }

  /// Every file below a folder, sorted.
  static func files(below folder: String) -> [String] {
    guard let directory = opendir("\(root)/\(folder)") else { return [] }
    defer { closedir(directory) }
    var out: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard !name.hasPrefix(".") else { continue }
      let path = "\(folder)/\(name)"
      if entry.pointee.d_type == UInt8(DT_DIR) {
        out += files(below: path)
      } else {
        out.append(path)
      }
    }
    return out.sorted()
  }

  static func read(_ path: String) -> String? {
    guard let file = fopen("\(root)/\(path)", "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&block, 1, block.count, file)
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += block[..<count]
    }
  }

  static func exists(_ path: String) -> Bool { access("\(root)/\(path)", F_OK) == 0 }

  private static func split(_ text: String) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    if lines.last == "" { lines.removeLast() }
    return lines
  }
}

extension SourceFile {
  /// Modules that the file imports.
  var imports: [String] {
    lines.compactMap { line in
      let words = line.split(separator: " ")
      guard let place = words.firstIndex(of: "import"), place < words.count - 1,
        words[..<place].allSatisfy({ ["package", "internal", "private", "public"].contains($0) })
      else { return nil }
      return String(words[place + 1])
    }
  }

  /// `path:line` of every line that holds `text` outside of a comment.
  func places(of text: String) -> [String] {
    lines.enumerated().compactMap { number, line in
      let code = line.split(separator: " ").first.map { $0.hasPrefix("//") } ?? false ? "" : line
      return code.contains(text) ? "\(path):\(number + 1)" : nil
    }
  }
}
