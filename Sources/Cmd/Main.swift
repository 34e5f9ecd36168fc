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
    var status: Int32
    if let plan = ShortOptions.plan(arguments, program: CommandLine.arguments.first ?? "") {
      status = plan.run(console, isTerminal: isTerminal)
    } else {
      status = Dispatch.run(arguments, console, isTerminal: isTerminal)
    }
    if console.hasFailed, status == 0 { status = ExitStatus.of(.inputOutput) }
    exit(status)
  }
}
