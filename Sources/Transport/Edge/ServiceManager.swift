import Glibc

/// What systemd, or this program before it replaced itself, has handed over: sockets that listen
/// already, and a place to say how the service is.
package struct ServiceManager: Sendable {
  /// Sockets that wait for peers; empty: none were given. The caller owns them.
  package let sockets: [Int32]
  private let address: [UInt8]

  /// Takes what the environment names, and the names out of it: children get none of it.
  ///
  /// Call it once, before any thread is started.
  package static func take() -> ServiceManager {
    let manager = ServiceManager(sockets: activated() + inherited(), address: notifyAddress())
    for name in [Self.own, "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "NOTIFY_SOCKET"] {
      unsetenv(name)
    }
    return manager
  }

  /// No service manager, no sockets.
  package static let none = ServiceManager(sockets: [], address: [])

  /// Our own: descriptors in decimal, by commas. And where to report to stays as it is.
  private static let own = "CONCORD_LISTEN"

  /// sd_listen_fds(3): descriptors from 3 on, if they are meant for this process.
  private static func activated() -> [Int32] {
    guard value("LISTEN_PID") == "\(getpid())", let count = Int32(value("LISTEN_FDS")),
      (1...64).contains(count)
    else { return [] }
    return (3..<(3 + count)).filter { isSocket($0) }
  }

  private static func inherited() -> [Int32] {
    value(own).split(separator: ",").compactMap { Int32($0) }.filter { $0 > 2 && isSocket($0) }
  }

  private static func isSocket(_ descriptor: Int32) -> Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
  }

  private static func value(_ name: String) -> String {
    getenv(name).map { String(cString: $0) } ?? ""
  }

  private static func notifyAddress() -> [UInt8] {
    let path = Array(value("NOTIFY_SOCKET").utf8)
    // A path, or a name without a file, which begins with a byte 0 in place of `@`.
    guard let first = path.first, path.count < 108 else { return [] }
    if first == UInt8(ascii: "@") { return [0] + path.dropFirst() }
    return first == UInt8(ascii: "/") ? path : []
  }

  /// sd_notify(3). Lines like `READY=1`; nobody listens: nothing happens.
  package func say(_ lines: String...) {
    guard !address.isEmpty else { return }
    let kind = SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
    let descriptor = socket(AF_UNIX, Int32(kind), 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var target = sockaddr_un()
    target.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &target.sun_path) { $0.copyBytes(from: address) }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + address.count)
    let text = Array(lines.joined(separator: "\n").utf8)
    withUnsafePointer(to: &target) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        _ = sendto(descriptor, text, text.count, Int32(MSG_NOSIGNAL), pointer, length)
      }
    }
  }

  /// Puts this program in its own place, with the same arguments and the same listening sockets: no
  /// connection is refused meanwhile.
  ///
  /// - Returns: The error number; only if it did not work.
  package func replaceProcess(listening sockets: [Int32]) -> Int32 {
    for socket in sockets { _ = fcntl(socket, F_SETFD, 0) }
    setenv(Self.own, sockets.map { "\($0)" }.joined(separator: ","), 1)
    if !address.isEmpty {
      let path = address.first == 0 ? [UInt8(ascii: "@")] + address.dropFirst() : address
      setenv("NOTIFY_SOCKET", String(decoding: path, as: UTF8.self), 1)
    }
    execv("/proc/self/exe", CommandLine.unsafeArgv)
    let code = errno
    unsetenv(Self.own)
    unsetenv("NOTIFY_SOCKET")
    for socket in sockets { _ = fcntl(socket, F_SETFD, FD_CLOEXEC) }
    return code
  }
}
