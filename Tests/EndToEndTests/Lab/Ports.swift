import Glibc
import Synchronization

/// A TCP port of this machine for as long as the value lives, with or without a server on it.
///
/// Taken below the range from which Linux gives ports to clients: a host that is down for a while
/// must not find its port in use by somebody's outgoing connection. A lock file keeps other test
/// runs away.
final class Port {
  let number: UInt16
  private let lock: Int32

  private static let next = Mutex(UInt16.random(in: 12_000..<30_000))

  init() throws {
    mkdir("/tmp/concord-lab-ports", 0o700)
    for _ in 0..<2_000 {
      let candidate = Port.next.withLock {
        $0 = $0 >= 31_000 ? 12_000 : $0 + 1
        return $0
      }
      let lock = open("/tmp/concord-lab-ports/\(candidate)", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
      guard lock >= 0 else { throw LabFailure.call("open", "port lock") }
      if flock(lock, LOCK_EX | LOCK_NB) == 0, let probe = try? Listener(port: candidate) {
        probe.close()
        number = candidate
        self.lock = lock
        return
      }
      Glibc.close(lock)
    }
    throw LabFailure("no free port")
  }

  deinit { Glibc.close(lock) }

  /// Whether somebody accepts connections here.
  var answers: Bool {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
    defer { Glibc.close(socket) }
    return withLoopback(number) { connect(socket, $0, $1) } == 0
  }
}

/// A plain socket that lets everybody connect and then says nothing.
final class Listener {
  private var socket: Int32

  init(port: UInt16) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
    var yes: Int32 = 1
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    guard withLoopback(port, { bind(socket, $0, $1) }) == 0, listen(socket, 64) == 0 else {
      Glibc.close(socket)
      socket = -1
      throw LabFailure.call("bind", "port \(port)")
    }
  }

  deinit { close() }

  func close() {
    if socket >= 0 { Glibc.close(socket) }
    socket = -1
  }
}

private func withLoopback(
  _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
) -> Int32 {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  return withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
}
