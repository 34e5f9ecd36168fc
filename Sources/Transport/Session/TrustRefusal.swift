package import Model

/// Why a peer is not let in. Only this host's operator sees it: every refusal looks alike to the
/// peer.
package enum Refusal: Error, Hashable, Sendable {
  /// The hello is not in its form.
  case malformed(WireFault)
  /// The peer showed this host's own public key: our own words sent back, or a copied identity.
  case reflected
  /// The peer's key is not an Ed25519 key on its own.
  case wrongKeyType
  /// A client wants a host of another name.
  case wantedOther(String)
  /// A server says that it has another name than the one wanted.
  case otherName(String)
  /// The peer has, or is to have, this host's name.
  case ownName
  /// No group of this host has the peer as a member.
  case unlisted(String)
  /// The peer is listed, and none of its proofs is right.
  case unproven(String)
  case tooManyGroups(Int)
  /// Another key is pinned for the name.
  case pinDiffers(name: String, pinned: String, shown: String)
  /// The key is the one of another host than the one wanted, and that one has its own.
  case otherHost(name: String, found: String, fingerprint: String)
  /// The key is pinned for another name, and nothing for this one.
  case pinnedElsewhere(name: String, other: String, fingerprint: String)
  /// No version is spoken by both.
  case versions(theirs: ClosedRange<UInt32>, ours: ClosedRange<UInt32>)
}

extension Refusal {
  /// The refusal in words. `place` is the peer's address or name, as far as it is known.
  package func failure(place: String, ownName: String) -> Failure {
    let own = escaped(ownName)
    let (reason, remedy) = words(own: own)
    let kind: Failure.Kind =
      switch self {
      case .malformed, .versions: .protocolFault
      case .tooManyGroups: .configuration
      default: .permission
      }
    return Failure(kind, place, "not authenticated", reason, remedy: remedy)
  }

  private func words(own: String) -> (reason: String, remedy: String) {
    switch self {
    case .malformed(let fault): ("its hello is malformed at \(fault)", "")
    case .reflected:
      (
        "it shows this host's own key",
        "if \(own) was copied to it, remove the file identity from its state directory and "
          + "restart it"
      )
    case .wrongKeyType: ("its key is not a raw Ed25519 public key", "")
    case .wantedOther(let name):
      (
        "it wants \(escaped(name)), and this host is \(own)",
        "correct the address of \(escaped(name)) there, or --hostname here"
      )
    case .otherName(let name):
      ("the host that answered is \(escaped(name))", "correct the address in the configuration")
    case .ownName:
      ("it is named \(own) like this host", "give each host its own name in the configuration")
    case .unlisted(let name):
      (
        "no group of this host lists \(escaped(name)) together with \(own)",
        "add both to the group's host line, and see that its key file can be read"
      )
    case .unproven(let name):
      (
        "\(escaped(name)) does not hold the key of any group it shares with \(own)",
        "copy the group's key file from one of the two to the other"
      )
    case .tooManyGroups(let count):
      ("the two share \(count) groups, and \(Limits.proofs) is the limit", "join groups")
    case .versions(let theirs, let ours):
      (
        "it speaks protocol \(range(theirs)) and this host \(range(ours))",
        "upgrade the older of the two"
      )
    case .pinDiffers, .otherHost, .pinnedElsewhere: pinWords
    }
  }

  private var pinWords: (reason: String, remedy: String) {
    switch self {
    case .pinDiffers(let name, let pinned, let shown):
      (
        "the key of \(escaped(name)) is \(escaped(shown)), and \(escaped(pinned)) is pinned",
        "if it was reinstalled, run `concord host accept \(escaped(name)) \(escaped(shown))`"
      )
    case .otherHost(let name, let found, let fingerprint):
      (
        "reached \(escaped(found)) (\(escaped(fingerprint))) under the name \(escaped(name))",
        "correct the address of \(escaped(name)) in the configuration"
      )
    case .pinnedElsewhere(let name, let other, let fingerprint):
      (
        "the key \(escaped(fingerprint)) shown for \(escaped(name)) is pinned for "
          + "\(escaped(other))",
        "correct the address, or, if one is a copy of the other, remove the file identity from"
          + " the state directory of \(escaped(name)) and restart it"
      )
    default: ("", "")
    }
  }

  private func range(_ versions: ClosedRange<UInt32>) -> String {
    versions.count == 1
      ? "\(versions.lowerBound)" : "\(versions.lowerBound) to \(versions.upperBound)"
  }
}
