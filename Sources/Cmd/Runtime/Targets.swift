import Model
import Transport

/// A path as the user gave it, as bytes from the root of this host's disk.
func absolutePath(_ given: [UInt8], _ settings: Settings) -> [UInt8] {
  let slash = UInt8(ascii: "/")
  let whole =
    given.first == slash ? given : Array(settings.currentDirectory.utf8) + [slash] + given
  var parts: [ArraySlice<UInt8>] = []
  for part in whole.split(separator: slash) {
    switch Array(part) {
    case Array(".".utf8): continue
    case Array("..".utf8): _ = parts.popLast()
    default: parts.append(part)
    }
  }
  return parts.reduce(into: []) { $0 += [slash] + $1 }
}

/// A path in a group of this host.
struct Target: Hashable {
  var group: SessionGroupName
  var path: TreePath
}

typealias SessionGroupName = String

extension Node {
  /// The groups and names under which a path of the user's is synced here.
  ///
  /// - Parameters:
  ///   - given: On this host's disk, or with a prefix.
  ///   - comparing: Or is compared here.
  func targets(
    _ given: String, _ settings: Settings, comparing: Bool = false
  ) throws(Failure) -> [Target] {
    let bytes = Array(given.utf8)
    var names: [TreePath] = []
    if bytes.first == UInt8(ascii: "%") {
      if let path = TreePath(text: bytes) { names = [path] }
    } else {
      names = config.names(ofLocalPath: absolutePath(bytes, settings), on: name)
    }
    var out: [Target] = []
    for group in sessionGroups {
      let selection = comparing ? group.asked(for: .verify).selection : group.selection
      for path in names
      where selection.includes(path) || selection.descends(into: path)
        || selection.anchors.contains(where: { path.isBelow($0) || path == $0 })
      {
        out.append(Target(group: group.name, path: path))
      }
    }
    guard !out.isEmpty else {
      throw Failure(
        .noInput, escaped(given), "not found", "it is in no group of this host",
        remedy: "see concord config explain \(escaped(given))")
    }
    return out
  }
}
