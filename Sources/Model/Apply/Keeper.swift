/// Copies contents from this disk into the store of kept contents.
package struct Keeper {
  private let group: String
  private let store: any Store
  private let disk: any Disk
  private let limits: Keeping

  package init(group: String, store: any Store, disk: any Disk, limits: Keeping) {
    self.group = group
    self.store = store
    self.disk = disk
    self.limits = limits
  }

  /// How much of the room for contents former texts may take: versions of conflicts come first.
  private var textRoom: UInt64 { limits.totalBytes / 4 }

  /// Keeps what paths show, if it is a short text: should two hosts edit it at once, their changes
  /// can be merged. What is no text, or is not as it was seen any more, is passed over.
  package func keepTexts(_ paths: [TreePath]) throws(Failure) {
    guard limits.ancestorBytes > 0 else { return }
    var left = paths[...]
    while !left.isEmpty {
      try store.keepTogether { () throws(Failure) in
        var bytes: UInt64 = 0
        while bytes < Self.batchBytes, let path = left.popFirst() { bytes += try keepText(path) }
      }
    }
  }

  /// So much is kept at once, and made durable with one wait.
  private static let batchBytes: UInt64 = 16 << 20

  /// - Returns: The bytes that were read.
  private func keepText(_ path: TreePath) throws(Failure) -> UInt64 {
    guard let entry = try store.entry(group, path),
      case .file(let file) = entry.shown.content.value, file.size > 0,
      file.size <= limits.ancestorBytes, !(try store.hasContent(file.digest)),
      let stat = try? disk.stat(path), stat.size == file.size,
      let bytes = try? disk.read(path, stat: stat, offset: 0, count: Int(file.size)),
      isText(bytes)
    else { return 0 }
    var pieces = [bytes, []][...]
    // One that differs by now, or that there is no room for, is not missed until a merge asks.
    _ = try store.keepContent(file.digest, room: textRoom) { () throws(Failure) in
      pieces.popFirst() ?? []
    }
    return file.size
  }

  /// Keeps what a path shows, whatever it is, before something else takes its place.
  ///
  /// - Returns: Why it could not be kept; nil if it is, or if there is nothing to keep.
  package func keepShown(_ entry: Entry) throws(Failure) -> String? {
    guard case .file(let file) = entry.shown.content.value, file.size > 0 else { return nil }
    try store.tie(file.digest, group, entry.path)
    if try store.hasContent(file.digest) { return nil }
    guard let stat = try? disk.stat(entry.path), stat.size == file.size else { return nil }
    var offset: UInt64 = 0
    var trouble: DiskTrouble?
    let result = try store.keepContent(file.digest, room: limits.totalBytes) {
      () throws(Failure) in
      do throws(DiskTrouble) {
        let bytes = try disk.read(entry.path, stat: stat, offset: offset, count: 1 << 20)
        offset += UInt64(bytes.count)
        return bytes
      } catch {
        trouble = error
        return []
      }
    }
    if let trouble { return trouble.reason }
    switch result {
    // What differs was changed meanwhile: it is no version of anything yet.
    case .kept, .differs: return nil
    case .noRoom: return "there is no room to keep its version"
    }
  }
}
