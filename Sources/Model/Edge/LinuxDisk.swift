import CLinux
package import Model

/// The file system of this host, through descriptors only.
///
/// Every way leads from the directory that holds a root by `openat2` with no symbolic link and no
/// other mount on it; the last name is then acted on in the directory that was opened. How objects
/// are changed, and why in this order, is in `spec/apply.md`. Not thread-safe; several disks may
/// share a state directory within one process.
package final class LinuxDisk: Disk {
  let tree: DiskTree
  let names: Names
  let staging: Staging
  /// Descriptors that may be held for files under construction.
  var descriptorLimit: Int
  var stages: [StageHandle: Stage] = [:]
  /// Areas of other disks, in which stands what they gave.
  var givenAreas: [StagingArea] = []
  /// What is prepared and not yet settled, by the bytes of its token.
  var pending: [[UInt8]: Pending] = [:]
  /// Views that were made and not dropped.
  var views: [UInt64: [ViewTree]] = [:]
  var lastView: UInt64 = 0
  var reader: OpenReader?
  /// What other disks of this process have read.
  let sharedReads: SharedReads?
  /// Lists of large contents that were hashed and that nobody has taken yet.
  var chunkLists: [KeptChunks] = []
  /// Whether a mount keeps access lists.
  var listSupport: [UInt64: Bool] = [:]
  /// For file contents, so that no file costs an allocation.
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 4_096)

  /// A disk with these roots. `stateDirectory` exists and only this program writes in it. What
  /// stands in `backupDirectories` is never synced.
  ///
  /// Throws if the kernel lacks `openat2` (Linux 5.6) or the state directory is not usable. A root
  /// that cannot be reached is found by `rootState`, not here.
  package init(
    roots: [Root], stateDirectory: [UInt8], names: Names, backupDirectories: [[UInt8]] = [],
    sharedReads: SharedReads? = nil
  ) throws(Failure) {
    try Self.checkKernel()
    tree = DiskTree(roots, closed: backupDirectories)
    self.names = names
    self.sharedReads = sharedReads
    do { staging = try Staging(stateDirectory: stateDirectory) } catch {
      throw Failure(.noInput, escaped(stateDirectory), "not usable", error.reason)
    }
    // Half for files under construction, of two disks that share them; the rest for databases,
    // sockets and directories.
    descriptorLimit = max(8, Int(cl_raise_descriptors()) / 4)
  }

  deinit {
    for stage in stages.values { stage.abandon() }
    for tree in views.values.joined() { tree.remove() }
    buffer.deallocate()
  }

  private static func checkKernel() throws(Failure) {
    let root = cl_open_root()
    defer { cl_close(root) }
    let below = cl_open_beneath(root, Name(".").bytes, 1)
    guard below >= 0 else {
      throw Failure(
        .system, "kernel", "cannot open directories safely",
        "openat2: \(SystemError(-below).reason)",
        remedy: "Linux 5.6 or newer is needed, and no filter that forbids openat2")
    }
    defer { cl_close(below) }
    // Without the way through /proc every file would look as if it had vanished.
    let again = cl_reopen(below)
    guard again >= 0 else {
      throw Failure(
        .system, "/proc/self/fd", "not usable", SystemError(-again).reason,
        remedy: "mount proc there")
    }
    cl_close(again)
  }

  package func rootState(_ anchor: TreePath) -> RootState {
    tree.forget()
    reader = nil
    do {
      let root = try tree.root(of: anchor)
      root.reset()
      let place = try tree.place(anchor)
      let seen = try reporting { () throws(SystemError) in try place.sighting() }
      return seen.map { .present($0.stat) } ?? .missing
    } catch {
      return .unavailable(error.reason)
    }
  }

  package func list(_ directory: TreePath) throws(DiskTrouble) -> [DirectoryItem] {
    let open = try tree.directory(directory)
    return try reporting { () throws(SystemError) in
      try listing(open.descriptor, mount: open.mount).filter { item in
        !staging.hides(item) && !tree.isClosed(item.name, in: directory)
      }
    }
  }

  package func stat(_ path: TreePath) throws(DiskTrouble) -> FileStat? {
    do {
      let place = try tree.place(path)
      return try reporting { () throws(SystemError) in try place.sighting() }?.stat
    } catch .vanished {
      return nil
    }
  }
}

extension DiskTrouble {
  /// In words, as part of a line.
  var reason: String {
    switch self {
    case .vanished: "no such file or directory"
    case .busy: "in use"
    case .notConfined: "a symbolic link is on the way"
    case .otherFileSystem: "on another file system"
    case .rootUnavailable(let reason), .refused(let reason), .full(let reason): reason
    }
  }
}
