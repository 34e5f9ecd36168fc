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
  @Flag(help: "Answer one connection and end.") var once = false
  @Flag(help: "Talk over standard input and output, for inetd and ssh.") var stdio = false

  func execute(_ context: Context) throws -> Int32 {
    let manager = ServiceManager.take()
    let console = stdio && speaksToPeer() ? SystemLog() : context.console
    let node = try Node(context.settings, ownerWait: stdio ? 60 : 5)
    for note in node.openingNotes { console.say(note) }
    for failure in node.brokenGroups.values.sorted(by: { $0.place < $1.place }) {
      console.say("\(failure)")
    }
    let server = Server(
      node: node, console: console, isVerbose: context.settings.isVerbose, manager: manager)
    if stdio {
      return server.answer(readDescriptor: 0, writeDescriptor: 1) ? ExitStatus.done : 2
    }
    let status = try server.run(once: once)
    node.real.end()
    return status
  }

  /// Whether standard error is the peer's connection, as inetd has it: words would break in on it.
  private func speaksToPeer() -> Bool {
    var (input, errors) = (stat(), stat())
    return fstat(0, &input) == 0 && fstat(2, &errors) == 0
      && input.st_dev == errors.st_dev && input.st_ino == errors.st_ino
      && errors.st_mode & S_IFMT == S_IFSOCK
  }
}
