import Model
import Transport

/// Which key belongs to which host, kept in the state.
struct StorePins: Pins {
  let ledger: StateLedger

  func pin(for name: String) -> String? {
    try? ledger.with { store throws(Failure) in try store.peer(name)?.fingerprint }
  }

  func name(pinnedTo fingerprint: String) -> String? {
    try? ledger.with { store throws(Failure) in
      try store.peers().first { $0.fingerprint == fingerprint }?.name
    }
  }

  func record(name: String, fingerprint: String) throws(Failure) {
    try ledger.with { store throws(Failure) in
      try store.transaction { () throws(Failure) in
        var peer = try store.peer(name) ?? PeerState(name: name)
        peer.fingerprint = fingerprint
        try store.put(peer)
      }
    }
  }
}
