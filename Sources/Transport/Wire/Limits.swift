/// What a peer can make this host hold, read or wait for; no peer can change any of it.
package enum Limits {
  /// The longest payload of a frame, in bytes.
  package static let frameBytes = 1 << 20
  /// The longest payload of a frame before authentication, in bytes.
  package static let helloFrameBytes = 16 << 10
  /// All that is read from a connection before authentication, TLS included, in bytes.
  package static let helloTotalBytes = 64 << 10
  /// The longest name of a host or group, in bytes.
  package static let nameBytes = 255
  /// Bytes of a nonce in a hello.
  package static let nonceBytes = 32
  /// Bytes of a proof, and of every digest, key and exporter value behind it.
  package static let proofBytes = 32
  /// The most groups that two hosts can prove to each other.
  package static let proofs = 128
  /// The most lines of a group's key file: the active key and those still accepted.
  package static let keyLines = 8
}
