import ArgumentParser
import Glibc
import Model

/// Which version wins: just one of them.
struct VerbOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The version of this host.", valueName: "name"))
  var host: String?
  @Flag(help: "The version on this disk.") var ours = false
  @Flag(help: "The other version, if there is just one.") var theirs = false
  @Option(help: ArgumentHelp("The version with this label.", valueName: "label"))
  var take: String?
  @Flag(
    help: "Both sides' changes since their common ancestor; nothing is done if they overlap.")
  var merge = false
  @Flag(help: "The same; where changes overlap, the lines of both.") var union = false
  @Option(help: ArgumentHelp("The content of this file.", valueName: "file"))
  var file: String?
  @Flag(help: "None: the path is deleted.") var delete = false
  @Flag(
    help: """
      The version on this disk (or that of --host or --take), and the others beside it as NAME.HOST.
      """)
  var both = false
  @Option(
    help: ArgumentHelp("For --both: what is added to the name, in place of .HOST.", valueName: "s"))
  var suffix: String?

  /// How many were given.
  var count: Int {
    let choices = [host != nil, ours, theirs, take != nil].filter { $0 }.count
    let others = [merge, union, file != nil, delete].filter { $0 }.count
    return both ? max(1, choices) + others : choices + others
  }

  func check() throws {
    guard count == 1 else {
      throw ValidationError(
        "Say what wins, just one of: --host NAME, --ours, --theirs, --take LABEL, --merge, "
          + "--union, --file FILE, --delete, --both.")
    }
    if let suffix {
      guard both, !suffix.isEmpty, !suffix.utf8.contains(UInt8(ascii: "/")) else {
        throw ValidationError("--suffix belongs to --both and holds no slash.")
      }
    }
  }

  private var choice: Choice? {
    if let host { return .host(host.lowercased()) }
    if let take { return .label(take) }
    if ours { return .ours }
    return theirs ? .theirs : nil
  }

  /// What was asked for. Reads the file of `--file`.
  func verb(_ settings: Settings) throws(Failure) -> Verb {
    if both { return .both(choice ?? .ours, suffix: suffix) }
    if let choice { return .choose(choice) }
    if merge { return .merge }
    if union { return .union }
    if let file { return .file(try contents(of: settings.absolute(file))) }
    return .choose(.delete)
  }

  /// At most as much as a conflict's version may have.
  private func contents(of file: String) throws(Failure) -> [UInt8] {
    func failure(_ reason: String) -> Failure {
      Failure(
        .noInput, escaped(file), "not read", reason,
        remedy: "name a regular file of at most 256 MiB that can be read")
    }
    let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure(String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw failure("it is no regular file")
    }
    var out: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &block, block.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure(String(cString: strerror(errno))) }
      if count == 0 { return out }
      out += block[..<count]
      guard out.count <= 256 << 20 else { throw failure("it is larger than 256 MiB") }
    }
  }
}
