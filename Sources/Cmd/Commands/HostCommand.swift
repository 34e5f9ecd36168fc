import ArgumentParser
import Model
import ModelEdge
import Transport
import TransportEdge

/// `host list|fingerprint|accept|retire|rejoin`
struct HostCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "host", abstract: "Identities: this host's, and those of the others.",
    subcommands: [List.self, Fingerprint.self, Accept.self, Retire.self, Rejoin.self])

  struct List: ConcordCommand {
    static let configuration = CommandConfiguration(abstract: "Every host of this host's groups.")
    @OptionGroup var globals: GlobalOptions
    @OptionGroup var format: FormatOptions

    func execute(_ context: Context) throws -> Int32 {
      let node = try context.here()
      let known = try node.real.with { store throws(Failure) in try store.peers() }
      let active = try node.active(in: node.sessionGroups)
      var rows: [JSON] = []
      for name in ([node.name] + node.others(in: node.sessionGroups)).sorted() {
        let endpoint = node.config.endpoint(of: name)
        let address = "\(endpoint?.address ?? name):\(endpoint?.port ?? Member.defaultPort)"
        let peer = known.first { $0.name == name }
        let fingerprint = name == node.name ? node.identity.fingerprint : peer?.fingerprint
        let isRetired = name != node.name && !active.contains(name)
        if !format.isJSON {
          context.console.out(
            "\(padded(escaped(name), 16))\(padded(escaped(address), 24))"
              + "\(fingerprint ?? "never met")"
              + "\(name == node.name ? "  (this host)" : isRetired ? "  retired" : "")\n"
          )
        }
        rows.append(
          .object([
            ("name", .string(name)), ("address", .string(address)),
            ("fingerprint", fingerprint.map { .string($0) } ?? .null),
            ("last_met", peer?.lastMet.map { .string(timeText($0)) } ?? .null),
            ("here", .bool(name == node.name)), ("retired", .bool(isRetired)),
          ]))
      }
      if format.isJSON {
        context.put(
          .object([
            ("schema", .string("concord.host-list/1")), ("host", .string(node.name)),
            ("hosts", .array(rows)),
          ]))
      }
      return ExitStatus.done
    }
  }

  struct Fingerprint: ConcordCommand {
    static let configuration = CommandConfiguration(
      abstract: "This host's key, as other hosts see it.")
    @OptionGroup var globals: GlobalOptions
    @OptionGroup var format: FormatOptions

    func execute(_ context: Context) throws -> Int32 {
      let node = try context.here()
      if format.isJSON {
        context.put(
          .object([
            ("schema", .string("concord.host-fingerprint/1")), ("host", .string(node.name)),
            ("fingerprint", .string(node.identity.fingerprint)),
          ]))
      } else {
        context.console.out(node.identity.fingerprint + "\n")
      }
      return ExitStatus.done
    }
  }

  struct Accept: ConcordCommand {
    static let configuration = CommandConfiguration(
      abstract: "Trust a host's new key from now on; the old one no more.")
    @OptionGroup var globals: GlobalOptions
    @Argument(help: "The host.") var name: String
    @Argument(help: "What `concord host fingerprint` says there.") var fingerprint: String

    func execute(_ context: Context) throws -> Int32 {
      let node = try context.here()
      let host = name.lowercased()
      guard node.others(in: node.sessionGroups).contains(host) else {
        throw Failure(
          .usage, escaped(name), "not accepted", "no group of this host lists it",
          remedy: "add it to the configuration first")
      }
      guard isFingerprint(fingerprint) else {
        throw Failure(
          .usage, escaped(fingerprint), "not accepted", "it is no fingerprint",
          remedy: "give sha256: and the 64 digits that concord host fingerprint says there")
      }
      let pins = StorePins(ledger: node.real)
      if let other = pins.name(pinnedTo: fingerprint), other != host {
        throw Failure(
          .permission, escaped(name), "not accepted", "that key belongs to \(escaped(other))",
          remedy: "a copied host needs an identity of its own: remove `identity` from its state")
      }
      try node.real.with { store throws(Failure) in
        try store.transaction { () throws(Failure) in
          var peer = try store.peer(host) ?? PeerState(name: host)
          peer.fingerprint = fingerprint
          peer.trouble = ""
          peer.troubleKind = ""
          try store.put(peer)
        }
      }
      return ExitStatus.done
    }

    private func isFingerprint(_ text: String) -> Bool {
      guard text.hasPrefix("sha256:") else { return false }
      let digits = text.utf8.dropFirst(7)
      return digits.count == 64
        && digits.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
  }
}
