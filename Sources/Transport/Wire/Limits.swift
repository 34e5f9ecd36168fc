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
  /// The most groups of a session.
  package static let groups = 128
  /// The most replicas of a vector or of a list of them.
  package static let vectorEntries = 4_096
  /// The most members of a group.
  package static let members = 4_096
  /// What a greeting tells of third members, in bytes: the rest is told at other meetings.
  package static let memberBytes = 512 << 10
  /// The most records, listing rows or stems of a message.
  package static let records = 4_096
  /// The longest record, in bytes.
  package static let recordBytes = 256 << 10
  /// The most questions of a message, and the most that may be open at a time.
  package static let wants = 4_096
  package static let openWants = 16_384
  /// The most parts of contents of a message.
  package static let pieces = 4_096
  /// The most paths of a group that a peer is asked to look at, instead of at everything.
  package static let lookParts = 256
  /// The longest text that is meant for people, in bytes.
  package static let textBytes = 1_000
  /// The longest text of a configuration that is told; what is beyond is not, in bytes.
  package static let configurationBytes = 256 << 10
  /// The most troubles that a summary tells.
  package static let problems = 20
  /// The most sets of changes of which a summary tells that they were refused.
  package static let refusals = 64
  /// The most changed paths that a summary names, and their bytes in all.
  package static let changes = 1_000
  package static let changeBytes = 256 << 10
}
