import Model

/// The side that makes a proof: its letter is the first byte that the proof covers, so that a proof
/// cannot be sent back to the one who made it.
package enum ProofRole: UInt8, Sendable {
  case client = 0x63  // "c"
  case server = 0x73  // "s"
}

extension Trust {
  /// `HMAC(Kg, role ‖ exporter ‖ digest ‖ group ‖ client ‖ server)`.
  ///
  /// The three names are CBOR texts, each of which says its length: no two triples give the same
  /// bytes. The parts before them have fixed lengths.
  package static func proof(
    _ role: ProofRole, key: [UInt8], group: String, exporter: [UInt8], digest: [UInt8],
    client: String, server: String, sealing: any Sealing
  ) -> [UInt8] {
    var names = CBORWriter()
    names.text(group)
    names.text(client)
    names.text(server)
    return sealing.authenticationCode(
      key: groupKey(key, group: group, sealing: sealing),
      [role.rawValue] + exporter + digest + names.bytes)
  }

  /// `Kg`: HKDF-SHA256 (RFC 5869) of a line of the key file, 32 bytes.
  ///
  /// One file may serve several groups: the name in it keeps a proof for one from being one for
  /// another.
  package static func groupKey(_ line: [UInt8], group: String, sealing: any Sealing) -> [UInt8] {
    // Extract, then one block of expand, which is as long as the digest and so all we need.
    let seed = sealing.authenticationCode(key: Array("concord/1 group".utf8), line)
    return sealing.authenticationCode(key: seed, Array(group.utf8) + [1])
  }
}
