import Foundation

/// How often a program called the kernel, from `strace -f -c`.
struct Counted {
  /// What is counted, as the table of `spec/cost.md` names it.
  enum Kind: String, CaseIterable {
    case calls = "system calls a file"
    case opens = "opens a file"
    case syncs = "syncs a run"
  }

  private let calls: [String: Int]

  /// A tracer that counts and prints nothing else.
  static func wrapper(_ file: String) -> [String] {
    ["strace", "-f", "-c", "-U", "name,calls,errors", "-qq", "-o", file]
  }

  /// How often one waits, and for how many pieces, is up to the machine and not to the program.
  private static let waiting: Set<String> = [
    "futex", "sched_yield", "poll", "ppoll", "epoll_wait", "epoll_pwait", "nanosleep",
    "clock_nanosleep", "restart_syscall",
  ]

  /// Reads what the tracer left; only calls that succeeded count: where a library is looked for
  /// in vain is up to the machine as well.
  init(_ file: String) throws {
    let text = try String(contentsOfFile: file, encoding: .utf8)
    var calls: [String: Int] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count == 2 || words.count == 3, words[0] != "total", let made = Int(words[1])
      else { continue }
      let failed = words.count == 3 ? Int(words[2]) ?? 0 : 0
      calls[String(words[0]), default: 0] += made - failed
    }
    self.calls = calls.filter { !Counted.waiting.contains($0.key) }
    guard self.calls["execve"] != nil, self.calls["close"] != nil else {
      throw LabFailure("\(file): not what strace -c leaves: \(text)")
    }
  }

  /// The figure of a kind, for a tree of so many files.
  func value(_ kind: Kind, files: Int) -> Double {
    switch kind {
    case .calls: Double(calls.values.reduce(0, +)) / Double(files)
    case .opens: Double(sum("open", "openat", "openat2")) / Double(files)
    case .syncs: Double(sum("fsync", "fdatasync", "syncfs", "sync_file_range"))
    }
  }

  private func sum(_ names: String...) -> Int { names.reduce(0) { $0 + (calls[$1] ?? 0) } }

  /// The most frequent calls, for who has to find out what grew.
  var largest: String {
    calls.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(12)
      .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
  }
}
