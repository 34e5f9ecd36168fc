import Glibc
import Model
import ModelEdge

/// Binds a state to the machine that it was made on: a copy must not go on as if it were alone.
enum Machine {
  private static let note = "machine"

  /// What a state keeps of this machine: a salted digest of its id. Nil if the machine has none;
  /// then nothing is bound and nothing refused.
  private static func mark() -> [UInt8]? {
    let descriptor = open("/etc/machine-id", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = read(descriptor, &bytes, bytes.count)
    let id = bytes.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") }
    // Before the first boot is over the file says `uninitialized`, on every machine alike.
    guard id.count == 32,
      id.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
    else { return nil }
    return ModelEdge.sha256(Array("concord machine ".utf8) + id).bytes
  }

  /// Refuses a state that another machine has used; one that none has used gets this one's mark.
  static func check(_ ledger: StateLedger, _ settings: Settings) throws(Failure) {
    guard let mark = mark() else { return }
    try ledger.with { store throws(Failure) in
      guard let kept = try store.note(note) else { return try bind(store) }
      guard kept == mark else {
        throw Failure(
          .permission, escaped(settings.stateDirectory), "state not used",
          "it was copied here from another machine",
          remedy: "run concord host rejoin here; if the other machine goes on, too, "
            + "remove `identity` from this copy before")
      }
    }
  }

  /// From now on the state is this machine's.
  static func bind(_ store: any Store) throws(Failure) {
    guard let mark = mark() else { return }
    try store.transaction { () throws(Failure) in try store.setNote(note, mark) }
  }

  /// Whether the machine has an id to which a state can be bound.
  static var hasIdentity: Bool { mark() != nil }
}
