import Glibc
import Model
import ModelEdge
import Synchronization
import Transport
import TransportEdge

/// The daemon's threads: one that accepts peers, one for the commands of this host, one a
/// connection.
final class Server: Sendable {
  /// Connections that are served at a time; more wait in the kernel's queue.
  private static let connectionLimit = 64

  private let node: Node
  private let console: any Console
  private let isVerbose: Bool
  private let open = Signal(0)

  init(node: Node, console: any Console, isVerbose: Bool) {
    self.node = node
    self.console = console
    self.isVerbose = isVerbose
  }

  func run(once: Bool) throws(Failure) -> Int32 {
    let defaultPort = node.settings.port ?? Member.defaultPort
    let endpoint = node.config.endpoint(of: node.name, defaultPort: defaultPort)
    let listener = try Listener(
      addresses: loopback(endpoint?.address), port: endpoint?.port ?? defaultPort)
    let control = try ControlListener(node: node, console: console)
    defer { control.close() }
    onSignals { [self] in
      listener.close()
      control.close()
      _ = open.wait(seconds: 3) { $0 == 0 ? true : nil }
      node.real.end()
      exit(ExitStatus.done)
    }
    try control.start()
    if isVerbose { console.say("\(escaped(node.name)): serving on port \(listener.port)") }
    while let descriptor = try listener.next() {
      if once { return answer(readDescriptor: descriptor, writeDescriptor: descriptor) ? 0 : 2 }
      take(descriptor)
    }
    return ExitStatus.done
  }

  /// A host that is configured at a loopback address is for this machine alone.
  private func loopback(_ address: String?) -> [String] {
    guard let address, address.hasPrefix("127.") || address == "::1" else { return [] }
    return [address]
  }

  private func take(_ descriptor: Int32) {
    while open.wait(seconds: 3_600, { $0 < Self.connectionLimit ? true : nil }) == nil {}
    open.change { $0 += 1 }
    let thread = OwnThread { [self] in
      _ = answer(readDescriptor: descriptor, writeDescriptor: descriptor)
      open.change { $0 -= 1 }
    }
    if thread == nil {
      close(descriptor)
      open.change { $0 -= 1 }
    }
  }

  /// Serves one peer; false if that ended in a failure, which is said here and nowhere else.
  func answer(readDescriptor: Int32, writeDescriptor: Int32) -> Bool {
    do {
      let memory = try node.real.with { store throws(Failure) in try store.peers() }
      let channel = try accept(
        readDescriptor: readDescriptor, writeDescriptor: writeDescriptor, party: node.party,
        deadlines: Deadlines.configured)
      let result = try SessionRun.answer(channel, node, memory: memory)
      try keep(result, channel.peer.name)
      if isVerbose {
        let report = result.report
        console.say(
          "\(escaped(channel.peer.name)): received \(report.installed.count), "
            + "deleted \(report.removed.count), \(byteText(result.bytesOut)) out, "
            + "\(byteText(result.bytesIn)) in")
      }
      return true
    } catch {
      console.say("\(error)")
      return false
    }
  }

  private func keep(_ result: SessionResult, _ peer: String) throws(Failure) {
    for problem in result.report.problems { console.say(node.line(problem)) }
    let names = Set(result.report.problems.map(\.group))
    try node.real.with { store throws(Failure) in
      for group in node.sessionGroups {
        let mine = result.report.problems.filter { $0.group == group.name }
        let others = node.others(in: [group])
        _ = try TombstoneCollection.run(group.name, others: others, store: store)
        _ = try KeptCollection.run(
          group.name, others: others, store: store, limits: node.config.settings.keeping)
        if !names.contains(group.name), try store.problems(group.name).isEmpty { continue }
        try store.transaction { () throws(Failure) in
          try store.setProblems(mine, group.name, source: "sync \(peer)")
        }
      }
    }
  }
}

/// Runs `body` once when the process is asked to end. Call before any other thread is started.
private func onSignals(_ body: @escaping @Sendable () -> Void) {
  var signals = sigset_t()
  sigemptyset(&signals)
  sigaddset(&signals, SIGTERM)
  sigaddset(&signals, SIGINT)
  pthread_sigmask(SIG_BLOCK, &signals, nil)
  _ = OwnThread {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGTERM)
    sigaddset(&signals, SIGINT)
    var number: Int32 = 0
    _ = sigwait(&signals, &number)
    body()
  }
}
