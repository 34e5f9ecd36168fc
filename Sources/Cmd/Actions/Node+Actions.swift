import Model
import Transport
import TransportEdge

extension Node {
  /// How long the commands that actions have left behind may go on, in seconds.
  private static let nestedPatience = 120.0

  /// Runs a command and then, where it may have changed something, the actions that follow.
  ///
  /// - Parameter ownsState: This process is no daemon: while its actions run, it takes the commands
  ///   that they call.
  func execute(
    _ command: any ConcordCommand, _ context: Context, ownsState: Bool
  ) throws -> Int32 {
    guard command.runsActions else { return try command.execute(context) }
    let number = gate.begin()
    let result = Result<Int32, any Error> { try command.execute(context) }
    gate.end(number)
    // An action that waited for actions would wait for itself.
    guard context.settings.action.isEmpty else { return try result.get() }
    let status = runActions(context.console, context.settings, ownsState: ownsState)
    return max(try result.get(), status)
  }

  /// Runs what is due, and says with what status that ends.
  func runActions(_ console: any Console, _ settings: Settings, ownsState: Bool) -> Int32 {
    let isVerbose = settings.isVerbose || settings.isTerminal && !settings.isQuiet
    let runner = ActionRunner(node: self, console: console, isVerbose: isVerbose)
    do throws(Failure) {
      let due = try runner.due()
      guard !due.isEmpty else { return ExitStatus.done }
      let listener = ownsState ? try ControlListener(node: self, console: console) : nil
      defer {
        listener?.close()
        listener?.awaitIdle(seconds: Self.nestedPatience)
      }
      try listener?.start()
      let ended = try runner.runDue()
      // Another one of this process may have run them.
      let others = try real.with { store throws(Failure) in try store.actionRuns() }
      let isTrouble =
        ended.contains(where: \.isTrouble)
        || others.contains { due.contains($0.id) && $0.isTrouble }
      return isTrouble ? ExitStatus.validationFailed : ExitStatus.done
    } catch {
      console.say("\(error)")
      return ExitStatus.of(error.kind)
    }
  }

  /// For a daemon: runs what becomes due, until the end of the process.
  func goOnRunningActions(_ console: any Console, isVerbose: Bool) {
    let runner = ActionRunner(node: self, console: console, isVerbose: isVerbose)
    while !gate.isEnding {
      let wakes = gate.wakes
      var pause: Int64 = 10
      do throws(Failure) {
        _ = try runner.runDue()
        let next = try real.with { store throws(Failure) in try ActionTurn.nextDue(in: store) }
        let now = surroundings.now().seconds
        pause = next.map { max(1, min($0 - now, 600)) } ?? 600
      } catch {
        console.say("\(error)")
      }
      gate.awaitWake(after: wakes, seconds: Double(pause))
    }
  }
}
