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
  ///
  /// Where there is much to keep, only what merges by itself is kept at once: the rest waits for
  /// `goOn`.
  ///
  /// - Parameters:
  ///   - configured: The group.
  ///   - budget: How many more are kept at once in this run.
  package func keepTexts(
    _ paths: [TreePath], _ configured: Group, budget: inout Int
  ) throws(Failure) {
    guard limits.ancestorBytes > 0, !paths.isEmpty else { return }
    var now = paths
    if paths.count > budget {
      now = configured.isDeciding ? paths.filter { configured.autoMethod(for: $0) == .merge } : []
      if now.count < paths.count { try store.setBacklog(Backlog(), group) }
    }
    budget -= min(budget, now.count)
    try keep(now)
  }

  /// How many texts a run keeps before it goes on.
  package static let atOnce = 256

  private func keep(_ paths: [TreePath]) throws(Failure) {
    var left = paths[...]
    while !left.isEmpty {
      try store.keepTogether { () throws(Failure) in
        var bytes: UInt64 = 0
        while bytes < Self.batchBytes, let path = left.popFirst() {
          if let entry = try store.entry(group, path) { bytes += try keepText(entry) }
        }
      }
    }
  }

  /// Goes on with the texts that were left for later: a piece of bounded size.
  ///
  /// - Returns: Whether some are left.
  package func goOn() throws(Failure) -> Bool {
    guard let backlog = try store.backlog(group) else { return false }
    var left = Self.atOnce
    var last = backlog.last
    var isOver = false
    try store.keepTogether { () throws(Failure) in
      var bytes: UInt64 = 0
      var looked = 0
      while left > 0, bytes < Self.batchBytes, looked < 4_000, !isOver {
        let entries = try store.entries(group, after: last, limit: 500)
        isOver = entries.count < 500
        for entry in entries {
          guard left > 0, bytes < Self.batchBytes else {
            isOver = false
            break
          }
          last = entry.path
          looked += 1
          let count = try keepText(entry)
          if count > 0 { left -= 1 }
          bytes += count
        }
      }
    }
    // No more fits: the oldest ancestors are not worth more than the latest.
    let held = try store.contentsHeld().bytes
    if isOver || held > textRoom {
      try store.setBacklog(nil, group)
      return false
    }
    try store.setBacklog(Backlog(last: last), group)
    return true
  }

  /// So much is kept at once, and made durable with one wait.
  private static let batchBytes: UInt64 = 16 << 20

  /// - Returns: The bytes that were read.
  private func keepText(_ entry: Entry) throws(Failure) -> UInt64 {
    guard case .file(let file) = entry.shown.content.value, file.size > 0,
      !entry.state.contains(.localOnly),
      file.size <= limits.ancestorBytes, !(try store.hasContent(file.digest)),
      let stat = try? disk.stat(entry.path), stat.size == file.size,
      let bytes = try? disk.read(entry.path, stat: stat, offset: 0, count: Int(file.size)),
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

/// Texts that a run has left for later: all that are not kept, of the paths after `last`.
package struct Backlog: Hashable, Sendable {
  package var last: TreePath?

  package init(last: TreePath? = nil) { self.last = last }
}

extension Store {
  /// Nil: nothing was left.
  package func backlog(_ group: String) throws(Failure) -> Backlog? {
    try note("texts \(group)").map { Backlog(last: TreePath(key: $0)) }
  }

  package func setBacklog(_ backlog: Backlog?, _ group: String) throws(Failure) {
    let name = "texts \(group)"
    let value = backlog.map { $0.last?.key ?? [] }
    if try note(name) == value { return }
    try easyTransaction { () throws(Failure) in try setNote(name, value) }
  }
}
