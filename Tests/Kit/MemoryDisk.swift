package import Model

/// One file system in memory, shared by the disks of a host's threads.
package final class MemoryTree {
  package struct Node: Hashable, Sendable {
    package var content: MemoryContent
    package var mode: Mode
    package var owner: Owner
    package var acl: AccessList
    package var modified: Timestamp
    var changed: Timestamp
    var inode: UInt64
  }

  /// Files that any disk on this tree has staged, and nobody has dropped or installed.
  package internal(set) var stageCount = 0
  /// Zeros that take no room, by path.
  package var holes: [TreePath: Range<UInt64>] = [:]
  /// Everything, by path.
  package internal(set) var nodes: [TreePath: Node] = [:]
  /// Users and groups that this host knows; everything else is held.
  package var knownNames: Set<[UInt8]> = [Array("shop".utf8), Array("web".utf8)]
  /// What a call fails with; nil: it does not.
  package var trouble: ((_ call: MemoryCall, _ path: TreePath) -> DiskTrouble?)?
  /// Called before prepared objects are moved: the moment for somebody else's edit.
  package var beforeInstall: (() -> Void)?
  /// What was replaced, by path, the newest first.
  var backups: [TreePath: [Node]] = [:]
  /// Files that somebody has open for writing.
  package var busy: Set<TreePath> = []

  var nextInode: UInt64 = 1
  private var ticks: Int64 = 0
  /// What a dead run may have left: by token.
  var begun: [UInt64: MemoryDisk.Begun] = [:]
  var nextToken: UInt64 = 1

  private var digests: [[UInt8]: Digest] = [:]

  package init() {}

  /// The digest of a content, worked out once.
  func digest(_ bytes: [UInt8]) -> Digest {
    if let known = digests[bytes] { return known }
    let digest = memoryDigest(bytes)
    digests[bytes] = digest
    return digest
  }

  func tick() -> Timestamp {
    ticks += 1
    return Timestamp(seconds: 1_000_000 + ticks, nanoseconds: 0)
  }
}

package enum MemoryContent: Hashable, Sendable {
  case file([UInt8])
  case directory
  case symlink([UInt8])
  case fifo
  case device(DeviceNode)
  case socket
}

/// A call of `Disk` that can be made to fail.
package enum MemoryCall: Hashable, Sendable {
  case list, stat, observe, read, stage, prepare, backUp, view, install
}

/// What the tests' people do to a tree.
extension MemoryTree {
  /// Makes or rewrites an object in place; a file keeps its inode.
  package func write(
    _ path: TreePath, _ content: MemoryContent, mode: UInt16? = nil, owner: Owner? = nil
  ) {
    let now = tick()
    if let old = nodes[path], old.content.kind == content.kind {
      nodes[path]?.content = content
      nodes[path]?.modified = now
      nodes[path]?.changed = now
      if let mode { nodes[path]?.mode = Mode(bits: mode) }
      if let owner { nodes[path]?.owner = owner }
      return
    }
    if nodes[path] != nil { remove(path) }
    let plain: UInt16 = content == .directory ? 0o755 : 0o644
    let link: UInt16? = if case .symlink = content { Mode.ofSymlink.bits } else { nil }
    nodes[path] = Node(
      content: content, mode: Mode(bits: link ?? mode ?? plain),
      owner: owner ?? Owner(user: .number(0), group: .number(0)), acl: .none, modified: now,
      changed: now, inode: nextInode)
    nextInode += 1
    touchParent(path)
  }

  package func write(_ path: TreePath, _ text: String) { write(path, .file(Array(text.utf8))) }

  /// With everything below it.
  package func remove(_ path: TreePath) {
    nodes = nodes.filter { $0.key != path && !$0.key.isBelow(path) }
    touchParent(path)
  }

  package func move(_ path: TreePath, to target: TreePath) {
    guard nodes[path] != nil, path != target, !target.isBelow(path) else { return }
    remove(target)
    for (old, node) in nodes where old == path || old.isBelow(path) {
      var new = target
      for part in old.components(below: path) ?? [] { new = new.child(part) ?? new }
      nodes[old] = nil
      nodes[new] = node
    }
    nodes[target]?.changed = tick()
    touchParent(path)
    touchParent(target)
  }

