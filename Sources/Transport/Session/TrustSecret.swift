package import Model

/// A group's keys as this host knows them.
package struct GroupSecret: Sendable {
  package var name: String
  /// The names of all hosts of the group, this one among them.
  package var members: Set<String>
  /// Lines of the key file: the first is the active key, the others are still accepted.
  package var keys: [[UInt8]]

  package init(name: String, members: Set<String>, keys: [[UInt8]]) {
    self.name = name
    self.members = members
    self.keys = keys
  }
}

/// Which public key belongs to which host name: kept by the host, never taken from a peer.
package protocol Pins: Sendable {
  /// The fingerprint pinned for the host, by the configuration or by an earlier meeting.
  func pin(for name: String) -> String?
  /// The host for which this fingerprint is pinned.
  func name(pinnedTo fingerprint: String) -> String?
  /// Pins on first use, after proof. Throws if the operator must agree first or the host was
  /// retired; the peer is then refused.
  func record(name: String, fingerprint: String) throws(Failure)
}

/// The cryptography behind proofs, as a port.
package protocol Sealing: Sendable {
  /// SHA-256: 32 bytes.
  func digest(_ message: [UInt8]) -> [UInt8]
  /// HMAC-SHA256: 32 bytes.
  func authenticationCode(key: [UInt8], _ message: [UInt8]) -> [UInt8]
  /// Bytes that nobody can predict.
  func random(_ count: Int) -> [UInt8]
}
