import ArgumentParser
import Glibc
import Model
import Transport

/// `adopt [--from-csync2 FILE]`
struct AdoptCommand: ConcordCommand {
  static let configuration = CommandConfiguration(
    commandName: "adopt",
    abstract: "Join hosts that have their files already: by content, and touching none.",
    discussion: """
      Records what is on this disk and meets every host that can be reached. Files that are equal \
      are known as equal then; nothing is fetched, changed or removed on either side. Afterwards \
      concord sync moves only what differs. Run it on each host; again, if some were not there yet.

      With --from-csync2 the configuration is made from one of csync2, and all that means \
      something else is listed. csync2 can go on running beside it, with --port on another port.

      Status 1: files differ, and are conflicts. 2: a host could not be met.
      """)

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var format: FormatOptions
  @Option(
    name: .customLong("from-csync2"),
    help: ArgumentHelp(
      "Make the configuration from this one of csync2, if there is none yet.", valueName: "file"))
  var source: String?
  @Option(help: "With --from-csync2: the port of all hosts that name none.") var port: UInt16?

  func validate() throws {
    if port != nil, source == nil { throw ValidationError("--port goes with --from-csync2.") }
    if port == 0 { throw ValidationError("--port takes a number from 1 to 65535.") }
  }

  /// Makes the configuration, before anybody reads it.
  func prepare(_ context: Context) throws {
    guard let source else { return }
    let file = context.settings.absolute(source)
    let result = try ConfigFile.parse(file)
    guard let config = result.config else { throw ConfigFaults(faults: result.faults) }
    guard access(context.settings.configFile, F_OK) != 0 else { return }
    let directory = file.lastIndex(of: "/").map { String(file[...$0]) } ?? "/"
    let adopted = config.adopted(from: directory, port: port)
    let faults = checkConfig(adopted, host: context.settings.hostName)
    guard faults.isEmpty else { throw ConfigFaults(faults: faults) }
    try write(
      "# Made from \(escaped(file)) by concord adopt.\n\n" + adopted.text(),
      to: context.settings.configFile)
    context.console.say("\(escaped(context.settings.configFile)): made from \(escaped(file))")
  }

  func execute(_ context: Context) throws -> Int32 {
    let node = try context.here()
    let notes = try notes(context)
    var adoption = Adoption(node: node)
    try adoption.run(context)
    if format.isJSON {
      context.put(adoption.document(notes: notes))
    } else {
      if !notes.isEmpty {
        context.console.out("What means something else than in csync2:\n")
        for note in notes { context.console.out("  \(note.head)\n") }
        context.console.out("\n")
      }
      context.console.out(adoption.text)
    }
    return adoption.status
  }

  private func notes(_ context: Context) throws -> [Fault] {
    guard let source else { return [] }
    return try ConfigFile.parse(context.settings.absolute(source)).config.map(csync2Notes) ?? []
  }

  /// A file that is there is never written over.
  private func write(_ text: String, to file: String) throws(Failure) {
    func failure(_ code: Int32) -> Failure {
      Failure(
        .cannotCreate, escaped(file), "not written", String(cString: strerror(code)),
        remedy: "make its directory, or name another file with --config")
    }
    if let cut = file.lastIndex(of: "/"), cut != file.startIndex {
      mkdir(String(file[..<cut]), 0o755)
    }
    let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw failure(errno) }
    defer { close(descriptor) }
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let code = errno
        unlink(file)
        throw failure(code)
      }
      rest = rest.dropFirst(count)
    }
    guard fsync(descriptor) == 0 else { throw failure(errno) }
  }
}