  package func change(
    _ path: TreePath, mode: UInt16? = nil, owner: Owner? = nil, acl: AccessList? = nil
  ) {
    guard var node = nodes[path] else { return }
    if let mode, case .symlink = node.content {
      _ = mode
    } else if let mode {
      node.mode = Mode(bits: mode)
    }
    if let owner { node.owner = owner }
    if let acl { node.acl = acl }
    node.changed = tick()
    nodes[path] = node
  }

  package func text(_ path: TreePath) -> String? {
    guard case .file(let bytes) = nodes[path]?.content else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  func touchParent(_ path: TreePath) {
    guard let parent = path.parent, nodes[parent] != nil else { return }
    let now = tick()
    nodes[parent]?.modified = now
    nodes[parent]?.changed = now
  }

  func children(_ path: TreePath) -> [TreePath] { nodes.keys.filter { $0.parent == path } }

  func stat(_ node: Node) -> FileStat {
    FileStat(
      kind: node.content.kind, device: 1, inode: node.inode, size: node.content.size,
      modified: node.modified, changed: node.changed, mode: node.mode.bits,
      uid: node.owner.user.memoryNumber, gid: node.owner.group.memoryNumber, links: 1)
  }
}

extension MemoryContent {
  var kind: FileStat.Kind {
    switch self {
    case .file: .file
    case .directory: .directory
    case .symlink: .symlink
    case .fifo: .fifo
    case .device: .device
    case .socket: .socket
    }
  }

  var size: UInt64 {
    switch self {
    case .file(let bytes): UInt64(bytes.count)
    case .symlink(let target): UInt64(target.count)
    case .directory: 4_096
    case .fifo, .device, .socket: 0
    }
  }
}

extension Principal {
  /// The same number for the same name on every host: enough for stats.
  var memoryNumber: UInt32 {
    switch self {
    case .number(let number): number
    case .name(let name): name.reduce(5_381) { $0 &* 33 &+ UInt32($1) } | 0x8000_0000
    }
  }
}

/// Thirty-two bytes that depend on all others: good enough to tell contents apart.
package func memoryDigest(_ bytes: [UInt8]) -> Digest {
  var out: [UInt8] = []
  for lane in 0..<4 as Range<UInt64> {
    var hash = 0xCBF2_9CE4_8422_2325 ^ (lane &* 0x9E37_79B9_7F4A_7C15)
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    var dice = SessionDice(hash)
    let word = dice.next()
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      out.append(UInt8(truncatingIfNeeded: word >> shift))
    }
  }
  guard let digest = Digest(out) else { preconditionFailure("\(out.count) bytes") }
  return digest
}

/// Clock and chance of one host.
package struct MemorySurroundings: Surroundings {
  private let seed: UInt64
  package var time = Timestamp(seconds: 2_000_000, nanoseconds: 0)
  package var clockTickNanoseconds: UInt64 = 0
  package var programs: any ProgramRunner = MemoryPrograms()

  package init(seed: UInt64) { self.seed = seed }

  package func now() -> Timestamp { time }
  package func randomBytes(_ count: Int) -> [UInt8] {
    var dice = SessionDice(seed)
    return (0..<count).map { _ in UInt8(truncatingIfNeeded: dice.next()) }
  }
  package func sha256(_ bytes: [UInt8]) -> Digest { memoryDigest(bytes) }
}

extension MemoryDisk {
  /// Staged files that nobody has dropped or installed, of all disks on this tree.
  package var stageCount: Int { tree.stageCount }
}

extension FileStat {
  /// Whether this is what a plan saw: of a directory, whose stamps move with its names, only what
  /// a record holds.
  func isStill(_ expected: FileStat) -> Bool {
    guard kind == .directory else { return self == expected }
    return inode == expected.inode && kind == expected.kind && mode == expected.mode
      && uid == expected.uid && gid == expected.gid
  }
}
