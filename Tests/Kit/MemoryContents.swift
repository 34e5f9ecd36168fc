package import Model

// Kept contents in memory. They go back with a transaction, which the real ones do not: a content
// too many does no harm.
extension MemoryStore {
  package func hasContent(_ digest: Digest) throws(Failure) -> Bool {
    state.contents[digest] != nil
  }

  package func content(_ digest: Digest, limit: UInt64) throws(Failure) -> [UInt8]? {
    guard let bytes = state.contents[digest], UInt64(bytes.count) <= limit else { return nil }
    return try proveContent(digest) ? bytes : nil
  }

  package func proveContent(_ digest: Digest) throws(Failure) -> Bool {
    guard let bytes = state.contents[digest] else { return false }
    if memoryDigest(bytes) == digest { return true }
    lose(digest)
    return false
  }

  /// Drops a damaged content and marks the conflicts that it is kept for.
  private func lose(_ digest: Digest) {
    state.contents[digest] = nil
    for (group, ties) in state.ties {
      for (path, digests) in ties where digests.contains(digest) {
        guard var entry = try? entry(group, path), entry.record.content.isConflict else { continue }
        entry.state.insert(.lacking)
        try? put(entry, group)
      }
    }
  }

  /// Turns a bit of a kept content over, as a bad disk does.
  package func damageContent(_ digest: Digest) { state.contents[digest]?[0] ^= 1 }

  package func contentPart(_ digest: Digest, _ number: UInt64) throws(Failure) -> [UInt8]? {
    guard let bytes = state.contents[digest], number < 1 << 20 else { return nil }
    let start = Int(number) * contentPartBytes
    guard start < bytes.count || start == 0 else { return nil }
    return Array(bytes[start..<min(bytes.count, start + contentPartBytes)])
  }

  package func keepContent(
    _ digest: Digest, room: UInt64, _ next: () throws(Failure) -> [UInt8]
  ) throws(Failure) -> KeepResult {
    if state.contents[digest] != nil { return .kept }
    var bytes: [UInt8] = []
    while true {
      let more = try next()
      if more.isEmpty { break }
      bytes += more
    }
    let held = state.contents.values.reduce(0) { $0 + $1.count }
    guard UInt64(held + bytes.count) <= room else { return .noRoom }
    guard memoryDigest(bytes) == digest else { return .differs }
    state.contents[digest] = bytes
    return .kept
  }

  package func keepTogether(_ body: () throws(Failure) -> Void) throws(Failure) { try body() }

  package func dropContent(_ digest: Digest) throws(Failure) { state.contents[digest] = nil }

  package func contentsHeld() throws(Failure) -> (count: Int, bytes: UInt64) {
    (state.contents.count, UInt64(state.contents.values.reduce(0) { $0 + $1.count }))
  }

  package func tie(_ digest: Digest, _ group: String, _ path: TreePath) throws(Failure) {
    state.ties[group, default: [:]][path, default: []].insert(digest)
  }

  package func untie(_ digest: Digest, _ group: String, _ path: TreePath) throws(Failure) {
    state.ties[group]?[path]?.remove(digest)
    if state.ties[group]?[path]?.isEmpty == true { state.ties[group]?[path] = nil }
  }

  package func isTied(
    _ digest: Digest, _ group: String, _ path: TreePath
  ) throws(Failure) -> Bool { state.ties[group]?[path]?.contains(digest) ?? false }

  package func isTied(_ digest: Digest) throws(Failure) -> Bool {
    state.ties.values.contains { $0.values.contains { $0.contains(digest) } }
  }

  package func tieCount(_ group: String) throws(Failure) -> Int {
    (state.ties[group] ?? [:]).values.reduce(0) { $0 + $1.count }
  }

  package func ties(
    _ group: String, after: TreePath?, limit: Int
  ) throws(Failure) -> [ContentTie] {
    let paths = (state.ties[group] ?? [:]).keys.sorted()
      .filter { path in after.map { $0 < path } ?? true }.prefix(limit)
    return paths.flatMap { path in
      (state.ties[group]?[path] ?? []).sorted().map { ContentTie(path: path, digest: $0) }
    }
  }
}
