/// The name of one object in a group: the same on every host, wherever its prefix points there.
///
/// As text it is absolute (`/etc/hosts`) or begins with a prefix (`%web%/index.html`). It is kept
/// as
/// `key`: the text with byte 0, which no name contains, in place of `/`. Compared byte by byte,
/// keys
/// sort in *path order*: a directory, then all below it, then its next sibling, as a depth-first
/// walk over sorted names meets them. Bytes, not characters: a name need not be UTF-8.
package struct TreePath: Hashable, Sendable {
  /// The longest key that is accepted, in bytes.
  package static let byteLimit = 32_768
  /// The longest component (Linux: `NAME_MAX`), in bytes.
  package static let componentLimit = 255

  package let key: [UInt8]

  private init(checkedKey: [UInt8]) { key = checkedKey }

  /// A path from its text, or nil if the text is relative, leaves its root, has an empty component,
  /// one of `.` or `..`, one that is too long, or a byte 0.
  package init?(text: some Collection<UInt8>) {
    var key = Array(text)
    guard !key.contains(0) else { return nil }
    for index in key.indices where key[index] == UInt8(ascii: "/") { key[index] = 0 }
    self.init(key: key)
  }

  package init?(_ text: String) { self.init(text: text.utf8) }

  /// A path from its key, checked like text: keys come from peers and from the database.
  package init?(key: [UInt8]) {
    guard !key.isEmpty, key.count <= Self.byteLimit, Self.isSound(key) else { return nil }
    self.key = key
  }

  private static func isSound(_ key: [UInt8]) -> Bool {
    var start = 0
    for end in 0..<key.count where key[end] == 0 {
      guard isSoundPart(key, start, end) else { return false }
      start = end + 1
    }
    return isSoundPart(key, start, key.count)
  }

  /// As `isSoundName`, for one part of a key that is not empty; the first part is, or is a prefix.
  private static func isSoundPart(_ key: [UInt8], _ start: Int, _ end: Int) -> Bool {
    let (dot, slash, percent) = (UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "%"))
    let count = end - start
    if start == 0 {
      if count == 0 { return true }
      guard count > 2, key[0] == percent, key[end - 1] == percent else { return false }
    } else {
      guard count > 0, count <= componentLimit else { return false }
      if key[start] == dot, count == 1 || count == 2 && key[start + 1] == dot { return false }
    }
    for index in start..<end where key[index] == slash { return false }
    return true
  }

  /// Whether the bytes can name one object in a directory.
  package static func isSoundName(_ name: some Collection<UInt8>) -> Bool {
    let dot = UInt8(ascii: ".")
    guard !name.isEmpty, name.count <= componentLimit else { return false }
    guard !(name.count <= 2 && name.allSatisfy { $0 == dot }) else { return false }
    return !name.contains(0) && !name.contains(UInt8(ascii: "/"))
  }

  /// The path of the child `name`, or nil if that is no sound name or the path gets too long.
  package func child(_ name: some Collection<UInt8>) -> TreePath? {
    guard Self.isSoundName(name), key.count + 1 + name.count <= Self.byteLimit else { return nil }
    var key = self.key
    key.reserveCapacity(key.count + 1 + name.count)
    key.append(0)
    key.append(contentsOf: name)
    return TreePath(checkedKey: key)
  }

  /// The directory that it stands in, or nil for `/name` and a bare prefix.
  package var parent: TreePath? {
    guard let cut = key.lastIndex(of: 0), cut > 0 else { return nil }
    return TreePath(checkedKey: Array(key[..<cut]))
  }

  /// The last component; for a bare prefix the prefix itself.
  package var name: ArraySlice<UInt8> {
    guard let cut = key.lastIndex(of: 0) else { return key[...] }
    return key[(cut + 1)...]
  }

  /// Whether it stands anywhere below `other`.
  package func isBelow(_ other: TreePath) -> Bool {
    key.count > other.key.count && key[other.key.count] == 0 && key.starts(with: other.key)
  }

  /// The components below `root`, or nil if it is neither `root` nor below it.
  package func components(below root: TreePath) -> [ArraySlice<UInt8>]? {
    if self == root { return [] }
    guard isBelow(root) else { return nil }
    return key[(root.key.count + 1)...].split(separator: 0)
  }

  /// As written in configurations: with slashes.
  package var text: [UInt8] { key.map { $0 == 0 ? UInt8(ascii: "/") : $0 } }
}

extension TreePath: Comparable {
  /// Path order.
  package static func < (left: TreePath, right: TreePath) -> Bool {
    left.key.lexicographicallyPrecedes(right.key)
  }

  /// Eight bytes at a time: one by one they cost the most of what a table of paths costs.
  package func hash(into hasher: inout Hasher) {
    var word: UInt64 = 0
    for index in 0..<key.count {
      word = word << 8 | UInt64(key[index])
      if index & 7 == 7 { hasher.combine(word) }
    }
    hasher.combine(word)
    hasher.combine(key.count)
  }
}

extension TreePath: CustomStringConvertible {
  /// Escaped: safe on a terminal.
  package var description: String { escaped(text) }
}
