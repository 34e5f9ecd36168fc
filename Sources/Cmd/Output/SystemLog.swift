import Glibc
import Synchronization

/// Words go to the system's log, line by line; data as well, as there is nobody to read it.
final class SystemLog: Console {
  /// syslog(3): daemon, and notice.
  private static let priority = 3 << 3 | 5
  private let descriptor = Mutex<Int32>(-1)
  private let name: String

  init(name: String = "concord") { self.name = name }

  func out(_ text: String) { for line in text.split(separator: "\n") { say(String(line)) } }
  func ask(_ question: String) -> Bool? { nil }

  func say(_ line: String) {
    // What is too long for the log is cut there too.
    let text = "<\(Self.priority)>\(name)[\(getpid())]: \(line.prefix(8_000))"
    let bytes = Array(text.utf8)
    descriptor.withLock { descriptor in
      if descriptor < 0 { descriptor = Self.connected() }
      guard descriptor >= 0 else { return }
      if send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) < 0 {
        // The log was started anew: it has another socket now.
        close(descriptor)
        descriptor = Self.connected()
        if descriptor >= 0 {
          _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        }
      }
    }
  }

  private static func connected() -> Int32 {
    let kind = SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
    let descriptor = socket(AF_UNIX, Int32(kind), 0)
    guard descriptor >= 0 else { return -1 }
    var target = sockaddr_un()
    target.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &target.sun_path) { $0.copyBytes(from: Array("/dev/log".utf8)) }
    let isConnected = withUnsafePointer(to: &target) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
    if isConnected { return descriptor }
    close(descriptor)
    return -1
  }
}
