import Glibc
import Model

/// The socket in the state directory by which commands reach the daemon.
enum ControlSocket {
  static func path(_ state: String) -> String { state + "/control.sock" }

  /// An address for it. Unix addresses hold 107 bytes: a longer path is reached through its
  /// directory.
  private static func withAddress<Result>(
    _ state: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result? {
    var path = path(state)
    var directory: Int32 = -1
    if path.utf8.count > 107 {
      directory = Glibc.open(state, O_PATH_DIRECTORY)
      guard directory >= 0 else { return nil }
      path = "/proc/self/fd/\(directory)/control.sock"
    }
    defer { if directory >= 0 { Glibc.close(directory) } }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  /// A connection to the daemon; nil if none is there.
  static func connect(_ state: String) -> Int32? {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | SOCK_CLOEXEC_FLAG, 0)
    guard descriptor >= 0 else { return nil }
    let code = withAddress(state) { Glibc.connect(descriptor, $0, $1) }
    if code == 0 { return descriptor }
    close(descriptor)
    return nil
  }

  /// A listening socket, mode 0600. What a dead daemon left is replaced: the caller owns the state.
  static func listen(_ state: String) throws(Failure) -> Int32 {
    unlink(path(state))
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | SOCK_CLOEXEC_FLAG, 0)
    let before = umask(0o177)
    let code = descriptor < 0 ? -1 : withAddress(state) { bind(descriptor, $0, $1) } ?? -1
    umask(before)
    guard code == 0, Glibc.listen(descriptor, 32) == 0 else {
      let reason = String(cString: strerror(errno))
      if descriptor >= 0 { close(descriptor) }
      throw Failure(.cannotCreate, escaped(path(state)), "control socket not made", reason)
    }
    return descriptor
  }

  private static let O_PATH_DIRECTORY: Int32 = 0o10000000 | O_DIRECTORY | O_CLOEXEC
  private static let SOCK_CLOEXEC_FLAG: Int32 = 0o2000000
}

/// Frames on the control socket: a kind, a length of four bytes, the bytes.
struct ControlFrame {
  enum Kind: UInt8 {
    /// Client to daemon: the arguments and where the client stands, as CBOR.
    case command = 0
    case out = 1
    case say = 2
    /// Daemon to client: a question; client to daemon: one byte, 0 no, 1 yes, 2 nobody is there.
    case ask = 3
    case answer = 4
    /// Daemon to client: the exit status, one byte.
    case end = 5
  }

  var kind: Kind
  var bytes: [UInt8]

  func write(to descriptor: Int32) -> Bool {
    var out: [UInt8] = [kind.rawValue]
    for shift: UInt32 in [24, 16, 8, 0] {
      out.append(UInt8(truncatingIfNeeded: UInt32(clamping: bytes.count) >> shift))
    }
    out += bytes
    var rest = out[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0 {
        if errno == EINTR { continue }
        return false
      }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// The next frame; nil at the end, or if it is none.
  static func read(from descriptor: Int32) -> ControlFrame? {
    guard let head = read(5, from: descriptor), let kind = Kind(rawValue: head[0]) else {
      return nil
    }
    let count = head[1...].reduce(0) { $0 << 8 | Int($1) }
    guard count <= 64 << 20, let bytes = read(count, from: descriptor) else { return nil }
    return ControlFrame(kind: kind, bytes: bytes)
  }

  private static func read(_ count: Int, from descriptor: Int32) -> [UInt8]? {
    var out = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let step = out.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress.map { $0 + done }, count - done)
      }
      if step < 0, errno == EINTR { continue }
      guard step > 0 else { return nil }
      done += step
    }
    return out
  }
}
