import Model

/// The kernel's form of an access list: version 2, little-endian, then for each entry a tag (16
/// bits), permissions (16) and a number (32; all ones where the tag needs none).
struct AccessBlob: Equatable {
  struct Entry: Equatable {
    var tag: AccessEntry.Tag
    var permissions: UInt8
    /// For `user` and `group`.
    var id: UInt32
  }

  static let noID = UInt32.max
  static let accessName = "system.posix_acl_access"
  static let inheritedName = "system.posix_acl_default"

  var entries: [Entry]

  init(entries: [Entry]) {
    self.entries = entries.sorted { ($0.tag.rawValue, $0.id) < ($1.tag.rawValue, $1.id) }
  }

  /// Nil if the bytes are no list of version 2.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 4, bytes.count % 8 == 4, Array(bytes[..<4]) == [2, 0, 0, 0] else {
      return nil
    }
    var entries: [Entry] = []
    for start in stride(from: 4, to: bytes.count, by: 8) {
      guard let tag = AccessEntry.Tag(rawValue: bytes[start]), bytes[start + 1] == 0,
        bytes[start + 2] <= 7, bytes[start + 3] == 0
      else { return nil }
      let id = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + 4 + $1]) << (8 * $1) }
      entries.append(Entry(tag: tag, permissions: bytes[start + 2], id: id))
    }
    self.entries = entries
  }

  var bytes: [UInt8] {
    var out: [UInt8] = [2, 0, 0, 0]
    for entry in entries {
      out += [entry.tag.rawValue, 0, entry.permissions, 0]
      for shift in stride(from: UInt32(0), to: 32, by: 8) {
        out.append(UInt8(truncatingIfNeeded: entry.id >> shift))
      }
    }
    return out
  }

  /// Whether it says no more than the three digits of a mode.
  var isMinimal: Bool {
    entries.allSatisfy { [.owner, .owningGroup, .others].contains($0.tag) }
  }

  /// The entries that a record keeps of an access list, with names in place of numbers.
  func recorded(_ names: Names) throws(Names.LookupFailure) -> [AccessEntry] {
    guard !isMinimal else { return [] }
    let kept = entries.filter { [.owningGroup, .user, .group].contains($0.tag) }
    return try AccessBlob(entries: kept).whole(names)
  }

  /// All entries, with names in place of numbers.
  func whole(_ names: Names) throws(Names.LookupFailure) -> [AccessEntry] {
    var out: [AccessEntry] = []
    for entry in entries {
      let principal: Principal? =
        switch entry.tag {
        case .user: try names.principal(entry.id, .user)
        case .group: try names.principal(entry.id, .group)
        case .owner, .owningGroup, .mask, .others: nil
        }
      out.append(AccessEntry(entry.tag, principal, permissions: entry.permissions))
    }
    return out
  }
}
