/// What the pins say about a key.
package enum PinState: Hashable, Sendable {
  /// The key is the one pinned for the name.
  case known
  /// Neither is pinned: the key may be recorded, once a group key is proven.
  case new
}

extension Trust {
  /// Whether `fingerprint` may stand for `name`.
  ///
  /// A pin replaces no proof and a proof replaces no pin: both are asked. A key that is pinned for
  /// another host is refused even for a new name: it is a clone, or the wrong address.
  package static func checkPin(
    name: String, fingerprint: String, pins: any Pins
  ) throws(Refusal) -> PinState {
    let other = pins.name(pinnedTo: fingerprint)
    if let pinned = pins.pin(for: name) {
      if pinned == fingerprint { return .known }
      if let other, other != name {
        throw .otherHost(name: name, found: other, fingerprint: fingerprint)
      }
      throw .pinDiffers(name: name, pinned: pinned, shown: fingerprint)
    }
    if let other, other != name {
      throw .pinnedElsewhere(name: name, other: other, fingerprint: fingerprint)
    }
    return .new
  }
}
