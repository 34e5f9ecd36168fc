import Glibc
package import Model
import Transport

/// Connects to the host `name` at an address or host name, and authenticates both sides.
///
/// Tries every address that the name has. Each way to fail has its own words and says what to do:
/// `.unavailable` if the host is not reached or not ready, `.permission` if either side refuses the
/// other, `.protocolFault` if something else answers there.
package func connect(
  to name: String, address: String, port: UInt16, party: Party, deadlines: Deadlines
) throws(Failure) -> Channel {
  let target = Target(name: name, address: address, port: port, deadlines: deadlines)
  guard party.trust.sharesGroup(with: name) else {
    throw Refusal.unlisted(name).failure(place: escaped(name), ownName: party.ownName)
  }
  let socket = try target.connect()
  let moment = Moment.after(seconds: deadlines.authenticateSeconds)
  let place = peerAddress(of: socket) ?? address
  let stream = try openStream(.client, socket, socket, party, place: target.place)
  var phase = Handshake.Phase.tls
  do {
    let handshake = Handshake(stream: stream, party: party, address: place, moment: moment)
    let peer = try handshake.call(name, &phase)
    stream.setAuthenticated()
    return Channel(peer: peer, stream: stream, deadlines: deadlines)
  } catch {
    let heard = stream.bytesIn > 0
    stream.close(refusing: true)
    throw target.failure(error, phase, heard: heard, party)
  }
}

private struct Target {
  var name: String
  var address: String
  var port: UInt16
  var deadlines: Deadlines

  /// `h2`, or `h2 (192.0.2.1 port 30865)`.
  var place: String { "\(escaped(name)) (\(escaped(address)) port \(port))" }

  /// A connected socket.
  func connect() throws(Failure) -> Int32 {
    let moment = Moment.after(seconds: deadlines.connectSeconds)
    let found: [Address]
    do {
      found = try Address.resolve(address, port: port)
    } catch {
      throw unreached(
        "the address \(escaped(address)) is not found: \(error.text)",
        "correct the host's name or address in the configuration, or name it in /etc/hosts")
    }
    var reason = ""
    for (index, address) in found.enumerated() {
      // A dead address must not use up the time of those after it.
      let left = max(0, moment.milliseconds - Moment.now.milliseconds)
      let share = left / Int64(found.count - index)
      let limit = Moment(milliseconds: Moment.now.milliseconds + share)
      do {
        return try connectSocket(to: address, until: limit)
      } catch {
        reason = error.text
        if error.code == ETIMEDOUT {
          reason = "no answer within \(seconds(deadlines.connectSeconds))"
        }
      }
    }
    throw unreached(
      reason.isEmpty ? "no address found" : reason,
      "see that the host is up, that `concord serve` runs there, and that port \(port) is open")
  }

  private func unreached(_ reason: String, _ remedy: String) -> Failure {
    Failure(.unavailable, place, "cannot connect", reason, remedy: remedy)
  }

  /// What ended the handshake, in words for the client's operator.
  func failure(
    _ error: any Error, _ phase: Handshake.Phase, heard: Bool, _ party: Party
  ) -> Failure {
    switch error {
    case let refusal as Refusal:
      return refusal.failure(place: place, ownName: party.ownName)
    case let failure as Failure:
      return failure
    case let fault as StreamFault:
      return streamFailure(fault, phase, heard: heard, party)
    default:
      return Failure(.internalFault, place, "not authenticated", "\(error)")
    }
  }

  private func streamFailure(
    _ fault: StreamFault, _ phase: Handshake.Phase, heard: Bool, _ party: Party
  ) -> Failure {
    func failure(_ kind: Failure.Kind, _ reason: String, _ remedy: String) -> Failure {
      Failure(kind, place, "not authenticated", reason, remedy: remedy)
    }
    let other = "see whether another program than concord listens on port \(port) there"
    switch fault {
    case .late where !heard:
      return failure(
        .unavailable,
        "it accepts and says nothing for \(seconds(deadlines.authenticateSeconds))", other)
    case .late:
      return failure(
        .unavailable, "it did not finish within \(seconds(deadlines.authenticateSeconds))",
        "see whether the host or the network is overloaded, then try again")
    case .cut where !heard:
      return failure(
        .unavailable, "it closed the connection without a word",
        "see its log: it may have too many connections; or \(other)")
    case .cut where phase == .hello: return refused(party)
    case .tls(let fault) where fault.isAlert && phase == .hello: return refused(party)
    case .cut: return failure(.unavailable, "it closed the connection within TLS", other)
    case .tls(let fault): return failure(.protocolFault, "TLS: \(fault.text)", other)
    case .wire(let fault): return failure(.protocolFault, "malformed frame at \(fault)", "")
    case .tooMuch: return failure(.protocolFault, "it sends too much", other)
    case .closedHere: return failure(.unavailable, "closed by this host", "")
    case .system(let fault): return failure(.unavailable, fault.text, "try again")
    }
  }

  // The peer says to nobody why it refuses: these are the reasons it can have.
  private func refused(_ party: Party) -> Failure {
    let own = escaped(party.ownName)
    return Failure(
      .permission, place, "not authenticated",
      "it closed the connection during authentication: its group key file differs, it does not"
        + " list \(own), it has another name, or it knows another key of \(own)",
      remedy: "read its log; compare the key files; if it knows another key, run there"
        + " `concord host accept \(own) \(party.identity.fingerprint)`"
        + " (that is what `concord host fingerprint` prints here)")
  }
}

// A non-blocking connect; ETIMEDOUT if the moment comes first.
private func connectSocket(to address: Address, until moment: Moment) throws(SystemFault) -> Int32 {
  let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
  let descriptor = socket(address.family, Int32(kind), 0)
  guard descriptor >= 0 else { throw SystemFault(code: errno) }
  var code: Int32 = 0
  if address.withPointer({ Glibc.connect(descriptor, $0, $1) }) != 0 { code = errno }
  // EINTR means the same as EINPROGRESS: the connection goes on being made (connect(2), POSIX).
  if code == EINPROGRESS || code == EINTR {
    do {
      switch try wait(for: descriptor, Int32(POLLOUT), wake: -1, until: moment) {
      case .ready:
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
      case .late, .woken: code = ETIMEDOUT
      }
    } catch {
      code = error.code
    }
  }
  guard code == 0 else {
    close(descriptor)
    throw SystemFault(code: code)
  }
  return descriptor
}
