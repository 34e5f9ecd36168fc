import Glibc
import Model
import Transport

/// A moment for machines: `2026-11-22T07:41:00Z`.
func timeText(_ seconds: Int64) -> String {
  var time = time_t(seconds)
  var parts = tm()
  gmtime_r(&time, &parts)
  func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
  return "\(Int(parts.tm_year) + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
    + "T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
}

/// A span for people: `14 s`, `9 min`, `3 h`, `41 d`.
func ageText(_ seconds: Int64) -> String {
  switch seconds {
  case ..<60: "\(max(0, seconds)) s"
  case ..<3_600: "\(seconds / 60) min"
  case ..<86_400: "\(seconds / 3_600) h"
  default: "\(seconds / 86_400) d"
  }
}

extension Mode {
  /// Four octal digits.
  var text: String {
    let digits = String(bits, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }
}

extension AccessEntry {
  /// As `getfacl` writes it: `user:alice:rw-`.
  var text: String {
    let name =
      switch tag {
      case .owner, .user: "user"
      case .owningGroup, .group: "group"
      case .mask: "mask"
      case .others: "other"
      }
    let bits = [(4, "r"), (2, "w"), (1, "x")]
      .map { permissions & UInt8($0.0) != 0 ? $0.1 : "-" }.joined()
    return "\(name):\(principal.map { "\($0)" } ?? ""):\(bits)"
  }
}

extension AccessList {
  /// One line: `user:alice:rw-,default:user::rwx`; empty if there is none.
  var text: String {
    (access.map(\.text) + inherited.map { "default:" + $0.text }).joined(separator: ",")
  }
}

extension Content {
  /// One word and what matters: `file 1f2e3d4c 2846 B`.
  var text: String {
    if case .symlink(let target) = self { return "link to \(escaped(target))" }
    return mark.text
  }
}

extension ContentMark {
  /// The same of what history remembers: a link's target is not.
  var text: String {
    switch self {
    case .absent: "deleted"
    case .file(let digest, let size): "file \(digest.hex.prefix(8)) \(size) B"
    case .directory: "directory"
    case .symlink: "link"
    case .fifo: "FIFO"
    case .device(let node): "\(node)"
    }
  }
}

extension Node {
  /// The trouble of a path as people read it: with its name on this disk, and what to do next.
  func line(_ problem: Problem) -> String {
    let text = "\(shownPath(problem.path)): \(problem.action): \(problem.reason)"
    return problem.remedy.isEmpty ? text : text + "; \(problem.remedy)"
  }

  /// The same failure with the name of a path on this disk, in place of the one in its group.
  func shown(_ failure: Failure, _ path: TreePath) -> Failure {
    var failure = failure
    if failure.place == "\(path)" { failure.place = shownPath(path) }
    failure.remedy = failure.remedy.replacing("\(path)", with: shownPath(path))
    return failure
  }

  func json(_ open: OpenConflict) -> JSON { .object(members(open)) }

  func members(_ open: OpenConflict) -> [(String, JSON)] {
    let conflict = open.conflict
    return [("id", .string(conflict.id)), ("group", .string(conflict.group))]
      + pathMembers(localPath(conflict.path)) + [
        ("kind", .string(conflict.kind.rawValue)),
        ("fields", .array(conflict.fields.map { .string($0.rawValue) })),
        ("since", .string(timeText(open.since))),
        ("versions", .array(conflict.versions.map { json($0, conflict.group) })),
      ]
  }

  private func json(_ version: ConflictVersion, _ group: String) -> JSON {
    let values = version.values
    var vector: [(String, JSON)] = []
    for dot in version.dots { vector.append((dot.replica.description, .int(dot.sequence))) }
    var members: [(String, JSON)] = [
      ("label", .string(version.label)),
      ("hosts", .array(version.authors.map { .string($0) })),
      ("dot", .string(version.dots.last.map { "\($0)" } ?? "")), ("vector", .object(vector)),
    ]
    members += json(values.content)
    members += [
      ("mode", values.mode.map { .string($0.text) } ?? .null),
      ("owner", values.owner.map { .string("\($0.user)") } ?? .null),
      ("group", values.owner.map { .string("\($0.group)") } ?? .null),
      ("acl", values.acl.map { .string($0.text) } ?? .null),
    ]
    if case .file(let file) = values.content {
      members.append(("mtime", .string(timeText(file.modified.seconds))))
    } else {
      members.append(("mtime", .null))
    }
    members.append(("live_here", .bool(version.isLiveHere)))
    return .object(members)
  }

  private func json(_ content: Content?) -> [(String, JSON)] {
    var members: [(String, JSON)] = [("type", content.map { .string($0.kindName) } ?? .null)]
    if case .file(let file) = content {
      members += [("hash", .string("sha256:" + file.digest.hex)), ("size", .int(file.size))]
    } else {
      members += [("hash", .null), ("size", .null)]
    }
    return members
  }
}
