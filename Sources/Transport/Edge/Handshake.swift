import Model
import Transport

/// The way from a fresh stream to a proven peer; the steps are those of `spec/trust.md`.
///
/// It throws `Refusal`, `StreamFault` or, from the pins' store, `Failure`. The caller closes.
struct Handshake {
  let stream: SecureStream
  let party: Party
  let address: String
  let moment: Moment

  /// Where the handshake stands, for the words about its end.
  enum Phase {
    case tls, hello
  }

  /// Calls `name`: the client's side.
  func call(_ name: String, _ phase: inout Phase) throws -> PeerIdentity {
    let trust = party.trust
    try stream.handshake(until: moment)
    phase = .hello
    let (key, fingerprint) = try peerKey()
    // Asked before a word is said: an impostor at the address learns no names.
    _ = try Trust.checkPin(name: name, fingerprint: fingerprint, pins: party.pins)
    let exporter = try exporter(client: party.identity.publicKey, server: key)
    let hello = try trust.clientHello(to: name, exporter: exporter)
    try stream.send(hello.encoded(), .until(moment))
    try stream.flush(.until(moment))
    guard let bytes = try stream.receive(limit: Limits.helloFrameBytes, .until(moment)) else {
      throw StreamFault.cut
    }
    let answer = try malformed { () throws(WireFault) in try ServerHello(decoding: bytes) }
    let (groups, version) = try trust.check(answer, to: hello, exporter: exporter)
    try pin(name, fingerprint, party.pins)
    return identity(name, groups, fingerprint, version)
  }

  /// Answers whoever has called: the server's side.
  ///
  /// - Returns: Who it is, and the place of the party that lets it in.
  func answer(for parties: [Party]) throws -> (peer: PeerIdentity, party: Int) {
    try stream.handshake(until: moment)
    let (key, fingerprint) = try peerKey()
    let exporter = try exporter(client: key, server: party.identity.publicKey)
    guard let bytes = try stream.receive(limit: Limits.helloFrameBytes, .until(moment)) else {
      throw StreamFault.cut
    }
    let hello = try malformed { () throws(WireFault) in try ClientHello(decoding: bytes) }
    let (place, admitted) = try Self.admit(hello, parties, exporter)
    let trust = parties[place].trust
    try pin(hello.client, fingerprint, parties[place].pins)
    // The answer shows our versions also if none is common: the client's operator reads of it.
    try stream.send(
      trust.serverHello(to: admitted, exporter: exporter).encoded(), .until(moment))
    try stream.flush(.until(moment))
    let version = try trust.commonVersion(with: hello.versions)
    return (identity(hello.client, admitted.groups, fingerprint, version), place)
  }

  /// Every party looks at the proofs, whatever the others find: how long it takes tells nothing.
  private static func admit(
    _ hello: ClientHello, _ parties: [Party], _ exporter: [UInt8]
  ) throws(Refusal) -> (party: Int, admitted: Trust.Admitted) {
    var found: (Int, Trust.Admitted)?
    var refusal = Refusal.unlisted(hello.client)
    for (place, party) in parties.enumerated() {
      do throws(Refusal) {
        let admitted = try party.trust.check(hello, exporter: exporter)
        if found == nil { found = (place, admitted) }
      } catch {
        // The one that lists the client says best what is wrong with its proof.
        if place == 0 || party.trust.sharesGroup(with: hello.client) { refusal = error }
      }
    }
    guard let found else { throw refusal }
    return found
  }

  private func peerKey() throws -> (key: [UInt8], fingerprint: String) {
    guard let key = stream.peerKey() else { throw Refusal.wrongKeyType }
    guard key != party.identity.publicKey else { throw Refusal.reflected }
    return (key, Trust.fingerprint(of: key, sealing: GnuTLSSealing()))
  }

  private func exporter(client: [UInt8], server: [UInt8]) throws -> [UInt8] {
    let context = Trust.exporterContext(
      clientKey: client, serverKey: server, sealing: GnuTLSSealing())
    return try stream.exporter(
      label: Trust.exporterLabel, context: context, count: Limits.proofBytes)
  }

  // Only ever called with a proven peer.
  private func pin(_ name: String, _ fingerprint: String, _ pins: any Pins) throws {
    switch try Trust.checkPin(name: name, fingerprint: fingerprint, pins: pins) {
    case .known: break
    case .new: try pins.record(name: name, fingerprint: fingerprint)
    }
  }

  private func malformed<Value>(_ body: () throws(WireFault) -> Value) throws(Refusal) -> Value {
    do { return try body() } catch { throw .malformed(error) }
  }

  private func identity(
    _ name: String, _ groups: [Trust.Proven], _ fingerprint: String, _ version: UInt32
  ) -> PeerIdentity {
    PeerIdentity(
      name: name, groups: groups.map(\.group),
      groupsOnOldKey: groups.filter { $0.line > 0 }.map(\.group), fingerprint: fingerprint,
      address: address, version: version)
  }
}
