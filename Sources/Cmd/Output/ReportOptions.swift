import ArgumentParser
import Model

/// `--format` and `--json`, `--root`, `--fail-on` and `--exit-zero`: for commands that find things.
struct ReportOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "text, json, ndjson, junit, sarif, github, markdown or html.", valueName: "format"))
  var format: ReportFormat = .text
  @Flag(help: "The same as --format json.")
  var json = false
  @Option(
    help: ArgumentHelp(
      "The directory that paths are relative to in sarif and github.", valueName: "dir"))
  var root: String?
  @Option(
    help: ArgumentHelp(
      "What the exit status tells: conflict, pending, validate, partial, with commas; or never.",
      valueName: "list"))
  var failOn: FailOn?
  @Flag(help: "End with status 0 whatever is found: the same as --fail-on never.")
  var exitZero = false

  func validate() throws {
    if json, format != .text, format != .json {
      throw ValidationError("--json and --format \(format.rawValue) are two formats; give one.")
    }
    if exitZero, failOn != nil {
      throw ValidationError("--exit-zero and --fail-on say two things; give one.")
    }
  }

  var isText: Bool { !json && format == .text }

  /// Says the answer in the form that was asked for.
  func put(_ answer: some Answer, _ context: Context) {
    let root = FindingRoot(
      root.map { absolutePath(Array($0.utf8), context.settings) } ?? [])
    let text =
      switch json ? .json : format {
      case .text: answer.text(Paint(isOn: context.settings.usesColor))
      case .json: answer.document.text + "\n"
      case .ndjson: answer.lines
      case .junit: answer.report(root).junit
      case .sarif: answer.report(root).sarif.text + "\n"
      case .github: answer.report(root).annotations
      case .markdown: answer.report(root).markdown
      case .html: answer.report(root).html
      }
    if !text.isEmpty { context.console.out(text) }
  }

  /// The exit status, of all statuses that apply. What the command could not do at all counts
  /// unless nothing shall.
  func status(_ applying: Set<Int32>) -> Int32 {
    if exitZero { return ExitStatus.done }
    guard let failOn else { return applying.max() ?? ExitStatus.done }
    guard !failOn.statuses.isEmpty else { return ExitStatus.done }
    return applying.filter { failOn.statuses.contains($0) || $0 > ExitStatus.pathsFailed }.max()
      ?? ExitStatus.done
  }
}

enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, ndjson, junit, sarif, github, markdown, html
}

/// The statuses that `--fail-on` lets through.
struct FailOn: ExpressibleByArgument {
  let statuses: Set<Int32>

  private static let causes: [(name: String, status: Int32)] = [
    ("conflict", ExitStatus.conflicts), ("pending", ExitStatus.notInSync),
    ("validate", ExitStatus.validationFailed), ("partial", ExitStatus.pathsFailed),
  ]

  static var allValueStrings: [String] { causes.map(\.name) + ["never"] }

  init?(argument: String) {
    var statuses: Set<Int32> = []
    if argument != "never" {
      for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
        guard let cause = Self.causes.first(where: { $0.name == word }) else { return nil }
        statuses.insert(cause.status)
      }
    }
    self.statuses = statuses
  }
}

extension ExitStatus {
  /// An action or a validation failed.
  static let validationFailed: Int32 = 3
}
