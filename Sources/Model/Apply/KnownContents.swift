/// Contents that this host has, wherever they are: what paths show, and what is kept.
package struct KnownContents {
  let group: String
  let store: any Store
  let disk: any Disk
  let surroundings: any Surroundings

  package init(
    group: String, store: any Store, disk: any Disk, surroundings: any Surroundings
  ) {
    self.group = group
    self.store = store
    self.disk = disk
    self.surroundings = surroundings
  }

  /// The whole content; nil if this host does not have it (any more), or if it is longer than
  /// `limit` bytes.
  package func bytes(
    _ digest: Digest, size: UInt64, limit: UInt64
  ) throws(Failure) -> [UInt8]? {
    guard size <= limit else { return nil }
    if size == 0 { return [] }
    if let kept = try store.content(digest, limit: limit) { return kept }
    guard let source = try store.entryShowing(digest, group),
      let bytes = read(source.path, size), surroundings.sha256(bytes) == digest
    else { return nil }
    return bytes
  }

  /// What a path's file holds now; nil if it has another size, or changes.
  private func read(_ path: TreePath, _ size: UInt64) -> [UInt8]? {
    guard let stat = try? disk.stat(path), stat.size == size else { return nil }
    var out: [UInt8] = []
    while UInt64(out.count) < size {
      guard
        let part = try? disk.read(path, stat: stat, offset: UInt64(out.count), count: 1 << 20),
        !part.isEmpty
      else { return nil }
      out += part
    }
    return out
  }
}
