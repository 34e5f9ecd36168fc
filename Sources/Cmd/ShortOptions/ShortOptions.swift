import Glibc
import Model

/// csync2's command line: what this process does of it before the work begins.
enum ShortOptions {
  /// Runs a command line of csync2's; nil if it is none.
  ///
  /// - Parameter program: The name that the program was called by.
  /// - Returns: csync2's statuses: 0 done, 1 any trouble, 2 as the mode says.
  static func run(
    _ arguments: [String], program: String, _ console: any Console, isTerminal: Bool
  ) -> Int32? {
    guard ShortLine.isMeant(arguments, program: program) else { return nil }
    if arguments.contains("--help") {
      console.out(shortHelp)
      return 0
    }
    let line: ShortLine
    do {
      line = try ShortLine.read(arguments)
    } catch {
      console.say("csync2 options: not run: \(error.reason)")
      if error.needsHelp { console.out(shortHelp) }
      return 1
    }
    let isCsync2 = ShortLine.goesByCsync2(program)
    if isCsync2, let lock = lockFile() {
      console.say(
        "\(escaped(lock)): not run: this file forbids all runs; remove it to allow them again")
      return 1
    }
    settle(line, isCsync2: isCsync2)
    do {
      let wrapped = try ShortConsole.wrapping(console, line)
      let status = Dispatch.run(
        words(line, arguments), wrapped, isTerminal: isTerminal)
      // All above are failures that this program has more words for than csync2.
      if case .serve = line.mode { return status == 0 ? 0 : 1 }
      return (0...2).contains(status) ? status : 1
    } catch {
      console.say("\(error)")
      return 1
    }
  }

  // MARK: Where things are

  private static func systemDirectory() -> String {
    getenv("CSYNC2_SYSTEM_DIR").map { String(cString: $0) } ?? "/etc"
  }

  private static func lockFile() -> String? {
    let file = systemDirectory() + "/csync2.lock"
    var status = stat()
    return lstat(file, &status) == 0 ? file : nil
  }

  /// csync2's places, as if somebody had named them in this program's environment: options go
  /// before them, and other configurations (`-C`) stand beside them.
  private static func settle(_ line: ShortLine, isCsync2: Bool) {
    if isCsync2 { setenv("CONCORD_CONFIG", systemDirectory() + "/csync2.cfg", 0) }
    if let state = line.stateDirectory { setenv("CONCORD_STATE", state, 1) }
  }

  /// Global options for the command that carries the line out.
  private static func globals(_ line: ShortLine) -> [String] {
    var out = line.longOptions
    if let instance = line.instance { out += ["-C", instance] }
    if let name = line.hostName, !out.contains("--hostname") { out += ["--hostname", name] }
    if let port = line.port { out += ["--port", "\(port)"] }
    if line.verbosity > 0 { out.append("--verbose") }
    return out
  }

  private static func words(_ line: ShortLine, _ arguments: [String]) -> [String] {
    var globals = globals(line)
    // One daemon serves all configurations, unless one is named.
    if case .serve = line.mode, line.instance == nil, !globals.contains("--config"),
      !globals.contains("--state")
    {
      globals.append("--all")
    }
    switch line.mode {
    case .key: return ["keygen", "--"] + line.files
    case .serve(1): return ["serve"] + globals + ["--stdio"]
    case .serve(3): return ["serve"] + globals + ["--once"]
    case .serve: return ["serve"] + globals
    default: return [ShortCommand.name] + globals + ["--"] + arguments
    }
  }
}
