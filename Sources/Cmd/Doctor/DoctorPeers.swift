import Glibc
import Model
import Transport
import TransportEdge

// This host's daemon, and the other hosts.
extension Doctor {
  func serving() -> [Diagnosis] {
    let endpoint = node.config.endpoint(of: node.name)
    let port = endpoint?.port ?? Member.defaultPort
    var out: [Diagnosis] = []
    if let connection = ControlSocket.connect(settings.stateDirectory) {
      close(connection)
      out.append(.ok("serve", "the daemon runs, on port \(port)"))
    } else {
      out.append(
        .warn(
          "serve", "no daemon runs: other hosts cannot call this one",
          "start concord serve (port \(port))"))
    }
    return out
  }

  func peers() throws(Failure) -> [Diagnosis] {
    let known = try node.real.with { store throws(Failure) in try store.peers() }
    let active = try node.active(in: node.sessionGroups)
    var out: [Diagnosis] = []
    for name in node.others(in: node.sessionGroups) {
      let what = "host \(escaped(name))"
      guard active.contains(name) else {
        out.append(
          .ok(what, "retired; if it comes back, concord host rejoin has to run there"))
        continue
      }
      out += look(name, what, known.first { $0.name == name })
    }
    return out
  }

  private func look(_ name: String, _ what: String, _ peer: PeerState?) -> [Diagnosis] {
    var out: [Diagnosis] = []
    let endpoint = node.config.endpoint(of: name)
    if let reason = unresolved(endpoint?.address ?? name) {
      out.append(
        .fail(
          what, "its address \(escaped(endpoint?.address ?? name)) is not found: \(reason)",
          "correct it in the configuration, or name it in /etc/hosts"))
    }
    guard let peer, peer.fingerprint != nil else {
      out.append(.warn(what, "never met", "run concord sync while concord serve runs there"))
      return out
    }
    let met = peer.lastMet.map { "last met \(ageText(now - $0)) ago" } ?? "never met to the end"
    if !peer.trouble.isEmpty {
      out.append(.warn(what, "\(met); the last attempt failed", peer.trouble))
    } else {
      out.append(.ok(what, met))
    }
    if let skew = peer.skewSeconds, abs(skew) > 2 {
      out.append(
        .warn(what, "its clock is \(skewText(skew)) this host's", "set the clocks of both"))
    }
    return out
  }

  var now: Int64 { node.surroundings.now().seconds }

  /// Why an address is not found; nil if it is.
  private func unresolved(_ address: String) -> String? {
    var found: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(address, nil, nil, &found)
    guard code == 0 else { return String(cString: gai_strerror(code)) }
    freeaddrinfo(found)
    return nil
  }
}
