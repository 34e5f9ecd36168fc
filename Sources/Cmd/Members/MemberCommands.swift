import ArgumentParser
import Model

extension HostCommand {
  /// `host retire NAME`
  struct Retire: ConcordCommand {
    static let configuration = CommandConfiguration(
      abstract: "Strike a host that will not come back: nobody waits for it any more.",
      discussion: """
        The others hear of it as they meet. If the host does come back, it is refused until \
        `concord host rejoin` has run there; its files and edits are kept.
        """)
    @OptionGroup var globals: GlobalOptions
    @Argument(help: "The host.") var name: String
    @Flag(help: "Do not ask.") var yes = false

    func execute(_ context: Context) throws -> Int32 {
      let node = try context.here()
      let host = name.lowercased()
      try check(host, node)
      if !yes { try ask(host, node, context) }
      let done = try node.retire(host)
      if done.allSatisfy({ $0.struck.isEmpty }), try !isRetired(host, node) {
        throw Failure(
          .noInput, escaped(host), "not retired", "nothing was ever heard of it",
          remedy: "remove it from the configuration")
      }
      for (group, struck) in done where !struck.isEmpty {
        context.note("\(escaped(group)): \(escaped(host)) is retired")
      }
      return ExitStatus.done
    }

    private func check(_ host: String, _ node: Node) throws(Failure) {
      guard host != node.name else {
        throw Failure(
          .usage, escaped(host), "not retired", "it is this host",
          remedy: "run it on a host that stays")
      }
      guard node.others(in: node.sessionGroups).contains(host) else {
        throw Failure(
          .usage, escaped(name), "not retired", "no group of this host lists it",
          remedy: "the others are: "
            + node.others(in: node.sessionGroups).joined(separator: ", "))
      }
    }

    private func isRetired(_ host: String, _ node: Node) throws(Failure) -> Bool {
      try !node.active(in: node.sessionGroups).contains(host)
    }

    private func ask(_ host: String, _ node: Node, _ context: Context) throws(Failure) {
      let peer = try node.real.with { store throws(Failure) in try store.peer(host) }
      let age = peer?.lastMet.map { ageText(node.surroundings.now().seconds - $0) + " ago" }
      let question =
        "\(escaped(host)) was last met \(age.map { $0 } ?? "never"). "
        + "If it comes back, it has to rejoin. Retire it?"
      switch context.console.ask(question) {
      case true: return
      case nil:
        throw Failure(
          .usage, escaped(host), "not retired", "nobody is there to be asked",
          remedy: "give --yes")
      default: throw Failure(.usage, escaped(host), "not retired", "the answer was no")
      }
    }
  }

  /// `host rejoin`
  struct Rejoin: ConcordCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take part again: after this host was retired, copied or restored.",
      discussion: """
        Records and files stay. The next sync with each host compares everything once: what was \
        edited here is kept, what others have deleted and nobody has changed here goes.
        """)
    static var mendsState: Bool { true }
    @OptionGroup var globals: GlobalOptions

    func execute(_ context: Context) throws -> Int32 {
      let node = try context.here()
      try node.rejoin()
      context.note("\(escaped(node.name)): takes part anew; run concord sync")
      return ExitStatus.done
    }
  }
}
