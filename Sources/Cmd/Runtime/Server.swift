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
  private let manager: ServiceManager
  private let open = Signal(0)

  init(
    node: Node, console: any Console, isVerbose: Bool, manager: ServiceManager = .none
  ) {
    self.node = node
    self.console = console
    self.isVerbose = isVerbose
    self.manager = manager
  }

  func run(once: Bool) throws(Failure) -> Int32 {
    let listener = try listener()
    let control = try ControlListener(node: node, console: console)
    defer { control.close() }
    onSignals(
      end: { [self] in
        manager.say("STOPPING=1")
        listener.close()
        control.close()
        _ = open.wait(seconds: 3) { $0 == 0 ? true : nil }
        node.real.end()
        exit(ExitStatus.done)
      }, reload: { [self] in reload(listener, control) })
    try control.start()
    if isVerbose { console.say("\(escaped(node.name)): serving on port \(listener.port)") }
    manager.say("READY=1", "STATUS=serving \(escaped(node.name)) on port \(listener.port)")
    while let descriptor = try listener.next() {
      if once { return answer(readDescriptor: descriptor, writeDescriptor: descriptor) ? 0 : 2 }
      take(descriptor)
    }
    // Somebody is ending the process, or putting another one in its place.
    while true { pause() }
  }

  private func listener() throws(Failure) -> Listener {
    guard manager.sockets.isEmpty else { return try Listener(descriptors: manager.sockets) }
    let defaultPort = node.settings.port ?? Member.defaultPort
    let endpoint = node.config.endpoint(of: node.name, defaultPort: defaultPort)
    return try Listener(
      addresses: loopback(endpoint?.address), port: endpoint?.port ?? defaultPort)
  }

  /// Takes the configuration anew: a process that has read it takes the place of this one, with the
  /// same sockets. One that cannot be used changes nothing.
  private func reload(_ listener: Listener, _ control: ControlListener) {
    do {
      _ = try ConfigFile.load(node.settings)
    } catch {
      for line in lines(of: error) { console.say(line) }
      console.say("\(escaped(node.settings.configFile)): not taken: the former one stays in force")
      return
    }
    manager.say("RELOADING=1", "MONOTONIC_USEC=\(UInt64(monotonicSeconds() * 1_000_000))")
    listener.close()
    control.close()
    _ = open.wait(seconds: 60) { $0 == 0 ? true : nil }
    control.awaitIdle(seconds: 60)
    node.real.end()
    let code = manager.replaceProcess(listening: listener.sockets)
    console.say(
      "concord: the configuration was not taken: \(String(cString: strerror(code))); start it again"
    )
    exit(ExitStatus.of(.system))
  }

  private func lines(of error: any Error) -> [String] {
    (error as? ConfigFaults)?.faults.map { "\($0)" } ?? ["\(error)"]
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

/// Runs `end` once when the process is asked to end, and `reload` at each SIGHUP. Call before any
/// other thread is started.
private func onSignals(
  end: @escaping @Sendable () -> Void, reload: @escaping @Sendable () -> Void
) {
  let numbers = [SIGTERM, SIGINT, SIGHUP]
  var signals = sigset_t()
  sigemptyset(&signals)
  for number in numbers { sigaddset(&signals, number) }
  pthread_sigmask(SIG_BLOCK, &signals, nil)
  _ = OwnThread {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in numbers { sigaddset(&signals, number) }
    while true {
      var number: Int32 = 0
      guard sigwait(&signals, &number) == 0 else { continue }
      if number != SIGHUP { return end() }
      reload()
    }
  }
}
