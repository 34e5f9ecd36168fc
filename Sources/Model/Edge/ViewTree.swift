import CLinux
import Glibc
import Model

/// A tree in staging that covers one directory of this host for a program that looks at changes.
///
/// It holds only what differs, and the directories on the way to that, which look like those that
/// they cover. What is new stands in it by a second name; what will be gone is whited out.
final class ViewTree {
  let base: OpenDirectory
  let basePath: [UInt8]
  let top: Descriptor
  private let area: StagingArea
  private let name: Name

  init(over base: OpenDirectory, _ path: [UInt8], in area: StagingArea, _ name: Name)
    throws(SystemError)
  {
    self.base = base
    basePath = path
    self.area = area
    self.name = name
    try checked(cl_make_directory(area.number, name.bytes))
    top = try Descriptor(cl_open_directory(area.number, name.bytes))
    try dress(top, like: base.descriptor)
  }

  func remove() { try? removeTree(name, in: area.directory.descriptor) }

  /// For the program that will see it.
  func layer() throws(SystemError) -> Program.View {
    // As long as the kernel makes paths.
    var bytes = [UInt8](repeating: 0, count: 4_096)
    let count = Int(try checked(cl_path_of(top.number, &bytes, bytes.count)))
    guard count < bytes.count else { throw SystemError(ENAMETOOLONG) }
    let seen = try Sighting(top).stat
    return Program.View(
      base: basePath, layer: Array(bytes.prefix(count)),
      baseIdentity: .init(device: base.device, inode: base.inode),
      layerIdentity: .init(device: seen.device, inode: seen.inode))
  }

  /// The directory here that stands for one below the base; nil where something covers it that is
  /// no directory.
  func directory(_ parts: ArraySlice<Name>) throws(SystemError) -> Descriptor? {
    var current = top
    var real: Descriptor? = base.descriptor
    for name in parts {
      real = try real.flatMap { (directory) throws(SystemError) in
        try Self.realDirectory(name, in: directory)
      }
      let opened = cl_open_directory(current.number, name.bytes)
      switch opened {
      case -ENOTDIR, -ELOOP: return nil
      case -ENOENT:
        guard let real else { throw SystemError(ENOENT) }
        try checked(cl_make_directory(current.number, name.bytes))
        current = try Descriptor(cl_open_directory(current.number, name.bytes))
        try dress(current, like: real)
      default: current = try Descriptor(opened)
      }
    }
    return current
  }

  private static func realDirectory(
    _ name: Name, in directory: Descriptor
  ) throws(SystemError) -> Descriptor? {
    let opened = cl_open_beneath(directory.number, name.bytes, 1)
    return [-ENOENT, -ENOTDIR, -ELOOP].contains(opened) ? nil : try Descriptor(opened)
  }
}

/// Gives a new object the owner, the mode and the access list of another.
func dress(_ object: Descriptor, like other: Descriptor) throws(SystemError) {
  let stat = try Sighting(other).stat
  try dress(object, stat.uid, stat.gid, stat.mode, rawList(of: other))
}

func dress(
  _ object: Descriptor, _ uid: UInt32, _ gid: UInt32, _ mode: UInt16, _ list: [UInt8]?
) throws(SystemError) {
  try checked(cl_set_owner(object.number, uid, gid))
  try checked(cl_set_mode(object.number, UInt32(mode)))
  if let list {
    try checked(cl_set_attribute(object.number, AccessBlob.accessName, list, list.count))
  }
}
