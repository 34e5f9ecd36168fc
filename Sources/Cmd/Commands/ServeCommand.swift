import ArgumentParser
import Glibc
import Model
import ModelEdge
import Synchronization
import Transport
import TransportEdge

/// `serve`
struct ServeCommand: ConcordCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "The daemon: answers peers, and the commands on this host.")
  static var needsNode: Bool { false }

  @OptionGroup var globals: GlobalOptions
  @Flag(help: "Serve the default configuration and every concord_NAME.cfg beside it.")
  var all = false
  @Flag(help: "Answer one connection and end.") var once = false
  @Flag(help: "Talk over standard input and output, for inetd and ssh.") var stdio = false

  func execute(_ context: Context) throws -> Int32 {
    let manager = ServiceManager.take()
    let console = stdio && speaksToPeer() ? SystemLog() : context.console
    let nodes = try nodes(context, console)
    let server = Server(
      nodes: nodes, console: console, isVerbose: context.settings.isVerbose, manager: manager)
    if stdio {
      return server.answerOnce(readDescriptor: 0, writeDescriptor: 1, ownsState: true)
    }
    let status = try server.run(once: once)
    for node in nodes { node.real.end() }
    return status
  }

  /// The configurations that were asked for. Of several, one that cannot be served does not keep
  /// the others from it.
  private func nodes(_ context: Context, _ console: any Console) throws -> [Node] {
    let all = wanted(context)
    var nodes: [Node] = []
    for settings in all {
      do {
        nodes.append(try Node(settings, ownerWait: stdio ? 60 : 5))
      } catch {
        guard all.count > 1 else { throw error }
        let faults = (error as? ConfigFaults)?.faults.map { "\($0)" } ?? ["\(error)"]
        for line in faults { console.say(line) }
      }
    }
    guard !nodes.isEmpty else {
      throw Failure(
        .configuration, "concord serve", "nothing is served", "no configuration can be used",
        remedy: "run concord config check with each of them")
    }
    for node in nodes {
      for note in node.openingNotes { console.say(note) }
      for failure in node.brokenGroups.values.sorted(by: { $0.place < $1.place }) {
        console.say("\(failure)")
      }
    }
    return nodes
  }

  private func wanted(_ context: Context) -> [Settings] {
    let environment = Dispatch.environment()
    var names = globals.instance
    var found: [Settings] = []
    if all {
      names = Settings.instances(environment: environment)
      if access(context.settings.configFile, F_OK) == 0 { found.append(context.settings) }
    } else if names.count < 2 {
      return [context.settings]
    }
    for name in names {
      var settings = globals.settings(
        environment: environment, currentDirectory: context.settings.currentDirectory,
        instance: name)
      settings.user = context.settings.user
      found.append(settings)
    }
    return found
  }

  func validate() throws {
    guard all || globals.instance.count > 1 else { return }
    if globals.config != nil || globals.state != nil {
      throw ValidationError(
        "--config and --state name one configuration; several are served by -C and --all.")
    }
    if all, !globals.instance.isEmpty { throw ValidationError("Choose one of -C and --all.") }
  }

  /// Whether standard error is the peer's connection, as inetd has it: words would break in on it.
  private func speaksToPeer() -> Bool {
    var (input, errors) = (stat(), stat())
    return fstat(0, &input) == 0 && fstat(2, &errors) == 0
      && input.st_dev == errors.st_dev && input.st_ino == errors.st_ino
      && errors.st_mode & S_IFMT == S_IFSOCK
  }
}
