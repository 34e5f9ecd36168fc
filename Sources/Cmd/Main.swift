import Glibc
import Model

/// Where the program begins.
@main
enum Main {
  static func main() {
    signal(SIGPIPE, SIG_IGN)
    umask(0o077)
    let arguments = Array(CommandLine.arguments.dropFirst())
    let isTerminal = isatty(0) == 1 && isatty(2) == 1
    let console = ProcessConsole(isTerminal: isTerminal)
    let short = ShortOptions.run(
      arguments, program: CommandLine.arguments.first ?? "", console, isTerminal: isTerminal)
    var status = short ?? Dispatch.run(arguments, console, isTerminal: isTerminal)
    if console.hasFailed, status == 0 || short != nil {
      status = short == nil ? ExitStatus.of(.inputOutput) : 1
    }
    exit(status)
  }
}
