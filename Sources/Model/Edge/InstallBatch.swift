import CLinux
import Glibc
import Model

/// The directories that one batch works in, and what must be made durable at its end.
struct InstallBatch {
  /// More than this many on one file system, and one `syncfs` is cheaper than an `fsync` each.
  private static let syncLimit = 8

  private struct Touched {
    let object: Descriptor
    let device: UInt64
    /// `fsync` of it says nothing: it was opened as a path only.
    var needsSystem: Bool
    /// The outcomes that rest on it.
    var outcomes: [Int]
  }

  private struct Key: Hashable {
    var device: UInt64
    var inode: UInt64
  }

  private let tree: DiskTree
  private var directories: [TreePath: OpenDirectory] = [:]
  private var touched: [Key: Touched] = [:]

  init(_ tree: DiskTree) { self.tree = tree }

  /// The place of a path. Each directory is resolved once from its root.
  mutating func place(_ path: TreePath) throws(DiskTrouble) -> Place {
    let root = try tree.root(of: path)
    guard let parent = path.parent, path != root.anchor else {
      return Place(directory: try root.parent(), name: root.name, isAnywhere: true)
    }
    return Place(
      directory: try directory(parent, root), name: Name(path.name),
      isAnywhere: root.crossesMounts)
  }

  private mutating func directory(
    _ path: TreePath, _ root: OpenRoot
  ) throws(DiskTrouble) -> OpenDirectory {
    if let known = directories[path] { return known }
    var open: OpenDirectory
    if path == root.anchor {
      open = try root.open()
    } else {
      open = try directory(root.anchor, root)
      for part in root.parts(of: path) {
        open = try reporting { () throws(SystemError) in
          try open.open(part, crossing: root.crossesMounts)
        }
      }
    }
    directories[path] = open
    return open
  }

  /// Something else stands at the path now: what was open there is not to be used again.
  mutating func forget(_ path: TreePath) {
    guard directories.keys.contains(where: { $0 == path || $0.isBelow(path) }) else { return }
    directories = directories.filter { $0.key != path && !$0.key.isBelow(path) }
  }

  mutating func touch(_ directory: OpenDirectory, for outcome: Int) {
    touch(
      directory.descriptor, Key(device: directory.device, inode: directory.inode), false, outcome)
  }

  mutating func touch(
    _ object: Descriptor, _ stat: FileStat, needsSystem: Bool, for outcome: Int
  ) {
    touch(object, Key(device: stat.device, inode: stat.inode), needsSystem, outcome)
  }

  private mutating func touch(
    _ object: Descriptor, _ key: Key, _ needsSystem: Bool, _ outcome: Int
  ) {
    let new = Touched(
      object: object, device: key.device, needsSystem: needsSystem, outcomes: [])
    touched[key, default: new].outcomes.append(outcome)
  }

  /// Makes everything durable. Returns the outcomes that did not get there, each with the reason:
  /// an error is told once, so nothing is tried again.
  mutating func sync() -> [Int: DiskTrouble] {
    var failed: [Int: DiskTrouble] = [:]
    for group in Dictionary(grouping: touched.values, by: \.device).values {
      if group.count > Self.syncLimit || group.contains(where: { $0.needsSystem }) {
        // A path-only descriptor cannot be synchronised through either.
        guard let first = group.first(where: { !$0.needsSystem }) ?? group.first else { continue }
        let result = cl_sync_system(first.object.number)
        if result < 0 { note(result, group.flatMap(\.outcomes), in: &failed) }
        continue
      }
      for object in group {
        let result = cl_sync(object.object.number)
        if result < 0 { note(result, object.outcomes, in: &failed) }
      }
    }
    touched = [:]
    return failed
  }

  private func note(_ result: Int32, _ outcomes: [Int], in failed: inout [Int: DiskTrouble]) {
    let trouble = SystemError(-result).trouble
    for outcome in outcomes { failed[outcome] = trouble }
  }
}
