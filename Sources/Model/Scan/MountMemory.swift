/// Which directory it is, under whatever name.
struct DirectoryIdentity: Hashable, Sendable {
  private let device: UInt64
  private let inode: UInt64
  private let isDirectory: Bool

  init(_ stat: FileStat) {
    (device, inode, isDirectory) = (stat.device, stat.inode, stat.kind == .directory)
  }
}

/// Where other file systems were mounted below the roots of a group that crosses mounts: what was
/// on one that is not mounted any more is not deleted.
struct MountMemory: Hashable, Sendable {
  private static let limit = 65_536

  private let key: String
  private let isCrossing: Bool
  private let known: [TreePath]
  private var met: [TreePath] = []

  init(_ group: Group, _ store: any Store) throws(Failure) {
    key = "mounts \(group.name)"
    isCrossing = group.crossesMounts
    known = Self.paths(try store.note(key) ?? [])
  }

  mutating func meet(_ path: TreePath) {
    if isCrossing, met.count < Self.limit { met.append(path) }
  }

  /// Whether a look at these paths alone would miss that something was unmounted.
  func concerns(_ paths: [TreePath]) -> Bool {
    isCrossing
      && known.contains { mount in
        paths.contains { $0 == mount || $0.isBelow(mount) || mount.isBelow($0) }
      }
  }

  /// A place where something was mounted and is not any more; nil if it may be gone.
  func lost(_ selection: Selection, _ request: ScanRequest) -> TreePath? {
    guard isCrossing, request.paths.isEmpty, !request.acceptsDeletions else { return nil }
    let now = Set(met)
    return known.first {
      !now.contains($0) && (selection.includes($0) || selection.descends(into: $0))
    }
  }

  func keep(_ store: any Store) throws(Failure) {
    guard met != known else { return }
    guard !met.isEmpty else { return try store.setNote(key, nil) }
    var out = CBORWriter(capacity: 256)
    out.array(met.count)
    for path in met { out.bytes(path.key) }
    try store.setNote(key, out.bytes)
  }

  private static func paths(_ bytes: [UInt8]) -> [TreePath] {
    var reader = CBORReader(bytes)
    var out: [TreePath] = []
    do throws(WireFault) {
      let count = bytes.isEmpty ? 0 : try reader.readArrayHeader(max: limit)
      for _ in 0..<count {
        let key = try reader.readBytes(max: TreePath.byteLimit)
        if let path = TreePath(key: key) { out.append(path) }
      }
    } catch {
      return []
    }
    return out
  }
}
