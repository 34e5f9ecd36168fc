import ArgumentParser
import Glibc
import Model
import Transport

/// `wait`
struct WaitCommand: ConcordCommand {
  static let configuration = CommandConfiguration(
    commandName: "wait",
    abstract: "Until what this host knows now is on the other hosts.",
    discussion: "Status 0: they all have it. 2: the time ran out, or a question is open.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var format: FormatOptions
  @Option(
    help: ArgumentHelp(
      "Only these hosts, separated by commas; all: every host that is not retired.",
      valueName: "hosts"))
  var hosts = "all"
  @Option(
    help: ArgumentHelp("Only this group; may be given several times.", valueName: "group"))
  var group: [String] = []
  @Option(help: ArgumentHelp("How long at most.", valueName: "seconds"))
  var timeout = 60.0

  func validate() throws {
    guard timeout >= 0, timeout <= 86_400 * 365 else {
      throw ValidationError("--timeout takes seconds, at most those of a year")
    }
  }

  var runsActions: Bool { true }

  func execute(_ context: Context) throws -> Int32 {
    let node = try context.here()
    let groups = group.isEmpty ? node.sessionGroups : try node.groups(group)
    var wait = Wait(node: node, start: monotonicSeconds())
    for group in groups { wait.add(group, try named(group, node)) }
    try checkNames(wait, node, groups)
    try wait.look(
      context,
      unselected: node.sessionGroups.filter { one in
        !groups.contains { $0.name == one.name }
      })
    try meet(&wait, context, groups)
    tell(wait, node, context)
    return wait.isDone && wait.refusals.isEmpty ? ExitStatus.done : ExitStatus.notInSync
  }

  /// The hosts of a group that are waited for.
  private func named(_ group: SessionGroup, _ node: Node) throws(Failure) -> [String] {
    if hosts == "all" { return try node.active(in: [group]) }
    let names = hosts.lowercased().split(separator: ",").map { String($0) }
    return node.others(in: [group]).filter { names.contains($0) }
  }

  private func checkNames(_ wait: Wait, _ node: Node, _ groups: [SessionGroup]) throws(Failure) {
    guard hosts != "all" else { return }
    let known = Set(wait.goals.flatMap { $0.hosts.map(\.name) })
    for name in hosts.lowercased().split(separator: ",") where !known.contains(String(name)) {
      throw Failure(
        .usage, escaped(String(name)), "not waited for", "it is no other host of the group",
        remedy: "the others are: \(node.others(in: groups).joined(separator: ", "))")
    }
  }

  /// Meets those that lack something again and again, with growing pauses.
  private func meet(
    _ wait: inout Wait, _ context: Context, _ groups: [SessionGroup]
  ) throws(Failure) {
    var pause = 0.2
    while try !wait.check() {
      let meetings = wait.round().meet(try wait.worthMeeting())
      wait.note(meetings)
      var outcome = SyncOutcome(node: wait.node, context: context, isForecast: false)
      outcome.meetings = meetings
      try outcome.finish(groups)
      if try wait.check() { return }
      let left = timeout - (monotonicSeconds() - wait.start)
      guard left > 0, wait.refusals.isEmpty || wait.mayStillEnd else { return }
      usleep(UInt32(min(pause, left) * 1e6))
      pause = min(pause * 2, 5)
    }
  }

  private func tell(_ wait: Wait, _ node: Node, _ context: Context) {
    if format.isJSON { return context.put(wait.document) }
    for goal in wait.goals {
      for host in goal.hosts {
        let place = "\(escaped(goal.group.name)): \(escaped(host.name))"
        if let seconds = host.seconds {
          context.note("\(place): has it, after \(secondsText(seconds))")
        } else {
          context.console.say(
            "\(place): does not have it" + (host.problem.isEmpty ? "" : ": \(host.problem)"))
        }
      }
    }
  }
}
