import ArgumentParser
import Model

/// What a command works with.
struct Context {
  let settings: Settings
  let console: any Console
  /// This host; nil for commands that need none.
  let node: Node?

  /// This host, for a command that needs it.
  func here() throws(Failure) -> Node {
    guard let node else {
      throw Failure(.internalFault, "concord", "command not run", "it was given no state")
    }
    return node
  }

  /// Data, as text or as a document.
  func put(_ document: JSON) { console.out(document.text + "\n") }

  func note(_ line: String) {
    if settings.isVerbose || (settings.isTerminal && !settings.isQuiet) { console.say(line) }
  }
}

/// A command of `concord`.
protocol ConcordCommand: ParsableCommand {
  var globals: GlobalOptions { get }
  /// Whether it needs this host's state, and so runs in the daemon if there is one.
  static var needsNode: Bool { get }
  /// Whether it mends a state that no other command may use.
  static var mendsState: Bool { get }
  /// What has to be done by this process before anybody reads the configuration.
  func prepare(_ context: Context) throws
  /// Whether it may change files, so that actions can follow from it: they are run at its end.
  var runsActions: Bool { get }
  /// Runs and says how it ended. Failures that end it are thrown.
  func execute(_ context: Context) throws -> Int32
  /// Runs although this host's configuration or state cannot be used, if it can say why.
  func execute(_ context: Context, without failure: any Error) throws -> Int32
}

extension ConcordCommand {
  static var needsNode: Bool { true }
  static var mendsState: Bool { false }
  var runsActions: Bool { false }

  func prepare(_ context: Context) throws {}

  /// What is left to do without this host's state: nothing, unless the command says otherwise.
  func execute(_ context: Context, without failure: any Error) throws -> Int32 { throw failure }
}

/// Options that every command has.
struct GlobalOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The configuration.", valueName: "file"))
  var config: String?
  @Option(help: ArgumentHelp("The directory of this host's state.", valueName: "dir"))
  var state: String?
  @Option(
    name: [.long, .customShort("N")],
    help: ArgumentHelp("The name of this host.", valueName: "name"))
  var hostname: String?
  @Option(
    name: .customShort("C"),
    help: ArgumentHelp(
      "Another configuration and state beside the default ones.", valueName: "name"))
  var instance: [String] = []
  @Flag(name: .shortAndLong, help: "Say what is done.")
  var verbose = false
  @Flag(name: .shortAndLong, help: "Say nothing but errors.")
  var quiet = false
  @Option(help: .hidden) var port: UInt16?
  @Option(help: ArgumentHelp("When to use colour: auto, always, never.", valueName: "when"))
  var color = ColorChoice.auto

  func validate() throws {
    for name in instance where !Settings.isInstanceName(name) {
      throw ValidationError(
        "-C takes the NAME of a file concord_NAME.cfg: letters, digits, '.', '_' and '-'.")
    }
  }

  /// - Parameter instance: In place of the one behind `-C`; nil: that one, or the default.
  func settings(
    environment: [String: String], currentDirectory: String, instance: String? = nil
  ) -> Settings {
    var settings = Settings(
      config: config, state: state, hostName: hostname, instance: instance ?? self.instance.last,
      environment: environment, currentDirectory: currentDirectory)
    settings.isVerbose = verbose
    settings.isQuiet = quiet
    settings.port = port
    return settings
  }
}

enum ColorChoice: String, ExpressibleByArgument, CaseIterable { case auto, always, never }

/// `--format`, `--json`.
struct FormatOptions: ParsableArguments {
  @Option(help: "The form of the data: text or json.")
  var format = Format.text
  @Flag(help: "The same as --format json.")
  var json = false

  var isJSON: Bool { json || format == .json }
}

enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }
