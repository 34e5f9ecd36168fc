import Foundation

/// The processes that share a group, as `/proc` shows them.
struct ProcessGroup {
  let id: pid_t

  /// Members that are not zombies.
  var running: [pid_t] {
    guard kill(-id, 0) == 0 else { return [] }
    return members.filter { pid in
      let file = "/proc/\(pid)/stat"
      guard let text = try? String(contentsOfFile: file, encoding: .utf8),
        let name = text.lastIndex(of: ")")
      else { return false }
      return !text[name...].hasPrefix(") Z")
    }
  }

  /// The folders of all threads of all members.
  var threads: [String] {
    members.flatMap { pid in
      ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? [])
        .map { "/proc/\(pid)/task/\($0)" }
    }
  }

  private var members: [pid_t] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [])
      .compactMap { pid_t($0) }.filter { getpgid($0) == id }
  }
}
