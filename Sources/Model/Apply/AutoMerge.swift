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
      let merged = try merged(
        files, entry,
        KnownContents(group: group.name, store: store, disk: disk, surroundings: surroundings))
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
    _ files: [FileContent], _ entry: Entry, _ known: KnownContents
  ) throws(Failure) -> [UInt8]? {
    func text(_ digest: Digest, _ size: UInt64) throws(Failure) -> [UInt8]? {
      let bytes = try known.bytes(digest, size: size, limit: byteLimit)
      return bytes.flatMap { isText($0) ? $0 : nil }
    }
    let steps = try known.store.steps(known.group, entry.path)
    guard case .file(let digest, let size)? = entry.ancestor(steps)?.content,
      let base = try text(digest, size), let first = files.first,
      var result = try text(first.digest, first.size)
    else { return nil }
    for file in files.dropFirst() {
      guard let next = try text(file.digest, file.size),
        case .merged(let bytes, _, _, _) = merge3(base: base, a: result, b: next)
      else { return nil }
      result = bytes
    }
    return result
  }
}
