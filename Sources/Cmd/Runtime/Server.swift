import Glibc
import Model
import ModelEdge
import Synchronization
import Transport
import TransportEdge
import Threads

/// The daemon's threads: one that accepts peers, one for the commands of this host, one a
/// connection.
final class Server: Sendable {
  /// Connections that are served at a time; more wait in the kernel's queue.
  private static let connectionLimit = 64

  private let nodes: [Node]
  private let console: any Console
  private let isVerbose: Bool
  private let manager: ServiceManager
  private let open = Signal(0)
  /// Of each node.
  private let relays: [Relay]

  /// - Parameter nodes: One at least. All have this machine's identity.
  init(
    nodes: [Node], console: any Console, isVerbose: Bool, manager: ServiceManager = .none
  ) {
    self.nodes = nodes
    self.console = console
    self.isVerbose = isVerbose
    self.manager = manager
    relays = nodes.map { Relay($0, console, isVerbose: isVerbose) }
  }

  func run(once: Bool) throws(Failure) -> Int32 {
    let listeners = try listeners()
    var controls: [ControlListener] = []
    defer { for control in controls { control.close() } }
    for node in nodes { controls.append(try ControlListener(node: node, console: console)) }
    let doors = Doors(listeners: listeners, controls: controls)
    onSignals(end: { [self] in end(doors) }, reload: { [self] in reload(doors) })
    for control in controls { try control.start() }
    if !once { try startActions() }
    let places = Set(listeners.map { "\($0.port)" }).sorted().joined(separator: ", ")
    let names = Set(nodes.map { escaped($0.name) }).sorted().joined(separator: ", ")
    if isVerbose { console.say("\(names): serving on port \(places)") }
    manager.say("READY=1", "STATUS=serving \(names) on port \(places)")
    for listener in listeners.dropFirst() { admitAside(listener) }
    guard let first = listeners.first else { return ExitStatus.done }
    while let descriptor = try first.next() {
      if once { return answerOnce(readDescriptor: descriptor, writeDescriptor: descriptor) }
      take(descriptor)
    }
    // Somebody is ending the process, or putting another one in its place.
    while true { pause() }
  }

  /// Where others come in.
  private struct Doors: Sendable {
    let listeners: [Listener]
    let controls: [ControlListener]

    func close() {
      for listener in listeners { listener.close() }
      for control in controls { control.close() }
    }
  }

  /// Those of systemd, or one for each place at which a node is configured.
  private func listeners() throws(Failure) -> [Listener] {
    guard manager.sockets.isEmpty else { return [try Listener(descriptors: manager.sockets)] }
    var places: [Place] = []
    for node in nodes {
      let defaultPort = node.settings.port ?? Member.defaultPort
      let endpoint = node.config.endpoint(of: node.name, defaultPort: defaultPort)
      let place = Place(
        addresses: loopback(endpoint?.address), port: endpoint?.port ?? defaultPort)
      if !places.contains(where: { $0.covers(place) }) {
        places.removeAll { place.covers($0) }
        places.append(place)
      }
    }
    var listeners: [Listener] = []
    for place in places {
      listeners.append(try Listener(addresses: place.addresses, port: place.port))
    }
    return listeners
  }

  /// Where a node listens; no addresses: on all of this machine.
  private struct Place {
    var addresses: [String]
    var port: UInt16

    func covers(_ other: Place) -> Bool {
      port == other.port && (addresses.isEmpty || addresses == other.addresses)
    }
  }

  private func admitAside(_ listener: Listener) {
    let thread = OwnThread { [self] in
      do throws(Failure) {
        while let descriptor = try listener.next() { take(descriptor) }
      } catch {
        console.say("\(error)")
      }
    }
    if thread == nil {
      console.say("port \(listener.port): not served: there is no room for a thread")
    }
  }

  private func end(_ doors: Doors) {
    manager.say("STOPPING=1")
    doors.close()
    _ = open.wait(seconds: 3) { $0 == 0 ? true : nil }
    // All at once: TERM, five seconds, KILL.
    for node in nodes { node.gate.close(seconds: 0) }
    for node in nodes { node.gate.close(seconds: 8) }
    for node in nodes { node.real.end() }
    exit(ExitStatus.done)
  }

  /// Takes the configuration anew: a process that has read it takes the place of this one, with the
  /// same sockets. One that cannot be used changes nothing.
  private func reload(_ doors: Doors) {
    guard nodes.allSatisfy({ canBeRead($0.settings) }) else { return }
    manager.say(
      "RELOADING=1", "MONOTONIC_USEC=\(UInt64(monotonicSeconds() * 1_000_000))")
    doors.close()
    _ = open.wait(seconds: 60) { $0 == 0 ? true : nil }
    // An action that runs now is let run, if it ends soon.
    for node in nodes { node.gate.finish(seconds: 60) }
    for node in nodes { node.gate.close(seconds: 8) }
    for control in doors.controls { control.awaitIdle(seconds: 60) }
    for node in nodes { node.real.end() }
    let code = manager.replaceProcess(listening: doors.listeners.flatMap(\.sockets))
    console.say(
      "concord: the configuration was not taken: \(String(cString: strerror(code))); start it again"
    )
    exit(ExitStatus.of(.system))
  }

  private func canBeRead(_ settings: Settings) -> Bool {
    do {
      _ = try ConfigFile.load(settings)
      return true
    } catch {
      let faults = (error as? ConfigFaults)?.faults.map { "\($0)" } ?? ["\(error)"]
      for line in faults { console.say(line) }
      console.say("\(escaped(settings.configFile)): not taken: the former one stays in force")
      return false
    }
  }

  private func startActions() throws(Failure) {
    for (node, relay) in zip(nodes, relays) {
      let thread = OwnThread { [self] in
        node.goOnRunningActions(console, isVerbose: isVerbose)
      }
      let second = OwnThread { [self] in
        node.workLater(console) { open.change { $0 == 0 } }
      }
      let third = OwnThread { relay.run() }
      if thread == nil || second == nil || third == nil {
        throw Failure(.system, "actions", "not served", "the system has no room for a thread")
      }
    }
  }

  /// Serves one peer, then runs what follows from it.
  func answerOnce(
    readDescriptor: Int32, writeDescriptor: Int32, ownsState: Bool = false
  ) -> Int32 {
    let isGood = answer(readDescriptor: readDescriptor, writeDescriptor: writeDescriptor)
    let statuses = nodes.map { $0.runActions(console, $0.settings, ownsState: ownsState) }
    return max(isGood ? ExitStatus.done : ExitStatus.notInSync, statuses.max() ?? ExitStatus.done)
  }

  /// A host that is configured at a loopback address is for this machine alone.
  private func loopback(_ address: String?) -> [String] {
    guard let address, address.hasPrefix("127.") || address == "::1" else { return [] }
    return [address]
  }

  private func take(_ descriptor: Int32) {
    _ = open.wait { $0 < Self.connectionLimit ? true : nil }
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
      var memories: [[PeerState]] = []
      for node in nodes {
        memories.append(try node.real.with { store throws(Failure) in try store.peers() })
      }
      let (channel, place) = try accept(
        readDescriptor: readDescriptor, writeDescriptor: writeDescriptor,
        parties: nodes.map(\.party), deadlines: Deadlines.configured)
      let node = nodes[place]
      let number = node.gate.begin()
      defer {
        node.gate.end(number)
        node.noteLater()
      }
      let known = try relays[place].knowledge()
      defer { relays[place].hearOf(since: known) }
      let result = try SessionRun.answer(channel, node, memory: memories[place])
      try node.keep(result, channel.peer.name, console)
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
