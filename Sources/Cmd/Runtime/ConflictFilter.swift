import Model
import Transport

/// Which conflicts a user wants to see.
struct ConflictFilter {
  private let node: Node
  private let groups: Set<String>
  private let kinds: Set<Conflict.Kind>
  private let targets: [Target]
  /// Directories above a root: all below them.
  private var directories: [[UInt8]] = []
  private let hasPaths: Bool

  init(
    _ node: Node, groups: [String], kinds: [String], paths: [String], _ settings: Settings
  ) throws(Failure) {
    self.node = node
    for name in groups where !node.sessionGroups.contains(where: { $0.name == name }) {
      throw Failure(
        .usage, escaped(name), "no conflicts listed", "this host is in no such group",
        remedy: "its groups are: "
          + node.sessionGroups.map { escaped($0.name) }.joined(separator: ", "))
    }
    self.groups = Set(groups)
    var known: Set<Conflict.Kind> = []
    for word in kinds {
      guard let kind = Conflict.Kind(rawValue: word) else {
        throw Failure(
          .usage, escaped(word), "no conflicts listed", "there is no such kind",
          remedy: "the kinds are: "
            + FindingRule.conflicts.filter { $0 != .settled }.map(\.name).joined(separator: ", "))
      }
      known.insert(kind)
    }
    self.kinds = known
    hasPaths = !paths.isEmpty
    var targets: [Target] = []
    for path in paths {
      let place = absolutePath(Array(path.utf8), settings)
      if !path.hasPrefix("%"), Self.isAboveRoot(place, node) {
        directories.append(place)
      } else {
        targets += try node.targets(path, settings)
      }
    }
    self.targets = targets
  }

  private static func isAboveRoot(_ place: [UInt8], _ node: Node) -> Bool {
    let root = FindingRoot(place)
    return node.sessionGroups.contains { group in
      group.selection.anchors.contains { root.below(node.localPath($0)) != nil }
    }
  }

  func admits(_ group: String, _ kind: Conflict.Kind, _ path: TreePath) -> Bool {
    guard groups.isEmpty || groups.contains(group), kinds.isEmpty || kinds.contains(kind) else {
      return false
    }
    guard hasPaths else { return true }
    if targets.contains(where: {
      $0.group == group && ($0.path == path || path.isBelow($0.path))
    }) {
      return true
    }
    guard !directories.isEmpty else { return false }
    let local = node.localPath(path)
    return directories.contains { FindingRoot($0).below(local) != nil }
  }
}
