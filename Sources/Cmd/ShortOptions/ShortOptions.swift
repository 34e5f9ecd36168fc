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
    do {
      let wrapped = try ShortConsole.wrapping(console, line)
      let status = Dispatch.run(
        words(line, arguments, isCsync2: isCsync2), wrapped, isTerminal: isTerminal)
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

  /// Global options for the command that carries the line out.
  private static func globals(_ line: ShortLine, isCsync2: Bool) -> [String] {
    var out = line.longOptions
    if isCsync2, !out.contains("--config"), getenv("CONCORD_CONFIG") == nil {
      let name = line.instance.map { "csync2_\($0).cfg" } ?? "csync2.cfg"
      out += ["--config", systemDirectory() + "/" + name]
    }
    if let state = line.stateDirectory, !out.contains("--state") { out += ["--state", state] }
    if let instance = line.instance { out += ["-C", instance] }
    if let name = line.hostName, !out.contains("--hostname") { out += ["--hostname", name] }
    if let port = line.port { out += ["--port", "\(port)"] }
    if line.verbosity > 0 { out.append("--verbose") }
    return out
  }

  private static func words(
    _ line: ShortLine, _ arguments: [String], isCsync2: Bool
  ) -> [String] {
    let globals = globals(line, isCsync2: isCsync2)
    switch line.mode {
    case .key: return ["keygen", "--"] + line.files
    case .serve(1): return ["serve"] + globals + ["--stdio"]
    case .serve(3): return ["serve"] + globals + ["--once"]
    case .serve: return ["serve"] + globals
    default: return [ShortCommand.name] + globals + ["--"] + arguments
    }
  }
}
