import ArgumentParser
import Model

/// csync2's command line, where the state is: in this process or in the daemon. Not for people.
struct ShortCommand: ConcordCommand {
  static let name = "csync2-options"
  static let configuration = CommandConfiguration(
    commandName: name, abstract: "csync2's short options.", shouldDisplay: false)

  @OptionGroup var globals: GlobalOptions
  @Argument var words: [String] = []

  var runsActions: Bool {
    guard let line = try? ShortLine.read(words), !line.isDry else { return false }
    return [.sync, .check, .update, .checkAndUpdate, .mark, .force].contains(line.mode)
  }

  func execute(_ context: Context) throws -> Int32 {
    let line: ShortLine
    do {
      line = try ShortLine.read(words)
    } catch {
      throw Failure(.usage, "csync2 options", "not run", error.reason)
    }
    let run = try ShortRun(line, context)
    switch line.mode {
    case .sync, .check, .update, .checkAndUpdate: return try run.synchronise()
    case .hint: return try run.hint()
    case .hints: return try run.listHints()
    case .mark: return try run.mark()
    case .force: return try run.force()
    case .dirty: return try run.listDirty()
    case .list, .pair: return try run.listRecorded()
    case .match: return try run.listMatching()
    case .test: return try run.test()
    case .prune: return try run.prune()
    case .serve, .key:
      throw Failure(.internalFault, "csync2 options", "not run", "this mode needs no state")
    }
  }
}
