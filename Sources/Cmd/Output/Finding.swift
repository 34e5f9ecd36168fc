import Model

/// How much a finding weighs.
enum FindingLevel: String { case error, warning, note }

/// One kind of finding; `spec/ci.md` lists them.
struct FindingRule: Hashable {
  /// A topic and a name: `conflict/content`.
  var id: String
  var level: FindingLevel
  /// What it means, in a few words.
  var summary: String
  /// What it means and what to do, in a sentence or two.
  var explanation: String

  init(_ id: String, _ level: FindingLevel, _ summary: String, _ explanation: String) {
    self.id = id
    self.level = level
    self.summary = summary
    self.explanation = explanation
  }

  /// What stands behind the topic: `content`.
  var name: String { String(id.drop { $0 != "/" }.dropFirst()) }
  /// For headings: `conflict content`.
  var title: String { id.split(separator: "/").joined(separator: " ") }
}

/// One thing that a command found, in terms that belong to no command and to no format.
struct Finding {
  var rule: FindingRule
  var group: String
  /// On the disk of the host that answers; nil: it is about a host or a group.
  var path: [UInt8]?
  /// What it is about if it is about no path: `host web2`. Safe to print.
  var subject = ""
  /// One line, safe to print.
  var message: String
  /// More lines, safe to print.
  var details: [String] = []
  /// The same for the same finding, run after run.
  var fingerprint: String
  /// What the fingerprint is computed from, and by which rule.
  var fingerprintKey = "findingId/v1"
  /// Lines of the file that it is about, where known.
  var lines: [ClosedRange<Int>] = []

  /// What it is about, safe to print.
  var name: String { path.map { escaped($0) } ?? subject }
}

/// Findings and who found them: all that the formats need.
struct FindingReport {
  /// The command: `conflicts`.
  var command: String
  var version: String
  var host: String
  /// Seconds since 1970.
  var generated: Int64
  /// The findings counted: `2 open conflicts`.
  var headline: String
  /// What an empty report says: `no conflicts`.
  var allClear: String
  /// Every rule that could apply.
  var rules: [FindingRule]
  var findings: [Finding]
  /// What paths are named relative to.
  var root: FindingRoot
}

/// The directory that paths in a report are relative to.
struct FindingRoot {
  /// Without a slash at the end; empty: the root of the disk.
  let directory: [UInt8]

  init(_ directory: [UInt8]) {
    self.directory = directory
  }

  /// The path below the directory; nil if it is not below it.
  func below(_ path: [UInt8]) -> ArraySlice<UInt8>? {
    let slash = UInt8(ascii: "/")
    guard path.starts(with: directory), path.dropFirst(directory.count).first == slash else {
      return nil
    }
    return path.dropFirst(directory.count + 1)
  }
}
