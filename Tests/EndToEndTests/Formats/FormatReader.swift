import Foundation
import Testing

/// What a reader that knows a format, and nothing of concord, has taken from an output.
struct FormatReading {
  let items: [JSON]

  /// The paths that findings are about, by their bytes.
  var paths: Set<[UInt8]> { Set(items.compactMap { Self.bytes($0["path"].text) }) }

  func item(about path: [UInt8]) -> JSON {
    items.first { Self.bytes($0["path"].text) == path } ?? .null
  }

  private static func bytes(_ hex: String?) -> [UInt8]? {
    guard let hex else { return nil }
    let digits = Array(hex.utf8)
    return stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16)
    }
  }
}

extension Lab {
  /// Runs a command with a format and has its output read by something that did not write it.
  func reading(
    _ format: String, _ host: String, _ words: String..., exits: Int32...,
    at place: SourceLocation = #_sourceLocation
  ) throws -> FormatReading {
    let outcome = try start(host, words + ["--format", format]).wait()
    expect(outcome, exits.isEmpty ? [0, 1, 2] : exits, at: place)
    return try reading(format, words[0], outcome.stdout, at: place)
  }

  func reading(
    _ format: String, _ command: String, _ output: [UInt8],
    at place: SourceLocation = #_sourceLocation
  ) throws -> FormatReading {
    let file = "\(scratch)/\(UUID().uuidString)"
    try put(String(decoding: output, as: UTF8.self), in: file)
    #expect(String(validating: output, as: UTF8.self) != nil, sourceLocation: place)
    let script = "exec python3 \"$1\" \"$2\" \"$3\" < \"$4\""
    let words = ["sh", "-c", script, "sh", FormatReader.script("read"), format, command, file]
    let outcome = try Child(words, scratch: scratch).wait()
    #expect(
      outcome.status == 0, "\(format): \(outcome.err)\n\(String(decoding: output, as: UTF8.self))",
      sourceLocation: place)
    return FormatReading(items: outcome.status == 0 ? try JSON(outcome.stdout).items : [])
  }
}

enum FormatReader {
  /// A Python program that stands beside these tests.
  static func script(_ name: String, _ here: String = #filePath) -> String {
    (here as NSString).deletingLastPathComponent + "/Readers/\(name).py"
  }
}
