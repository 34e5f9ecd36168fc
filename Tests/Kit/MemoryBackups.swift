package import Model

/// Copies in memory, the newest first.
extension MemoryDisk {
  package func backUp(
    _ items: [PreparedInstallation], in place: BackupPlace
  ) -> [DiskTrouble?] {
    items.map { item in
      let path = item.installation.path
      if let trouble = tree.trouble?(.backUp, path) { return trouble }
      guard let node = tree.nodes[path], item.installation.destroys,
        tree.backups[path]?.first != node
      else { return nil }
      tree.backups[path, default: []].insert(node, at: 0)
      tree.backups[path] = Array(tree.backups[path, default: []].prefix(place.generations))
      return nil
    }
  }

  package func stageBackup(
    of path: TreePath, generation: Int, in place: BackupPlace
  ) throws(DiskTrouble) -> StagedBackup? {
    guard let copies = tree.backups[path], copies.indices.contains(generation - 1) else {
      return nil
    }
    let node = copies[generation - 1]
    var seen = Observation(
      content: .absent, mode: node.mode, owner: node.owner, acl: node.acl, stat: tree.stat(node))
    switch node.content {
    case .symlink(let target):
      seen.content = .symlink(target: target)
      return StagedBackup(observation: seen)
    case .file(let bytes):
      let handle = try stage(for: path, size: UInt64(bytes.count))
      try append(bytes, to: handle)
      seen.content = .file(
        FileContent(
          digest: tree.digest(bytes), size: UInt64(bytes.count), modified: node.modified,
          isBirth: false))
      return StagedBackup(observation: seen, stage: handle)
    case .directory, .fifo, .socket: return nil
    }
  }

  package func keepsBackups(at path: TreePath) -> Bool { false }
}

extension MemoryDisk {
  package func makeView(of items: [PreparedInstallation]) throws(DiskTrouble) -> DiskView {
    for item in items {
      if let trouble = tree.trouble?(.view, item.installation.path) { throw trouble }
    }
    return DiskView(layers: [], number: 0)
  }

  package func drop(_ view: DiskView) {}

  package func localPath(of path: TreePath) -> [UInt8] { path.text }
}

extension MemoryTree {
  /// The texts of the copies of a path, the newest first.
  package func backupTexts(_ path: TreePath) -> [String] {
    (backups[path] ?? []).compactMap {
      guard case .file(let bytes) = $0.content else { return nil }
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}
