package import Model
import Transport

/// Authenticates the client behind two descriptors: one socket twice, or the standard input and
/// output that inetd or ssh has given.
///
/// Takes the descriptors over, also if it throws. Every refusal looks alike to the client: the same
/// alert, then the end. The reason is in the `Failure` only.
package func accept(
  readDescriptor: Int32, writeDescriptor: Int32, party: Party, deadlines: Deadlines
) throws(Failure) -> Channel {
  let moment = Moment.after(seconds: deadlines.authenticateSeconds)
  let address = peerAddress(of: readDescriptor) ?? "standard input"
  let stream = try openStream(
    .server, readDescriptor, writeDescriptor, party, place: address)
  do {
    let handshake = Handshake(stream: stream, party: party, address: address, moment: moment)
    let peer = try handshake.answer()
    stream.setAuthenticated()
    return Channel(peer: peer, stream: stream, deadlines: deadlines)
  } catch {
    stream.close(refusing: true)
    throw serverFailure(error, address, party, deadlines)
  }
}

/// A stream over descriptors, which it takes over also if it throws.
func openStream(
  _ role: TLSSession.Role, _ readEnd: Int32, _ writeEnd: Int32, _ party: Party, place: String
) throws(Failure) -> SecureStream {
  let wires: Wires
  do {
    wires = try Wires(readEnd: readEnd, writeEnd: writeEnd)
  } catch {
    throw Failure(.system, place, "not connected", error.text)
  }
  do {
    return try SecureStream(role, identity: party.identity, wires: wires)
  } catch {
    throw Failure(.internalFault, place, "not connected", "GnuTLS gives no session")
  }
}

private func serverFailure(
  _ error: any Error, _ place: String, _ party: Party, _ deadlines: Deadlines
) -> Failure {
  func failure(_ kind: Failure.Kind, _ reason: String) -> Failure {
    Failure(kind, place, "not authenticated", reason)
  }
  switch error {
  case let refusal as Refusal:
    return refusal.failure(place: place, ownName: party.ownName)
  case let failure as Failure:
    return failure
  case let fault as StreamFault:
    switch fault {
    case .late:
      return failure(.unavailable, "not done within \(seconds(deadlines.authenticateSeconds))")
    case .closedHere: return failure(.unavailable, "closed by this host")
    case .cut: return failure(.unavailable, "the client closed the connection")
    case .tooMuch: return failure(.protocolFault, "too much input")
    case .tls(let fault) where fault.isAlert:
      return failure(.permission, "the client refuses this host; its own log says why")
    case .tls(let fault): return failure(.protocolFault, "TLS: \(fault.text)")
    case .wire(let fault): return failure(.protocolFault, "malformed frame at \(fault)")
    case .system(let fault): return failure(.unavailable, fault.text)
    }
  default:
    return failure(.internalFault, "\(error)")
  }
}

/// A number of seconds in words: `10 s`, `0.2 s`.
func seconds(_ value: Double) -> String {
  value == value.rounded() && abs(value) < 1e9 ? "\(Int(value)) s" : "\(value) s"
}
