import Model
import Transport

extension Node {
  /// Carries out on this disk what needs no content from elsewhere.
  func follow(_ paths: [(group: String, path: TreePath)]) throws(Failure) {
    let disk = try disk()
    for (name, path) in paths {
      guard let group = sessionGroups.first(where: { $0.name == name }) else { continue }
      _ = try real.with { store throws(Failure) in
        try Applier.apply(
          [Work(path: path)], group: name, anchors: group.selection.anchors, store: store,
          disk: disk, surroundings: surroundings)
      }
    }
  }
}
