package import Model

/// A `Disk` over a `MemoryTree`, with staging of its own.
package final class MemoryDisk: Disk {
  /// What is kept of an installation until it is settled, and found by a later run if it is not.
  struct Begun {
    var path: TreePath
    var expected: FileStat?
    var node: MemoryTree.Node?
    var isMoved = false
  }

  package let tree: MemoryTree
  private var stages: [StageHandle: [UInt8]] = [:]
  private var nextStage: UInt64 = 1
  private var tokens: [UInt64] = []

  package init(_ tree: MemoryTree) { self.tree = tree }

  // MARK: Looking

  package func rootState(_ anchor: TreePath) -> RootState {
    if let node = tree.nodes[anchor] { return .present(tree.stat(node)) }
    return .missing
  }

  package func list(_ directory: TreePath) throws(DiskTrouble) -> [DirectoryItem] {
    try fail(.list, directory)
    guard tree.nodes[directory]?.content == .directory else { throw .vanished }
    return tree.children(directory).sorted().compactMap { child in
      tree.nodes[child].map { DirectoryItem(name: Array(child.name), stat: tree.stat($0)) }
    }
  }

  package func stat(_ path: TreePath) throws(DiskTrouble) -> FileStat? {
    try fail(.stat, path)
    try checkWay(path)
    return tree.nodes[path].map { tree.stat($0) }
  }

  /// A directory on the way must be one.
  private func checkWay(_ path: TreePath) throws(DiskTrouble) {
    guard let parent = path.parent else { return }
    switch tree.nodes[parent]?.content {
    case .directory: return
    case .symlink: throw .notConfined
    default: throw .vanished
    }
  }

  package func observe(
    _ path: TreePath, known: Observation?
  ) throws(DiskTrouble) -> Observation {
    try fail(.observe, path)
    if tree.busy.contains(path) { throw .busy }
    guard let node = tree.nodes[path] else { throw .vanished }
    let content: Content
    switch node.content {
    case .file(let bytes):
      content = .file(
        FileContent(
          digest: tree.digest(bytes), size: UInt64(bytes.count), modified: node.modified,
          isBirth: false))
    case .directory: content = .directory
    case .symlink(let target): content = .symlink(target: target)
    case .fifo: content = .fifo
    case .device(let node): content = .device(node)
    case .socket: throw .refused("socket")
    }
    return Observation(
      content: content, mode: node.mode, owner: node.owner, acl: node.acl, stat: tree.stat(node))
  }

  package func read(
    _ path: TreePath, stat: FileStat, offset: UInt64, count: Int
  ) throws(DiskTrouble) -> [UInt8] {
    try fail(.read, path)
    guard let node = tree.nodes[path], case .file(let bytes) = node.content,
      tree.stat(node) == stat
    else { throw .busy }
    let start = min(Int(clamping: offset), bytes.count)
    return Array(bytes[start..<min(start + count, bytes.count)])
  }

  // MARK: Staging

  package func stage(for path: TreePath, size: UInt64) throws(DiskTrouble) -> StageHandle {
    try fail(.stage, path)
    let handle = StageHandle(number: nextStage)
    nextStage += 1
    stages[handle] = []
    tree.stageCount += 1
    return handle
  }

  package func append(_ bytes: [UInt8], to stage: StageHandle) throws(DiskTrouble) {
    guard stages[stage] != nil else { throw .vanished }
    stages[stage]? += bytes
  }

  package func finish(_ stage: StageHandle) throws(DiskTrouble) -> (digest: Digest, size: UInt64) {
    guard let bytes = stages[stage] else { throw .vanished }
    return (tree.digest(bytes), UInt64(bytes.count))
  }

  package func read(
    _ stage: StageHandle, offset: UInt64, count: Int
  ) throws(DiskTrouble) -> [UInt8] {
    guard let bytes = stages[stage] else { throw .vanished }
    let start = min(Int(clamping: offset), bytes.count)
    return Array(bytes[start..<min(start + count, bytes.count)])
  }

  package func drop(_ stage: StageHandle) {
    if stages.removeValue(forKey: stage) != nil { tree.stageCount -= 1 }
  }

  package func give(_ stage: StageHandle, to other: any Disk) -> StageHandle { stage }

  // MARK: Installing

  package func prepare(
    _ installations: [Installation]
  ) -> [Result<PreparedInstallation, DiskTrouble>] {
    installations.map { item in
      Result { () throws(DiskTrouble) in try prepare(item) }
    }
  }

  private func prepare(_ item: Installation) throws(DiskTrouble) -> PreparedInstallation {
    try fail(.prepare, item.path)
    let content: MemoryContent?
    var isSymlink = false
    switch item.body {
    case .staged(let handle):
      guard let bytes = stages.removeValue(forKey: handle) else { throw .vanished }
      tree.stageCount -= 1
      content = .file(bytes)
    case .unchangedFile(let digest):
      guard case .file(let bytes) = tree.nodes[item.path]?.content else { throw .vanished }
      guard tree.digest(bytes) == digest else { throw .busy }
      content = .file(bytes)
    case .directory: content = .directory
    case .symlink(let target):
      content = .symlink(target)
      isSymlink = true
    case .fifo: content = .fifo
    case .device(let node): content = .device(node)
    case .nothing: content = nil
    }
    let asked = Attributes(mode: item.mode, owner: item.owner, acl: item.acl)
    let came =
      content == nil
      ? (asked, []) : foresee(asked, at: item.path, isSymlink: isSymlink, taking: item.taking)
    let now = tree.tick()
    let token = tree.nextToken
    tree.nextToken += 1
    tokens.append(token)
    tree.begun[token] = Begun(
      path: item.path, expected: item.expected,
      node: content.map {
        MemoryTree.Node(
          content: $0, mode: came.0.mode, owner: came.0.owner, acl: came.0.acl,
          modified: item.modified ?? tree.nodes[item.path]?.modified ?? now, changed: now,
          inode: inode(item))
      })
    return PreparedInstallation(
      installation: item, token: [UInt8(token >> 8 & 255), UInt8(token & 255)], applied: came.0,
      held: came.1)
  }

  /// A directory that stays keeps its inode, everything else is a new object.
  private func inode(_ item: Installation) -> UInt64 {
    if item.body == .directory, let old = item.expected, old.kind == .directory { return old.inode }
    tree.nextInode += 1
    return tree.nextInode - 1
  }

  package func flush() throws(DiskTrouble) {}

  package func install(_ prepared: [PreparedInstallation]) -> [InstallOutcome] {
    tree.beforeInstall?()
    return prepared.map { item in
      if let trouble = tree.trouble?(.install, item.installation.path) { return .failed(trouble) }
      guard let token = Self.number(item.token), let begun = tree.begun[token] else {
        return .failed(.vanished)
      }
      let outcome = install(begun)
      if case .installed = outcome { tree.begun[token]?.isMoved = true }
      return outcome
    }
  }

  private func install(_ item: Begun) -> InstallOutcome {
    do { try checkWay(item.path) } catch { return .failed(error) }
    let there = tree.nodes[item.path]
    switch (there, item.expected) {
    case (nil, nil): break
    case (let there?, let expected?) where tree.stat(there).isStill(expected):
      if tree.busy.contains(item.path) { return .overtaken }
      let staysDirectory = there.content == .directory && item.node?.content == .directory
      if there.content == .directory, !staysDirectory, !tree.children(item.path).isEmpty {
        return .notEmpty
      }
    default: return .overtaken
    }
    guard var node = item.node else {
      tree.nodes[item.path] = nil
      tree.touchParent(item.path)
      return .installed(nil)
    }
    node.changed = tree.tick()
    tree.nodes[item.path] = node
    tree.touchParent(item.path)
    return .installed(tree.stat(node))
  }

  package func settle() {
    for token in tokens { tree.begun[token] = nil }
    tokens = []
  }

  // MARK: After a death

  private static func number(_ token: [UInt8]) -> UInt64? {
    token.count == 2 ? UInt64(token[0]) << 8 | UInt64(token[1]) : nil
  }

  package func recover(_ path: TreePath, token: [UInt8]) -> RecoveryOutcome {
    if let trouble = tree.trouble?(.stat, path) { return .unavailable(trouble) }
    guard let number = Self.number(token), let begun = tree.begun[number] else { return .changed }
    let there = tree.nodes[path]
    if begun.isMoved {
      guard there?.inode == begun.node?.inode else { return .changed }
      return .installed(there.map { tree.stat($0) })
    }
    switch (there, begun.expected) {
    case (nil, nil): return .undone
    case (let there?, let expected?) where tree.stat(there).isStill(expected): return .undone
    default: return .changed
    }
  }

  package func clearStaging() {
    tree.begun = [:]
    tree.stageCount -= stages.count
    stages = [:]
  }

  // MARK: Attributes

  package func foresee(
    _ attributes: Attributes, at path: TreePath, isSymlink: Bool, taking: Taking
  ) -> (applied: Attributes, held: [Held]) {
    let attributes = counted(attributes, tree.nodes[path], isSymlink, taking)
    var applied = attributes
    var held: [Held] = []
    if isSymlink { applied.mode = .ofSymlink }
    if isSymlink { applied.acl = .none }
    if !knows(attributes.owner.user) {
      applied.owner.user = tree.nodes[path]?.owner.user ?? .number(0)
      held.append(Held(.owner, "user \"\(attributes.owner.user)\" is unknown here"))
    }
    if !knows(attributes.owner.group) {
      applied.owner.group = tree.nodes[path]?.owner.group ?? .number(0)
      held.append(Held(.group, "group \"\(attributes.owner.group)\" is unknown here"))
    }
    return (applied, held)
  }

  /// What is ignored is as it is here, or as root makes it.
  private func counted(
    _ wanted: Attributes, _ node: MemoryTree.Node?, _ isSymlink: Bool, _ taking: Taking
  ) -> Attributes {
    var out = wanted
    if taking.ignored.contains(.uid) { out.owner.user = node?.owner.user ?? .number(0) }
    if taking.ignored.contains(.gid) { out.owner.group = node?.owner.group ?? .number(0) }
    guard taking.ignored.contains(.mod), !isSymlink else { return out }
    out.mode = node?.mode ?? Mode(bits: 0o600)
    out.acl = node?.acl ?? .none
    return out
  }

  private func knows(_ principal: Principal) -> Bool {
    if case .name(let name) = principal { tree.knownNames.contains(name) } else { true }
  }

  private func fail(_ call: MemoryCall, _ path: TreePath) throws(DiskTrouble) {
    if let trouble = tree.trouble?(call, path) { throw trouble }
  }
}
