import Glibc
import Model

/// Writes a whole file so that nobody ever sees half of it.
enum ReportFile {
  /// The new file is made beside the old one and takes its name; the mode of the old one stays,
  /// otherwise only the owner may read it.
  static func write(_ text: String, to file: String) throws(Failure) {
    var mode: mode_t = 0o600
    var old = stat()
    if lstat(file, &old) == 0 {
      guard old.st_mode & S_IFMT == S_IFREG else {
        throw Failure(
          .cannotCreate, escaped(file), "not written", "what has the name is no regular file",
          remedy: "name another file, or - for standard output")
      }
      mode = old.st_mode & 0o777
    }
    let cut = file.lastIndex(of: "/") ?? file.startIndex
    let fresh = "\(file[..<cut])/.concord-report-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let descriptor = open(fresh, flags, 0o600)
    guard descriptor >= 0 else { throw failure(file, .cannotCreate, errno) }
    defer { close(descriptor) }
    do throws(Failure) {
      try put(Array(text.utf8), descriptor, file)
      guard fchmod(descriptor, mode) == 0, fsync(descriptor) == 0, rename(fresh, file) == 0 else {
        throw failure(file, .inputOutput, errno)
      }
    } catch {
      unlink(fresh)
      throw error
    }
  }

  private static func put(
    _ bytes: [UInt8], _ descriptor: Int32, _ file: String
  ) throws(Failure) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(file, .inputOutput, errno)
      }
      rest = rest.dropFirst(count)
    }
  }

  private static func failure(_ file: String, _ kind: Failure.Kind, _ code: Int32) -> Failure {
    Failure(
      kind, escaped(file), "not written", String(cString: strerror(code)),
      remedy: "name a file in a directory that is there and may be written")
  }
}
