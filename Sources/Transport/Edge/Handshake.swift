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
    try pin(name, fingerprint)
    return identity(name, groups, fingerprint, version)
  }

  /// Answers whoever has called: the server's side.
  func answer() throws -> PeerIdentity {
    let trust = party.trust
    try stream.handshake(until: moment)
    let (key, fingerprint) = try peerKey()
    let exporter = try exporter(client: key, server: party.identity.publicKey)
    guard let bytes = try stream.receive(limit: Limits.helloFrameBytes, .until(moment)) else {
      throw StreamFault.cut
    }
    let hello = try malformed { () throws(WireFault) in try ClientHello(decoding: bytes) }
    let admitted = try trust.check(hello, exporter: exporter)
    try pin(hello.client, fingerprint)
    // The answer shows our versions also if none is common: the client's operator reads of it.
    try stream.send(
      trust.serverHello(to: admitted, exporter: exporter).encoded(), .until(moment))
    try stream.flush(.until(moment))
    let version = try trust.commonVersion(with: hello.versions)
    return identity(hello.client, admitted.groups, fingerprint, version)
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
  private func pin(_ name: String, _ fingerprint: String) throws {
    switch try Trust.checkPin(name: name, fingerprint: fingerprint, pins: party.pins) {
    case .known: break
    case .new: try party.pins.record(name: name, fingerprint: fingerprint)
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
