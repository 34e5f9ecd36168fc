import Glibc
import Model

/// Reads and makes files that nobody but this host may know.
enum SecretFile {
  /// The content of a regular file of at most `limit` bytes that is root's or ours, and closed to
  /// group and others. Follows no link in the last component and hangs on no FIFO.
  static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
    let place = escaped(path)
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw unopened(place, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw Failure(.inputOutput, place, "not read", systemReason(errno))
    }
    try examine(status, place)
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    var count = 0
    while count < bytes.count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count)
      }
      if got == 0 { break }
      if got < 0 {
        if errno == EINTR { continue }
        throw Failure(.inputOutput, place, "not read", systemReason(errno))
      }
      count += got
    }
    guard count <= limit else {
      throw Failure(.badData, place, "not read", "it is larger than \(limit) bytes")
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  private static func unopened(_ place: String, _ code: Int32) -> Failure {
    switch code {
    case ELOOP:
      Failure(
        .permission, place, "not read", "it is a symbolic link",
        remedy: "name the file itself in the configuration")
    case ENOENT: Failure(.noInput, place, "not read", "it does not exist")
    case EACCES: Failure(.permission, place, "not read", systemReason(code))
    default: Failure(.inputOutput, place, "not read", systemReason(code))
    }
  }

  private static func examine(_ status: stat, _ place: String) throws(Failure) {
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw Failure(.badData, place, "not read", "it is not a regular file")
    }
    guard status.st_uid == 0 || status.st_uid == geteuid() else {
      throw Failure(
        .permission, place, "not read", "it belongs to user \(status.st_uid)",
        remedy: "run chown root \(place), if you know its content to be right")
    }
    guard status.st_mode & 0o077 == 0 else {
      let mode = String(status.st_mode & 0o7777, radix: 8)
      throw Failure(
        .permission, place, "not read", "group or others have access to it (mode \(mode))",
        remedy: "run chmod 600 \(place), and replace its content if others may have read it")
    }
  }

  /// Makes a new file of mode 0600 that is on the disk, with its name, when this returns. Nothing
  /// is ever replaced: false if the name exists. A crash leaves the whole file or none.
  static func create(_ path: String, _ bytes: [UInt8], salt: [UInt8]) throws(Failure) -> Bool {
    let draft = path + ".new-" + hexadecimal(salt)
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw uncreated(path, errno) }
    defer { close(descriptor) }
    defer { unlink(draft) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw uncreated(path, errno)
      }
      rest = rest.dropFirst(count)
    }
    // A strict umask may have taken the owner's own bits.
    guard fchmod(descriptor, 0o600) == 0, fsync(descriptor) == 0 else {
      throw uncreated(path, errno)
    }
    // link(2), unlike rename(2), fails if the name exists: two who start at once agree on one.
    guard link(draft, path) == 0 else {
      if errno == EEXIST { return false }
      throw uncreated(path, errno)
    }
    try syncDirectory(of: path)
    return true
  }

  private static func uncreated(_ path: String, _ code: Int32) -> Failure {
    Failure(.cannotCreate, escaped(path), "not created", systemReason(code))
  }

  private static func syncDirectory(of path: String) throws(Failure) {
    let directory: String
    if let cut = path.utf8.lastIndex(of: UInt8(ascii: "/")) {
      directory = cut == path.startIndex ? "/" : String(path[..<cut])
    } else {
      directory = "."
    }
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw uncreated(path, errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw uncreated(path, errno) }
  }
}

/// The system's words for an error number.
func systemReason(_ code: Int32) -> String {
  let text = String(cString: strerror(code))
  return text.prefix(1).lowercased() + text.dropFirst()
}
