/// `auto merge`: versions of a text whose changes do not meet become one text, on every host the
/// same, without an event.
package enum AutoMerge {
  /// The longest version that is merged by itself, in bytes: alike on every host.
  package static let byteLimit: UInt64 = 1 << 20

  /// Decides a conflict by the merge of its versions, if the policy says so and they can be merged.
  ///
  /// All hosts that come to a result come to the same one: it follows from the versions and from
  /// what they come from alone. A host that lacks one of them leaves the conflict open.
  ///
  /// - Returns: Whether it was decided; the disk has to follow then.
  package static func run(
    _ path: TreePath, group: Group, store: any Store, disk: any Disk,
    surroundings: any Surroundings, limits: Keeping
  ) throws(Failure) -> Bool {
    guard group.autoMethod(for: path) == .merge, var entry = try store.entry(group.name, path),
      entry.record.content.isConflict, entry.decided?.isMerged != true,
      let files = files(of: entry.record),
      let merged = try merged(files, entry, group.name, TextSource(store, disk, surroundings))
    else { return false }
    let digest = surroundings.sha256(merged)
    var pieces = [merged, []][...]
    let result = try store.keepContent(digest, room: limits.totalBytes) { () throws(Failure) in
      pieces.popFirst() ?? []
    }
    guard result == .kept || merged.isEmpty else { return false }
    try store.transaction { () throws(Failure) in
      try store.tie(digest, group.name, path)
      entry.decideMerged(
        FileContent(
          digest: digest, size: UInt64(merged.count),
          modified: files.map(\.modified).max() ?? Timestamp(seconds: 0, nanoseconds: 0),
          isBirth: false))
      try store.put(entry, group.name)
    }
    return true
  }

  /// The versions in the order of their digests; nil if one is no file, or too long.
  private static func files(of record: Record) -> [FileContent]? {
    var out: [FileContent] = []
    for sibling in record.content.distinct {
      guard case .file(let file) = sibling.value, file.size <= byteLimit else { return nil }
      out.append(file)
    }
    return out.sorted { $0.digest < $1.digest }
  }

  private static func merged(
    _ files: [FileContent], _ entry: Entry, _ group: String, _ source: TextSource
  ) throws(Failure) -> [UInt8]? {
    let steps = try source.store.steps(group, entry.path)
    guard case .file(let digest, let size)? = entry.ancestor(steps)?.content,
      let base = try source.text(digest, size, entry), let first = files.first,
      var result = try source.text(first.digest, first.size, entry)
    else { return nil }
    for file in files.dropFirst() {
      guard let next = try source.text(file.digest, file.size, entry),
        case .merged(let bytes, _, _, _) = merge3(base: base, a: result, b: next)
      else { return nil }
      result = bytes
    }
    return result
  }
}

/// Where the texts come from: what is kept, or what the path shows on this disk.
private struct TextSource {
  let store: any Store
  private let disk: any Disk
  private let surroundings: any Surroundings

  init(_ store: any Store, _ disk: any Disk, _ surroundings: any Surroundings) {
    self.store = store
    self.disk = disk
    self.surroundings = surroundings
  }

  /// A content as a text; nil if it is not here, or no text.
  func text(_ digest: Digest, _ size: UInt64, _ entry: Entry) throws(Failure) -> [UInt8]? {
    guard size <= AutoMerge.byteLimit else { return nil }
    if size == 0 { return [] }
    var bytes = try store.content(digest, limit: AutoMerge.byteLimit)
    if bytes == nil, case .file(let shown) = entry.shown.content.value, shown.digest == digest,
      let stat = try? disk.stat(entry.path), stat.size == size
    {
      bytes = try? disk.read(entry.path, stat: stat, offset: 0, count: Int(size))
    }
    guard let bytes, isText(bytes), surroundings.sha256(bytes) == digest else { return nil }
    return bytes
  }
}
