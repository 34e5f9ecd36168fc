import Glibc

extension Lab {
  /// Writes a whole file in place, with its parents.
  func write(_ host: String, _ name: Name, _ text: String, mode: mode_t? = nil) throws {
    try write(host, name, bytes: Array(text.utf8), mode: mode)
  }

  func write(_ host: String, _ name: Name, bytes: [UInt8], mode: mode_t? = nil) throws {
    try parents(host, name)
    let path = name.pointer(in: root(host))
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw LabFailure.call("open", "\(host) \(name)") }
    defer { close(file) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      guard count > 0 else { throw LabFailure.call("write", "\(host) \(name)") }
      rest = rest.dropFirst(count)
    }
    if let mode { fchmod(file, mode) }
  }

  /// The text of a regular file; nil if nothing, or something else, has the name.
  func read(_ host: String, _ name: Name) throws -> String? {
    try bytes(host, name).map { String(decoding: $0, as: UTF8.self) }
  }

  func bytes(_ host: String, _ name: Name) throws -> [UInt8]? {
    guard sight(host, name)?.type == "file" else { return nil }
    return try Tree.bytes(name.pointer(in: root(host)))
  }

  /// What each host holds under a name, in the order of the hosts.
  func contents(_ name: Name) throws -> [String?] { try hosts.map { try read($0, name) } }

  func sight(_ host: String, _ name: Name) -> Sight? { Sight(name.pointer(in: root(host))) }
  func exists(_ host: String, _ name: Name) -> Bool { sight(host, name) != nil }

  func target(_ host: String, _ name: Name) throws -> String {
    String(decoding: try Tree.target(name.pointer(in: root(host))), as: UTF8.self)
  }

  func makeDirectory(_ host: String, _ name: Name, mode: mode_t = 0o755) throws {
    try parents(host, name)
    let path = name.pointer(in: root(host))
    if mkdir(path, 0o755) != 0 && errno != EEXIST { throw LabFailure.call("mkdir", "\(name)") }
    Glibc.chmod(path, mode)
  }

  private func parents(_ host: String, _ name: Name) throws {
    let pieces = name.bytes.split(separator: UInt8(ascii: "/"))
    var folder: [UInt8] = []
    for piece in pieces.dropLast() {
      folder += (folder.isEmpty ? [] : [UInt8(ascii: "/")]) + piece
      let path = Name(bytes: folder).pointer(in: root(host))
      if mkdir(path, 0o755) != 0 && errno != EEXIST { throw LabFailure.call("mkdir", "\(name)") }
    }
  }

  func link(_ host: String, _ name: Name, to target: String) throws {
    try check(symlink(target, name.pointer(in: root(host))), "symlink", name)
  }

  func makeFIFO(_ host: String, _ name: Name) throws {
    try check(mkfifo(name.pointer(in: root(host)), 0o644), "mkfifo", name)
  }

  func rename(_ host: String, _ old: Name, _ new: Name) throws {
    let (from, to) = (old.pointer(in: root(host)), new.pointer(in: root(host)))
    try check(Glibc.rename(from, to), "rename", old)
  }

  /// Removes a file, a link or a whole directory.
  func remove(_ host: String, _ name: Name) throws {
    if sight(host, name)?.type == "dir" {
      let below = try Tree.names(root(host)).filter { $0.bytes.starts(with: name.bytes + [0x2f]) }
      for inner in below.reversed() {
        try check(Glibc.remove(inner.pointer(in: root(host))), "remove", inner)
      }
    }
    try check(Glibc.remove(name.pointer(in: root(host))), "remove", name)
  }

  func chmod(_ host: String, _ name: Name, _ mode: mode_t) throws {
    try check(Glibc.chmod(name.pointer(in: root(host)), mode), "chmod", name)
  }

  func chown(_ host: String, _ name: Name, _ user: uid_t, _ group: gid_t) throws {
    try check(lchown(name.pointer(in: root(host)), user, group), "chown", name)
  }

  /// Sets the time of last modification, links themselves included.
  func touch(_ host: String, _ name: Name, seconds: Int, nanoseconds: Int = 0) throws {
    let time = timespec(tv_sec: seconds, tv_nsec: nanoseconds)
    let path = name.pointer(in: root(host))
    try check(utimensat(AT_FDCWD, path, [time, time], AT_SYMLINK_NOFOLLOW), "utimensat", name)
  }

  private func check(_ result: Int32, _ call: String, _ name: Name) throws {
    guard result == 0 else { throw LabFailure.call(call, "\(name)") }
  }

  func tree(_ host: String, _ facts: Facts = .usual) throws -> [String] {
    try Tree.lines(root(host), facts)
  }

  func sights(_ host: String) throws -> [String: Sight] { try Tree.sights(root(host)) }
}
