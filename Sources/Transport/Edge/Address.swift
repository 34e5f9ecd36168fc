import Glibc

/// A socket address as the system keeps it.
struct Address {
  private var storage = sockaddr_storage()
  private var length: socklen_t = 0

  /// From what `getaddrinfo` has found.
  init(_ address: UnsafePointer<sockaddr>, _ length: socklen_t) {
    let count = min(Int(length), MemoryLayout<sockaddr_storage>.size)
    withUnsafeMutableBytes(of: &storage) { target in
      target.copyMemory(from: UnsafeRawBufferPointer(start: address, count: count))
    }
    self.length = socklen_t(count)
  }

  /// The address of one end of a socket, or nil if the descriptor is no socket of the internet.
  private init?(_ ask: (UnsafeMutablePointer<sockaddr>, inout socklen_t) -> Int32) {
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let code = withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { ask($0, &length) }
    }
    guard code == 0 else { return nil }
    self.length = length
    guard family == AF_INET || family == AF_INET6 else { return nil }
  }

  static func ofPeer(_ descriptor: Int32) -> Address? {
    Address { getpeername(descriptor, $0, &$1) }
  }

  static func ofSocket(_ descriptor: Int32) -> Address? {
    Address { getsockname(descriptor, $0, &$1) }
  }

  var family: Int32 { Int32(storage.ss_family) }

  /// Calls with the address in the form that the system's functions take.
  func withPointer<Value>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Value) -> Value {
    withUnsafePointer(to: storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
    }
  }

  private var parts: (host: String, port: String)? {
    var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    var port = [CChar](repeating: 0, count: Int(NI_MAXSERV))
    let code = withPointer { pointer, length in
      getnameinfo(
        pointer, length, &host, socklen_t(host.count), &port, socklen_t(port.count),
        NI_NUMERICHOST | NI_NUMERICSERV)
    }
    guard code == 0 else { return nil }
    return (text(host), text(port))
  }

  private func text(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  var port: UInt16? { parts.flatMap { UInt16($0.port) } }

  /// `192.0.2.1:30865` or `[2001:db8::1]:30865`.
  var description: String {
    guard let (host, port) = parts else { return "an unknown address" }
    return host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
  }

  /// All addresses of a host name or a numeric address; the reason in words if there is none.
  ///
  /// A numeric address asks no name server. A name may take as long as the resolver's own limits
  /// (resolv.conf) allow: the C library has no call with a deadline.
  static func resolve(
    _ name: String?, port: UInt16, passive: Bool = false
  ) throws(ResolveFault) -> [Address] {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | (passive ? AI_PASSIVE : 0)
    var list: UnsafeMutablePointer<addrinfo>?
    var code = getaddrinfo(name, "\(port)", &hints, &list)
    if code == EAI_NONAME && name != nil {
      hints.ai_flags &= ~AI_NUMERICHOST
      code = getaddrinfo(name, "\(port)", &hints, &list)
    }
    guard code == 0 else {
      let why = code == EAI_SYSTEM ? systemReason(errno) : String(cString: gai_strerror(code))
      throw ResolveFault(text: why.prefix(1).lowercased() + why.dropFirst())
    }
    defer { freeaddrinfo(list) }
    var found: [Address] = []
    var next = list
    while let entry = next?.pointee {
      if let address = entry.ai_addr { found.append(Address(address, entry.ai_addrlen)) }
      next = entry.ai_next
    }
    return found
  }
}

/// Why a name has no address.
struct ResolveFault: Error {
  var text: String
}

/// The numeric address of a socket's other end; nil for a pipe or a local socket.
package func peerAddress(of descriptor: Int32) -> String? {
  Address.ofPeer(descriptor)?.description
}
