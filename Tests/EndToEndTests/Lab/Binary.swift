import Foundation

/// The program under test: `CONCORD_BINARY`, else the one that was built beside the running tests.
enum Binary {
  static func path() throws -> String {
    let candidates = [
      ProcessInfo.processInfo.environment["CONCORD_BINARY"],
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        .map { ($0 as NSString).deletingLastPathComponent + "/concord" },
      packageFolder() + "/.build/debug/concord",
      packageFolder() + "/.build/release/concord",
    ]
    for case .some(let path) in candidates where access(path, X_OK) == 0 {
      return path
    }
    throw LabFailure("no concord binary: build it, or name it in CONCORD_BINARY")
  }

  private static func packageFolder(_ here: String = #filePath) -> String {
    var folder = here as NSString
    while folder.length > 1 {
      folder = folder.deletingLastPathComponent as NSString
      if FileManager.default.fileExists(atPath: "\(folder)/Package.swift") { break }
    }
    return folder as String
  }
}
