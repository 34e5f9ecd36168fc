import ArgumentParser
import Glibc
import Model

/// From arguments to a command, and to where it runs: here, or in the daemon of this state.
enum Dispatch {
  /// How long a command waits for another one of the same state, in seconds.
  private static let patienceSeconds = 120.0

  /// Runs a command of this process.
  static func run(_ arguments: [String], _ console: any Console, isTerminal: Bool) -> Int32 {
    attempt(console) {
      let (command, ordered) = try parse(arguments)
      var settings = command.globals.settings(
        environment: environment(), currentDirectory: currentDirectory())
      settings.isTerminal = isTerminal
      settings.user = loginName()
      settings.action = getenv("CONCORD_ACTION").map { String(cString: $0) } ?? ""
      settings.usesColor = command.globals.usesColor(isTerminal)
      guard type(of: command).needsNode else {
        return try command.execute(Context(settings: settings, console: console, node: nil))
      }
      return try runWithState(command, ordered, settings, console)
    }
  }

  /// Runs a command that came over the control socket, in the daemon.
  static func run(
    _ arguments: [String], _ console: any Console, node: Node, from request: ControlRequest
  ) -> Int32 {
    attempt(console) {
      let (command, _) = try parse(arguments)
      var settings = node.settings
      settings.isVerbose = command.globals.verbose
      settings.isQuiet = command.globals.quiet
      settings.port = command.globals.port ?? settings.port
      settings.isTerminal = request.isTerminal
      settings.usesColor = request.usesColor
      settings.currentDirectory = request.currentDirectory
      settings.user = request.user
      settings.action = request.action
      return try node.execute(
        command, Context(settings: settings, console: console, node: node), ownsState: false)
    }
  }

  /// The daemon has the state, or nobody: whoever has it for a moment is waited for.
  private static func runWithState(
    _ command: any ConcordCommand, _ arguments: [String], _ settings: Settings,
    _ console: any Console
  ) throws -> Int32 {
    // A configuration that cannot be used is said by this process, whoever owns the state.
    let bare = Context(settings: settings, console: console, node: nil)
    try command.prepare(bare)
    do { _ = try ConfigFile.load(settings) } catch {
      return try command.execute(bare, without: error)
    }
    let end = monotonicSeconds() + patienceSeconds
    while true {
      if let status = try ControlClient.run(arguments, settings, console) { return status }
      do {
        let node: Node
        do {
          node = try Node(settings, ownerWait: 0, rejoins: type(of: command).mendsState)
        } catch let failure as Failure where failure.kind == .busy {
          throw failure
        } catch {
          return try command.execute(bare, without: error)
        }
        defer { node.real.end() }
        for note in node.openingNotes { console.say(note) }
        return try node.execute(
          command, Context(settings: settings, console: console, node: node), ownsState: true)
      } catch let failure as Failure where failure.kind == .busy && monotonicSeconds() < end {
        usleep(20_000)
      }
    }
  }

  // MARK: Arguments

  private static func parse(_ arguments: [String]) throws -> (any ConcordCommand, [String]) {
    let ordered = hoisted(arguments)
    var parsed = try Concord.parseAsRoot(ordered)
    guard let command = parsed as? any ConcordCommand else {
      // A help request, or a bare `concord`: it prints and ends by throwing.
      try parsed.run()
      throw CleanExit.helpRequest()
    }
    return (command, ordered)
  }

  /// Global options may stand before the command: they are moved behind it.
  static func hoisted(_ arguments: [String]) -> [String] {
    let withValue = ["--config", "--state", "--hostname", "--color", "-C", "-N"]
    var options: [String] = []
    var rest = arguments[...]
    while let first = rest.first, first.hasPrefix("-") {
      if withValue.contains(first) {
        options += rest.prefix(2)
        rest = rest.dropFirst(2)
      } else if ["-v", "-q", "--verbose", "--quiet"].contains(first)
        || withValue.contains(where: { first.hasPrefix($0 + "=") })
      {
        options.append(first)
        rest = rest.dropFirst()
      } else {
        break
      }
    }
    guard !options.isEmpty, let command = rest.first else { return arguments }
    rest = rest.dropFirst()
    var path = [command]
    // `config check` and its like are two words.
    if ["actions", "backup", "config", "conflicts", "host"].contains(command),
      let second = rest.first,
      !second.hasPrefix("-")
    {
      path.append(second)
      rest = rest.dropFirst()
    }
    return path + options + rest
  }

  static func environment() -> [String: String] {
    var out: [String: String] = [:]
    for name in ["CONCORD_CONFIG", "CONCORD_STATE", "CONCORD_HOSTNAME"] {
      if let value = getenv(name) { out[name] = String(cString: value) }
    }
    return out
  }

  private static func currentDirectory() -> String {
    guard let path = getcwd(nil, 0) else { return "/" }
    defer { free(path) }
    return String(cString: path)
  }

  // MARK: Failures

  private static func attempt(_ console: any Console, _ body: () throws -> Int32) -> Int32 {
    do {
      return try body()
    } catch let failure as Failure {
      console.say("\(failure)")
      return ExitStatus.of(failure.kind)
    } catch let faults as ConfigFaults {
      for fault in faults.faults { console.say("\(fault)") }
      return ExitStatus.of(.configuration)
    } catch {
      let text = Concord.fullMessage(for: error)
      let status = Concord.exitCode(for: error).rawValue
      if status == 0 { console.out(text + "\n") } else if !text.isEmpty { console.say(text) }
      return status
    }
  }
}

extension GlobalOptions {
  func usesColor(_ isTerminal: Bool) -> Bool {
    switch color {
    case .always: true
    case .never: false
    case .auto: isTerminal && getenv("NO_COLOR").map { $0.pointee == 0 } ?? true && isatty(1) == 1
    }
  }
}
