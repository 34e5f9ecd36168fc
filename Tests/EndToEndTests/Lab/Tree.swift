import Glibc

/// What `lstat` says about one object, in words that a test compares.
struct Sight: Equatable, CustomStringConvertible {
  var type: String
  var mode: UInt32
  var user: UInt32
  var group: UInt32
  var size: Int
  var inode: UInt
  var modified: String
  var changed: String

  init?(_ path: [CChar]) {
    var info = stat()
    guard lstat(path, &info) == 0 else { return nil }
    type =
      switch info.st_mode & S_IFMT {
      case S_IFREG: "file"
      case S_IFDIR: "dir"
      case S_IFLNK: "link"
      case S_IFIFO: "fifo"
      case S_IFSOCK: "socket"
      default: "device"
      }
    mode = info.st_mode & 0o7777
    user = info.st_uid
    group = info.st_gid
    size = Int(info.st_size)
    inode = UInt(info.st_ino)
    modified = "\(info.st_mtim.tv_sec).\(info.st_mtim.tv_nsec)"
    changed = "\(info.st_ctim.tv_sec).\(info.st_ctim.tv_nsec)"
  }

  var description: String {
    "\(type) \(String(mode, radix: 8)) \(user):\(group) \(size) ino \(inode) m \(modified) c \(changed)"
  }
}

/// Which facts a tree line holds beside name, type, mode and content.
struct Facts: OptionSet {
  let rawValue: Int
  static let owner = Facts(rawValue: 1)
  static let mtime = Facts(rawValue: 2)
  static let acl = Facts(rawValue: 4)
  /// Everything that equal hosts share. The time stamp travels with content, but is no event.
  static let usual: Facts = [.owner, .acl]
}

enum Tree {
  /// All objects below `root`, sorted by name bytes, without the root itself.
  static func names(_ root: String) throws -> [Name] {
    var found: [Name] = []
    try walk(root, [], &found)
    return found.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
  }

  /// One line an object: equal lists mean equal trees.
  static func lines(_ root: String, _ facts: Facts = .usual) throws -> [String] {
    try names(root).map { try line(root, $0, facts) }
  }

  /// Inode, times and all of every object, the root included: equal means untouched.
  static func sights(_ root: String) throws -> [String: Sight] {
    var all: [String: Sight] = [:]
    all["."] = Sight(Name(".").pointer(in: root))
    for name in try names(root) { all[name.description] = Sight(name.pointer(in: root)) }
    return all
  }

  private static func line(_ root: String, _ name: Name, _ facts: Facts) throws -> String {
    let path = name.pointer(in: root)
    guard let sight = Sight(path) else { throw LabFailure.call("lstat", "\(root)/\(name)") }
    var words = [name.description, sight.type]
    if sight.type != "link" { words.append(String(sight.mode, radix: 8)) }
    if facts.contains(.owner) { words.append("\(sight.user):\(sight.group)") }
    if facts.contains(.mtime) && sight.type == "file" { words.append(sight.modified) }
    if facts.contains(.acl) && sight.type != "link" {
      for kind in ["access", "default"] {
        guard let acl = Attributes.value("system.posix_acl_\(kind)", of: path) else { continue }
        words.append("\(kind)=\(escaped(acl))")
      }
    }
    switch sight.type {
    case "file": words.append(digest(try bytes(path)))
    case "link": words.append("-> \(escaped(try target(path)))")
    default: break
    }
    return words.joined(separator: " ")
  }

  private static func walk(_ root: String, _ folder: [UInt8], _ found: inout [Name]) throws {
    guard let stream = opendir(Name(bytes: folder).pointer(in: root)) else {
      throw LabFailure.call("opendir", "\(root)/\(escaped(folder))")
    }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if name == [0x2e] || name == [0x2e, 0x2e] { continue }
      let path = folder.isEmpty ? name : folder + [UInt8(ascii: "/")] + name
      found.append(Name(bytes: path))
      let kind = Sight(Name(bytes: path).pointer(in: root))?.type
      if kind == "dir" { try walk(root, path, &found) }
    }
  }

  static func target(_ path: [CChar]) throws -> [UInt8] {
    var buffer = [CChar](repeating: 0, count: 8_192)
    let count = readlink(path, &buffer, buffer.count)
    guard count >= 0 else { throw LabFailure.call("readlink") }
    return buffer[..<count].map { UInt8(bitPattern: $0) }
  }

  static func bytes(_ path: [CChar]) throws -> [UInt8] {
    let file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { throw LabFailure.call("open", "\(path.count) bytes of path") }
    defer { close(file) }
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(file, &buffer, buffer.count)
      guard count >= 0 else { throw LabFailure.call("read") }
      if count == 0 { return all }
      all += buffer[..<count]
    }
  }

  /// Short content as it is; long content as its length and a 64-bit FNV-1a hash.
  static func digest(_ bytes: [UInt8]) -> String {
    if bytes.count <= 64 { return "'\(escaped(bytes))'" }
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return "\(bytes.count) bytes \(String(hash, radix: 16))"
  }
}
