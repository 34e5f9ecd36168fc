import Model
import Transport

/// The contents of versions, wherever on this host they are.
extension Node {
  /// The longest content that is compared or merged as a text, in bytes.
  static let textLimit: UInt64 = 16 << 20

  /// The bytes of a file's content; nil if this host does not have them, or if there are too many.
  func bytes(
    of digest: Digest, size: UInt64, _ group: String, limit: UInt64 = Node.textLimit
  ) throws(Failure) -> [UInt8]? {
    let disk = try disk()
    return try real.with { store throws(Failure) in
      try KnownContents(group: group, store: store, disk: disk, surroundings: surroundings)
        .bytes(digest, size: size, limit: limit)
    }
  }

  /// A version of a conflict, for comparing and merging.
  func bytes(
    of version: ConflictVersion, _ conflict: Conflict, limit: UInt64 = Node.textLimit
  ) throws(Failure) -> VersionText {
    switch version.values.content {
    case nil, .absent: return .absent
    case .file(let file):
      guard file.size <= limit else { return .other("too long to compare, \(byteText(file.size))") }
      guard let bytes = try bytes(of: file.digest, size: file.size, conflict.group) else {
        return .missing(file)
      }
      return looksBinary(bytes) ? .other("binary, \(byteText(file.size))") : .text(bytes)
    case .directory: return .other("a directory")
    case .symlink(let target): return .text(target + [0x0A])
    case .fifo: return .other("a FIFO")
    case .device(let node): return .other("a \(node)")
    }
  }

  /// What all versions of a conflict come from, if this host knows it.
  func ancestor(of conflict: Conflict) throws(Failure) -> ContentMark? {
    try real.with { store throws(Failure) in
      guard let entry = try store.entry(conflict.group, conflict.path) else { return nil }
      return entry.ancestor(try store.steps(conflict.group, conflict.path))?.content
    }
  }

  /// The common ancestor's bytes; nil if it is not known, not kept, or no text.
  func base(of conflict: Conflict) throws(Failure) -> [UInt8]? {
    guard case .file(let digest, let size)? = try ancestor(of: conflict) else { return nil }
    guard let bytes = try bytes(of: digest, size: size, conflict.group), isText(bytes) else {
      return nil
    }
    return bytes
  }
}

/// One version, as far as it can be compared line by line.
enum VersionText {
  case absent
  case text([UInt8])
  /// No text; in words.
  case other(String)
  /// Its bytes are not on this host.
  case missing(FileContent)
}
