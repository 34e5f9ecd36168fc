import Glibc
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
  try accept(
    readDescriptor: readDescriptor, writeDescriptor: writeDescriptor, parties: [party],
    deadlines: deadlines
  ).channel
}

/// The same for a machine that serves several configurations under one identity: the client is let
/// in by the first party that finds its proofs right.
///
/// - Parameter parties: One at least, all with the same identity.
/// - Returns: The connection, and the place of that party.
package func accept(
  readDescriptor: Int32, writeDescriptor: Int32, parties: [Party], deadlines: Deadlines
) throws(Failure) -> (channel: Channel, party: Int) {
  guard let party = parties.first else {
    close(readDescriptor)
    if writeDescriptor != readDescriptor { close(writeDescriptor) }
    throw Failure(.internalFault, "listener", "not authenticated", "this host serves nothing")
  }
  let moment = Moment.after(seconds: deadlines.authenticateSeconds)
  let address = peerAddress(of: readDescriptor) ?? "standard input"
  let stream = try openStream(
    .server, readDescriptor, writeDescriptor, party, place: address)
  do {
    let handshake = Handshake(stream: stream, party: party, address: address, moment: moment)
    let (peer, place) = try handshake.answer(for: parties)
    stream.setAuthenticated()
    return (Channel(peer: peer, stream: stream, deadlines: deadlines), place)
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
