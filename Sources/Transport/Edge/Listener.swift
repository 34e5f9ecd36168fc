import CGnuTLS
import Glibc
package import Model
import Synchronization

/// Sockets that wait for peers, one for each address.
package final class Listener: Sendable {
  /// The port that all of them listen on.
  package let port: UInt16
  /// For a program that goes on listening in the place of this one.
  package let sockets: [Int32]
  private let wakeEnd: Int32
  private let isClosed = Atomic(false)
  // Held while a thread is in `next`, so that `deinit` alone closes what it polls.
  private let turn = Mutex(0)

  /// Listens on each address, or on all of IPv6 and IPv4 if none is given. Port 0 takes a free one.
  ///
  /// A family that this machine lacks is left out, as long as another one is there.
  package convenience init(addresses: [String] = [], port: UInt16) throws(Failure) {
    let sockets = try openSockets(addresses, port)
    do throws(Failure) {
      try self.init(descriptors: sockets)
    } catch {
      for socket in sockets { Glibc.close(socket) }
      throw error
    }
  }

  /// Takes over sockets that listen already, as systemd hands them out; not if it throws.
  package init(descriptors: [Int32]) throws(Failure) {
    guard let first = descriptors.first, let port = Address.ofSocket(first)?.port else {
      throw Failure(.system, "listener", "not started", "no socket of the internet was given")
    }
    wakeEnd = cg_eventfd()
    guard wakeEnd >= 0 else {
      throw Failure(.system, "listener", "not started", systemReason(errno))
    }
    for descriptor in descriptors {
      _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }
    self.port = port
    sockets = descriptors
  }

  deinit {
    for descriptor in sockets + [wakeEnd] { Glibc.close(descriptor) }
  }

  /// The next connection's socket, which the caller owns; nil after `close`. Waits without limit.
  package func next() throws(Failure) -> Int32? {
    try turn.withLock { (_) throws(Failure) -> Int32? in
      var entries = (sockets + [wakeEnd]).map { descriptor in
        pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: POLLIN), revents: 0)
      }
      while !isClosed.load(ordering: .acquiring) {
        let count = poll(&entries, nfds_t(entries.count), -1)
        if count < 0 && errno != EINTR {
          throw Failure(.system, "port \(port)", "cannot accept", systemReason(errno))
        }
        if count <= 0 { continue }
        for entry in entries.dropLast() where entry.revents != 0 {
          if let descriptor = try accepted(entry.fd) { return descriptor }
        }
      }
      return nil
    }
  }

  private func accepted(_ socket: Int32) throws(Failure) -> Int32? {
    let descriptor = cg_accept(socket)
    if descriptor >= 0 { return descriptor }
    switch errno {
    case EMFILE, ENFILE, ENOBUFS, ENOMEM:
      // The connection stays in the queue: look again when others may have ended, and do not spin.
      var entry = pollfd(fd: wakeEnd, events: Int16(truncatingIfNeeded: POLLIN), revents: 0)
      poll(&entry, 1, 100)
      return nil
    case EBADF, EINVAL, ENOTSOCK, EFAULT:
      throw Failure(.system, "port \(port)", "cannot accept", systemReason(errno))
    default:
      // accept(2): errors of the new connection come up here; it is gone, others follow.
      return nil
    }
  }

  /// Ends `next`, now and in future; from any thread. The sockets go with the last reference.
  package func close() {
    isClosed.store(true, ordering: .releasing)
    var one: UInt64 = 1
    _ = Glibc.write(wakeEnd, &one, MemoryLayout<UInt64>.size)
  }
}

private func openSockets(_ addresses: [String], _ port: UInt16) throws(Failure) -> [Int32] {
  var sockets: [Int32] = []
  var chosen = port
  var missing: Failure?
  do throws(Failure) {
    for address in addresses.isEmpty ? ["::", "0.0.0.0"] : addresses {
      sockets += try listen(address, chosen, mayLack: addresses.isEmpty, &missing)
      if chosen == 0, let first = sockets.first { chosen = Address.ofSocket(first)?.port ?? 0 }
    }
    if sockets.isEmpty, let missing { throw missing }
  } catch {
    for socket in sockets { Glibc.close(socket) }
    throw error
  }
  return sockets
}

private func listen(
  _ text: String, _ port: UInt16, mayLack: Bool, _ missing: inout Failure?
) throws(Failure) -> [Int32] {
  let found: [Address]
  do {
    found = try Address.resolve(text, port: port, passive: true)
  } catch {
    throw Failure(
      .configuration, escaped(text), "cannot listen", error.text,
      remedy: "give an address of this host")
  }
  var made: [Int32] = []
  for address in found {
    do {
      made.append(try listeningSocket(address))
    } catch {
      let failure = listenFailure(error.code, address, port)
      let lacks = error.code == EAFNOSUPPORT || error.code == EADDRNOTAVAIL
      if mayLack && lacks {
        missing = failure
        continue
      }
      for descriptor in made { close(descriptor) }
      throw failure
    }
  }
  return made
}

private func listenFailure(_ code: Int32, _ address: Address, _ port: UInt16) -> Failure {
  let place = address.description
  switch code {
  case EADDRINUSE:
    return Failure(
      .busy, place, "cannot listen", "the port is taken",
      remedy: "find out by whom with `ss -ltnp sport = :\(port)`; stop that or give another port")
  case EACCES:
    return Failure(
      .permission, place, "cannot listen", systemReason(code),
      remedy: "give a port above 1023, or start as root")
  case EADDRNOTAVAIL:
    return Failure(
      .configuration, place, "cannot listen", "no interface of this host has the address",
      remedy: "see `ip address`")
  default:
    return Failure(.system, place, "cannot listen", systemReason(code))
  }
}

private func listeningSocket(_ address: Address) throws(SystemFault) -> Int32 {
  let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
  let descriptor = socket(address.family, Int32(kind), 0)
  guard descriptor >= 0 else { throw SystemFault(code: errno) }
  var on: Int32 = 1
  let size = socklen_t(MemoryLayout<Int32>.size)
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, size)
  if address.family == AF_INET6 {
    // Else it would take IPv4 as well, and the socket for that could not be bound.
    setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &on, size)
  }
  guard address.withPointer({ bind(descriptor, $0, $1) }) == 0,
    Glibc.listen(descriptor, SOMAXCONN) == 0
  else {
    let code = errno
    close(descriptor)
    throw SystemFault(code: code)
  }
  return descriptor
}
