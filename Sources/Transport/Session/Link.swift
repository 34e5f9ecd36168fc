package import Model

/// Who is at the other end, as proven during authentication.
package struct PeerIdentity: Hashable, Sendable {
  /// The name under which the peer's key is pinned: the one that authorisation goes by.
  package var name: String
  /// The groups whose key both sides have proven, sorted.
  package var groups: [String]
  /// Those of `groups` that the peer proved with a line of our key file that is not the first:
  /// it has not yet moved on to the new key.
  package var groupsOnOldKey: [String]
  /// `sha256:` and the hexadecimal SHA-256 of the peer's SubjectPublicKeyInfo.
  package var fingerprint: String
  /// Where it is: `192.0.2.1:30865`, `[2001:db8::1]:30865`, or words for a pipe. Not proven.
  package var address: String
  /// The protocol version that both speak.
  package var version: UInt32

  package init(
    name: String, groups: [String], groupsOnOldKey: [String] = [], fingerprint: String,
    address: String, version: UInt32
  ) {
    self.name = name
    self.groups = groups
    self.groupsOnOldKey = groupsOnOldKey
    self.fingerprint = fingerprint
    self.address = address
    self.version = version
  }
}

/// An authenticated, ordered, reliable way to one peer, in frames.
///
/// One thread sends and one receives, at the same time. Each throw ends the link.
package protocol Link: AnyObject, Sendable {
  var peer: PeerIdentity { get }
  /// Queues a frame of 1 to `Limits.frameBytes` bytes; blocks when the queue is full.
  func send(_ frame: [UInt8]) throws(Failure)
  /// Of the time in which bytes waited to leave, the part in which the line held them up and not
  /// the peer, who does not read: 0 to 1. Nil: it is not known.
  var lineShare: Double? { get }
  /// Hands every queued frame to the network.
  func flush() throws(Failure)
  /// The next whole frame; nil when the peer has closed in an orderly way, or this side has closed.
  func receive() throws(Failure) -> [UInt8]?
  /// Closes in an orderly way, from any thread; frames that were not flushed are lost.
  func close()
}

extension Link {
  package var lineShare: Double? { nil }
}
