import ArgumentParser
import Model

/// `actions [list]`, `actions show ID`, `actions retry ID`, `actions drop ID`
struct ActionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "actions", abstract: "Commands that ran after changes, wait or failed.",
    discussion: "Status 3: one failed, or waits to be tried again.",
    subcommands: [List.self, Show.self, Retry.self, Drop.self], defaultSubcommand: List.self)

  struct List: ConcordCommand {
    static let configuration = CommandConfiguration(abstract: "All that are kept, by number.")
    @OptionGroup var globals: GlobalOptions
    @OptionGroup var format: FormatOptions

    func execute(_ context: Context) throws -> Int32 {
      let node = try context.here()
      let runs = try node.real.with { store throws(Failure) in try store.actionRuns() }
      let answer = ActionsAnswer(node: node, runs: runs)
      if format.isJSON {
        context.put(answer.document)
      } else {
        context.console.out(answer.text(Paint(isOn: context.settings.usesColor)))
        if runs.isEmpty { context.note("no actions") }
      }
      return runs.contains(where: \.isTrouble) ? ExitStatus.validationFailed : ExitStatus.done
    }
  }

  struct Show: ConcordCommand {
    static let configuration = CommandConfiguration(
      abstract: "One of them: its paths, what it wrote, how it ended.")
    @OptionGroup var globals: GlobalOptions
    @OptionGroup var format: FormatOptions
    @Argument(help: "Its number.") var id: Int64

    func execute(_ context: Context) throws -> Int32 {
      let node = try context.here()
      let detail = try node.action(id)
      if format.isJSON {
        context.put(detail.document)
      } else {
        context.console.out(detail.text(Paint(isOn: context.settings.usesColor)))
      }
      return detail.run.isTrouble ? ExitStatus.validationFailed : ExitStatus.done
    }
  }

  struct Retry: ConcordCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run it again now, as if it had never been tried.")
    @OptionGroup var globals: GlobalOptions
    @Argument(help: "Its number.") var id: Int64
    var runsActions: Bool { true }

    func execute(_ context: Context) throws -> Int32 {
      let node = try context.here()
      let now = node.surroundings.now().seconds
      try node.change(id, "not tried again") { run, store throws(Failure) in
        var run = run
        run.state = .waiting
        run.attempts = 0
        run.due = now
        try store.put(run, output: nil)
      }
      return ExitStatus.done
    }
  }

  struct Drop: ConcordCommand {
    static let configuration = CommandConfiguration(
      abstract: "Forget it: it is not run any more.")
    @OptionGroup var globals: GlobalOptions
    @Argument(help: "Its number.") var id: Int64

    func execute(_ context: Context) throws -> Int32 {
      try context.here().change(id, "not dropped") { run, store throws(Failure) in
        try store.removeAction(run.id)
      }
      return ExitStatus.done
    }
  }
}

extension Node {
  fileprivate func unknown(_ id: Int64, _ action: String) -> Failure {
    Failure(
      .noInput, "action \(id)", action, "there is none of that number",
      remedy: "concord actions lists them")
  }

  fileprivate func action(_ id: Int64) throws(Failure) -> ActionDetail {
    try real.with { store throws(Failure) in
      guard let run = try store.actionRun(id) else { throw unknown(id, "not shown") }
      return ActionDetail(
        node: self, run: run, names: try store.actionNames(id, limit: .max),
        output: try store.actionOutput(id))
    }
  }

  fileprivate func change(
    _ id: Int64, _ action: String, _ body: (ActionRun, any Store) throws(Failure) -> Void
  ) throws(Failure) {
    try real.with { store throws(Failure) in
      try store.transaction { () throws(Failure) in
        guard let run = try store.actionRun(id) else { throw unknown(id, action) }
        guard run.state != .running else {
          throw Failure(
            .busy, "action \(id)", action, "it is running", remedy: "try again when it has ended")
        }
        try body(run, store)
      }
    }
  }
}
