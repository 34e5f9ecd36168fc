import CLinux
import Glibc
package import Model

/// Where a walk begins: the path that a group names, and where it is on this host.
package struct Root: Hashable, Sendable {
  package var anchor: TreePath
  /// Absolute. The object there may be a directory or a single file; it is never followed if it is
  /// a symbolic link.
  package var localPath: [UInt8]

  package init(anchor: TreePath, localPath: [UInt8]) {
    self.anchor = anchor
    self.localPath = localPath
  }
}

/// An open directory and the file system that it stands on.
struct OpenDirectory {
  let descriptor: Descriptor
  let mount: UInt64
  let device: UInt64
  let inode: UInt64

  init(_ descriptor: Descriptor) throws(SystemError) {
    let seen = try Sighting(descriptor)
    self.descriptor = descriptor
    mount = seen.mount
    device = seen.stat.device
    inode = seen.stat.inode
  }

  /// Opens a directory below this one on the same file system. No link is followed on the way.
  func open(_ name: Name) throws(SystemError) -> OpenDirectory {
    let below = try OpenDirectory(
      Descriptor(cl_open_beneath(descriptor.number, name.bytes, 1)))
    // Subvolumes are no mounts, but rename does not reach into them either.
    guard below.device == device else { throw SystemError(EXDEV) }
    return below
  }
}

/// A name in an open directory: what system calls act on.
struct Place {
  let directory: OpenDirectory
  let name: Name
  /// Whether it is the root's own object: that may stand on another mount than its directory.
  let isRoot: Bool

  func sighting() throws(SystemError) -> Sighting? {
    try ModelEdge.sighting(directory.descriptor, name)
  }
}

/// The roots, and the descriptors of the directories that were last used below them.
final class DiskTree {
  let roots: [OpenRoot]
  /// Paths that nothing is read from or written to, nor below them.
  let closed: Set<TreePath>
  private var chain = Chain()

  /// - Parameter closed: Directories of this host's disk.
  init(_ roots: [Root], closed: [[UInt8]] = []) {
    // The deepest anchor first: it is the one that a path belongs to.
    self.roots = roots.sorted { $0.anchor.key.count > $1.anchor.key.count }.map { OpenRoot($0) }
    self.closed = closedPaths(closed, below: roots)
  }

  func isClosed(_ name: [UInt8], in directory: TreePath) -> Bool {
    guard !closed.isEmpty, let child = directory.child(name) else { return false }
    return closed.contains(child)
  }

  /// The root that a path belongs to.
  func root(of path: TreePath) throws(DiskTrouble) -> OpenRoot {
    guard let root = roots.first(where: { path == $0.anchor || path.isBelow($0.anchor) }) else {
      throw .rootUnavailable("no root of this host holds \(path)")
    }
    if !closed.isEmpty, closed.contains(where: { path == $0 || path.isBelow($0) }) {
      throw .refused("it is in the directory of backups")
    }
    return root
  }

  /// The place of a path for looking: descriptors of the last second are taken from the chain.
  func place(_ path: TreePath) throws(DiskTrouble) -> Place {
    let root = try root(of: path)
    guard let parent = path.parent, path != root.anchor else {
      return try Place(directory: root.parent(), name: root.name, isRoot: true)
    }
    let directory = try directory(parent, of: root)
    return Place(directory: directory, name: Name(path.name), isRoot: false)
  }

  /// A directory for looking.
  func directory(_ path: TreePath) throws(DiskTrouble) -> OpenDirectory {
    try directory(path, of: root(of: path))
  }

  /// A directory for installing: resolved anew from its root, so that one that was moved away
  /// receives nothing.
  func freshDirectory(_ path: TreePath) throws(DiskTrouble) -> OpenDirectory {
    let root = try root(of: path)
    var directory = try root.open()
    for part in root.parts(of: path) {
      directory = try reporting { () throws(SystemError) in try directory.open(part) }
    }
    return directory
  }

  /// Forgets all descriptors below the roots: the next look begins at the top.
  func forget() { chain = Chain() }

  private func directory(_ path: TreePath, of root: OpenRoot) throws(DiskTrouble) -> OpenDirectory {
    chain.keep(above: path.key, of: root)
    if chain.links.isEmpty {
      chain.push(try root.open(), length: root.anchor.key.count, key: root.anchor.key)
    }
    while let (directory, length) = chain.links.last, length < path.key.count {
      let rest = path.key[(length + 1)...]
      let end = rest.firstIndex(of: 0) ?? rest.endIndex
      let name = Name(rest[..<end])
      let next = try reporting { () throws(SystemError) in try directory.open(name) }
      chain.push(next, length: end, key: path.key)
    }
    guard let (directory, _) = chain.links.last else { throw .vanished }
    return directory
  }
}

/// The directories from a root down to the one that was used last, so that a walk in path order
/// opens each once.
///
/// A descriptor stays with its inode when the directory is moved away. So it is good for looking,
/// for a second, and never for installing.
private struct Chain {
  private(set) var links: [(directory: OpenDirectory, length: Int)] = []
  private var key: [UInt8] = []
  private var root: OpenRoot?
  private var opened: UInt64 = 0

  private static let lifetime: UInt64 = 1_000

  mutating func push(_ directory: OpenDirectory, length: Int, key: [UInt8]) {
    links.append((directory, length))
    self.key = key
  }

  /// Cuts the chain to what leads to `wanted`.
  mutating func keep(above wanted: [UInt8], of root: OpenRoot) {
    let now = cl_milliseconds()
    if self.root !== root || now - opened >= Self.lifetime {
      self.root = root
      opened = now
      links = []
    }
    while let last = links.last, !leads(last.length, to: wanted) { links.removeLast() }
  }

  private func leads(_ length: Int, to wanted: [UInt8]) -> Bool {
    guard wanted.count >= length, wanted.count == length || wanted[length] == 0 else {
      return false
    }
    return wanted[..<length].elementsEqual(key[..<length])
  }
}
