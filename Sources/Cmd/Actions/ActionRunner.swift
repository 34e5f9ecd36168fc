import Model
import ModelEdge
import Transport

/// Runs what is queued, one after the other, while nobody holds the state.
struct ActionRunner {
  /// How much `"$@"` may be, in bytes: well below the kernel's limit, which counts pointers too.
  private static let argumentLimit = 1 << 20
  /// How often one command runs in one go: an action whose own changes call for it again would
  /// never end.
  private static let rounds = 100

  let node: Node
  let console: any Console
  let isVerbose: Bool
  private let programs = LinuxPrograms()

  init(node: Node, console: any Console, isVerbose: Bool) {
    self.node = node
    self.console = console
    self.isVerbose = isVerbose
  }

  private var now: Int64 { node.surroundings.now().seconds }

  /// Runs all that is due, also what becomes due meanwhile.
  ///
  /// - Returns: The runs as they ended, in their order.
  func runDue() throws(Failure) -> [ActionRun] {
    guard node.gate.take() else { return [] }
    defer { node.gate.release() }
    try node.real.with { store throws(Failure) in try ActionTurn.resume(in: store, now: now) }
    var ended: [ActionRun] = []
    var counts: [String: Int] = [:]
    while !node.gate.isEnding {
      node.gate.awaitQuiet()
      guard let begun = try begin() else { break }
      ended.append(try run(begun))
      counts[begun.run.order.command, default: 0] += 1
      if counts[begun.run.order.command] == Self.rounds { break }
    }
    return ended
  }

  /// What is due now, or being run.
  func due() throws(Failure) -> [Int64] {
    try node.real.with { store throws(Failure) in
      try store.actionRuns().filter { $0.state == .running || ActionTurn.isDue($0, now: now) }
        .map(\.id)
    }
  }

  private func begin() throws(Failure) -> ActionTurn.Begun? {
    try node.real.with { store throws(Failure) in
      try ActionTurn.begin(in: store, now: now) { order, names in
        let command = ShellCommand.ofConfiguration(order.command)
        return command?.takesNames == true ? fitting(names) : names.count
      }
    }
  }

  private func fitting(_ names: [TreePath]) -> Int {
    var room = Self.argumentLimit
    for (index, name) in names.enumerated() {
      room -= node.localPath(name).count + 9
      if room < 0 { return index }
    }
    return names.count
  }

  private func run(_ begun: ActionTurn.Begun) throws(Failure) -> ActionRun {
    let result = perform(begun)
    // What we have ended ourselves stays begun: the next process runs it again at once.
    if node.gate.isCancelling, !result.isSuccess { return begun.run }
    let run = try node.real.with { store throws(Failure) in
      try ActionTurn.end(begun.run, result, in: store, now: now)
    }
    if run.state != .done {
      console.say(node.line(run, now: now))
    } else if isVerbose {
      console.say("  action \(run.id): \(run.end): \(escaped(run.order.command))")
    }
    return run
  }

  private func perform(_ begun: ActionTurn.Begun) -> ProgramResult {
    let run = begun.run
    guard let command = ShellCommand.ofConfiguration(run.order.command) else {
      return ProgramResult(end: .notStarted("the command cannot be read"))
    }
    var log: ActionLog?
    if let file = run.order.logFile {
      do { log = try ActionLog(Array(file.utf8)) } catch {
        return ProgramResult(end: .notStarted("\(error)"))
      }
    }
    let names = begun.names.map { node.localPath($0) }
    log?.say(
      "\(timeText(now)) action \(run.id): \(counted(names.count, "name")): "
        + escaped(run.order.command))
    let program = Program(
      command: command.text, arguments: command.takesNames ? names : [],
      input: Array(names.map { $0 + [0] }.joined()), environment: environment(run),
      timeoutSeconds: run.order.timeoutSeconds)
    let result = programs.run(
      program, isCancelled: { node.gate.isCancelling }, onOutput: { log?.add($0) })
    log?.say("\(timeText(now)) action \(run.id): \(result.end)")
    if let trouble = log?.trouble {
      console.say("\(escaped(run.order.logFile ?? "")): output not written: \(trouble)")
    }
    return result
  }

  private func environment(_ run: ActionRun) -> [Program.Variable] {
    [
      Program.Variable(
        "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
      Program.Variable("HOME", "/root"), Program.Variable("LANG", "C.UTF-8"),
      Program.Variable("CONCORD_CONFIG", node.settings.configFile),
      Program.Variable("CONCORD_STATE", node.settings.stateDirectory),
      Program.Variable("CONCORD_HOSTNAME", node.name),
      Program.Variable("CONCORD_GROUP", run.order.group),
      Program.Variable("CONCORD_ACTION", "\(run.id)"),
    ]
  }
}

extension Node {
  /// A run in trouble on one line, and what to do about it.
  func line(_ run: ActionRun, now: Int64) -> String {
    "action \(run.id) of \(escaped(run.order.group)): \(escaped(run.order.command)): "
      + "\(run.standing(now)); see concord actions show \(run.id)"
  }
}

extension ActionRun {
  /// How it stands, in words.
  func standing(_ now: Int64) -> String {
    let tries = counted(attempts, "try", "tries")
    switch state {
    case .done: return "done"
    case .running: return "running"
    case .failed: return "failed: \(end), \(tries)"
    case .waiting where !isTrouble: return "waiting"
    case .waiting:
      return due > now ? "\(end), again in \(ageText(due - now))" : "\(end), due again"
    }
  }
}
