import Foundation

/// What a traced program did to files, read from `strace -f -y`.
struct Trace {
  let file: String

  init(_ lab: Lab, _ host: String) { file = "\(lab.folder)/\(host)/trace" }

  /// Words before the program: every call that names a file or a descriptor, paths resolved.
  var wrapper: [String] {
    ["strace", "-f", "-y", "-qq", "-s", "4096", "-o", file, "-e", "trace=%file,%desc"]
  }

  /// The calls that write, or open a regular file for reading, at or below one of the roots.
  func intrusions(below roots: [String]) throws -> [String] {
    let text = String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
    let calls = joined(text.split(separator: "\n").map(String.init))
    guard !calls.isEmpty else { throw LabFailure("nothing was traced in \(file)") }
    return calls.filter { call in roots.contains { Trace.offends(call, root: $0) } }
  }

  /// A call that another thread interrupted stands on two lines: one line of both.
  private func joined(_ lines: [String]) -> [String] {
    var begun: [Substring: String] = [:]
    var calls: [String] = []
    for line in lines {
      let thread = line.prefix { $0 != " " }
      if let cut = line.range(of: " <unfinished ...>") {
        begun[thread] = String(line[..<cut.lowerBound])
      } else if let cut = line.range(of: " resumed>"), line.contains("<... ") {
        calls.append((begun.removeValue(forKey: thread) ?? "") + line[cut.upperBound...])
      } else {
        calls.append(line)
      }
    }
    return calls + begun.values.sorted()
  }

  private static let writing: Set<String> = [
    "write", "pwrite64", "writev", "pwritev", "pwritev2", "sendfile", "copy_file_range", "splice",
    "ftruncate", "truncate", "fallocate", "rename", "renameat", "renameat2", "link", "linkat",
    "symlink", "symlinkat", "unlink", "unlinkat", "rmdir", "mkdir", "mkdirat", "mknod", "mknodat",
    "chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat",
    "utimensat", "futimesat", "utime", "utimes", "setxattr", "lsetxattr", "fsetxattr",
    "removexattr", "lremovexattr", "fremovexattr", "creat",
  ]

  private static func offends(_ line: String, root: String) -> Bool {
    guard line.contains("<\(root)>") || line.contains("<\(root)/") || line.contains("\"\(root)")
    else { return false }
    let call = line.drop { $0 != " " }.drop { $0 == " " }
    let name = String(call.prefix { $0 != "(" })
    if writing.contains(name) { return true }
    guard ["open", "openat", "openat2"].contains(name) else { return false }
    let flags = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_TMPFILE"]
    if flags.contains(where: line.contains) { return true }
    // A descriptor came back: what is it of?
    guard !line.contains("O_PATH"), let arrow = line.range(of: ") = ", options: .backwards),
      let open = line[arrow.upperBound...].firstIndex(of: "<"),
      let close = line[open...].lastIndex(of: ">")
    else { return false }
    let path = String(line[line.index(after: open)..<close])
    guard path.hasPrefix(root) else { return false }
    return Sight(path.utf8CString.map { $0 })?.type != "dir"
  }
}
