import CSQLite
import Glibc
package import Model

/// The directory that holds this host's state, owned by one process at a time.
///
/// The ownership ends with the value: the kernel drops the lock with its descriptor, also when the
/// process is killed.
package final class StateDirectory {
  package let path: String
  private let directory: Int32
  private let lock: Int32

  private init(_ path: String, directory: Int32, lock: Int32) {
    self.path = path
    self.directory = directory
    self.lock = lock
  }

  deinit {
    close(lock)
    close(directory)
  }

  /// Opens the directory, makes it (0700) if it is missing, and becomes its only owner.
  ///
  /// - Parameter ownerWait: How long to wait for another owner to end, in seconds.
  /// - Throws: `permission` if others can write or read the directory, `busy` if another process
  ///   keeps it for longer than `ownerWait`.
  package static func open(_ path: String, ownerWait: Int) throws(Failure) -> StateDirectory {
    if mkdir(path, 0o700) != 0, errno != EEXIST {
      throw failure(.cannotCreate, path, "state directory not created")
    }
    let directory = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard directory >= 0 else {
      if errno == ENOTDIR || errno == ELOOP {
        throw Failure(
          .permission, escaped(path), "state directory not used",
          "it is no directory or a symbolic link", remedy: "name the directory itself")
      }
      throw failure(.inputOutput, path, "state directory not opened")
    }
    do throws(Failure) {
      try check(directory, path)
      return StateDirectory(
        path, directory: directory, lock: try own(directory, path, ownerWait: ownerWait))
    } catch {
      close(directory)
      throw error
    }
  }

  private static func check(_ directory: Int32, _ path: String) throws(Failure) {
    var status = Glibc.stat()
    guard fstat(directory, &status) == 0 else {
      throw failure(.inputOutput, path, "state directory not used")
    }
    func refuse(_ reason: String, _ remedy: String) -> Failure {
      Failure(.permission, escaped(path), "state directory not used", reason, remedy: remedy)
    }
    guard status.st_uid == geteuid() else {
      throw refuse(
        "it belongs to user #\(status.st_uid), and this process runs as #\(geteuid())",
        "run as its owner or change the owner")
    }
    guard status.st_mode & 0o077 == 0 else {
      let mode = String(status.st_mode & 0o777, radix: 8)
      throw refuse(
        "its mode is 0\(mode): others have access", "chmod 700 \(escaped(path))")
    }
    // Locks and the log's memory are not to be relied on there.
    if networkSystems.contains(csqlite_file_system(directory)) {
      throw refuse("it stands on a network file system", "use a directory on a local disk")
    }
  }

  /// NFS, SMB, SMB2 and CIFS (`linux/magic.h`).
  private static let networkSystems: Set<Int64> = [0x6969, 0x517B, 0xFE53_4D42, 0xFF53_4D42]

  private static func own(
    _ directory: Int32, _ path: String, ownerWait: Int
  ) throws(Failure) -> Int32 {
    let lock = openat(directory, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard lock >= 0 else { throw failure(.inputOutput, path + "/lock", "not opened") }
    let deadline = monotonicMilliseconds() + Int64(max(0, min(ownerWait, 86_400))) * 1000
    while flock(lock, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else {
        defer { close(lock) }
        throw failure(.inputOutput, path + "/lock", "not locked")
      }
      guard monotonicMilliseconds() < deadline else {
        let owner = firstLine(of: lock)
        close(lock)
        throw Failure(
          .busy, escaped(path), "state not opened",
          "another concord works with this state"
            + (owner.isEmpty ? "" : "; it is process \(owner)"),
          remedy: "wait for it to end")
      }
      usleep(20_000)
    }
    let text = Array("\(getpid())\n".utf8)
    // For people only: a number that is not written costs a hint.
    if ftruncate(lock, 0) == 0 { _ = pwrite(lock, text, text.count, 0) }
    return lock
  }

  private static func firstLine(of file: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = pread(file, &bytes, bytes.count, 0)
    return escaped(bytes.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") })
  }

  private static func monotonicMilliseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  static func failure(_ kind: Failure.Kind, _ path: String, _ action: String) -> Failure {
    Failure(kind, escaped(path), action, String(cString: strerror(errno)))
  }
}

// Small files in the directory.
extension StateDirectory {
  /// The size of a file; nil if there is none.
  func size(_ name: String) -> Int64? {
    var status = Glibc.stat()
    guard fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
    return Int64(status.st_size)
  }

  /// At most `limit` bytes of a file; nil if there is none.
  func read(_ name: String, limit: Int) throws(Failure) -> [UInt8]? {
    let file = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else {
      if errno == ENOENT { return nil }
      throw Self.failure(.inputOutput, path + "/" + name, "not read")
    }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = pread(file, &bytes, limit, 0)
    guard count >= 0 else { throw Self.failure(.inputOutput, path + "/" + name, "not read") }
    return Array(bytes.prefix(count))
  }

  /// Replaces a file as a whole and makes that durable.
  func replace(_ name: String, _ bytes: [UInt8]) throws(Failure) {
    let place = path + "/" + name
    let fresh = name + ".new"
    let file = openat(
      directory, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw Self.failure(.inputOutput, place, "not written") }
    defer { close(file) }
    errno = EIO
    guard write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else {
      throw Self.failure(.inputOutput, place, "not written")
    }
    try rename(fresh, to: name)
  }

  /// Overwrites a file in its place by as many bytes as it has; not made durable.
  func overwrite(_ name: String, _ bytes: [UInt8]) {
    let file = openat(directory, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else { return }
    _ = pwrite(file, bytes, bytes.count, 0)
    close(file)
  }

  /// Moves a file to its final name and makes that durable.
  func rename(_ from: String, to name: String) throws(Failure) {
    guard renameat(directory, from, directory, name) == 0, fsync(directory) == 0 else {
      throw Self.failure(.inputOutput, path + "/" + name, "not written")
    }
  }

  /// Removes a file that a dead run left half-made.
  func removeLeftover(_ name: String) { unlinkat(directory, name, 0) }
}
