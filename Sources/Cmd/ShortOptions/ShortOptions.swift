import Glibc
import Model

/// csync2's short options, translated into commands.
struct ShortOptions {
  /// What is run, one after the other; the first that does not end well ends the run.
  private var commands: [[String]]
  /// csync2 turns the statuses of `-T` round: 2 equal, 0 different, 1 trouble.
  private var isTest = false

  /// The plan for these arguments; nil if they are not csync2's.
  ///
  /// They are if the program goes by csync2's name, or the first option is a cluster of its letters
  /// with one of its modes in it and no command word stands before.
  static func plan(_ arguments: [String], program: String) -> ShortOptions? {
    let isCsync2 = program.split(separator: "/").last.map { $0 == "csync2" } ?? false
    guard isCsync2 || isCluster(arguments) else { return nil }
    return ShortOptions(arguments)
  }

  private static let modes: Set<Character> = [
    "x", "c", "u", "f", "T", "M", "m", "L", "S", "R", "H", "i", "o", "k",
  ]
  private static let known: Set<Character> = Set("xcufTMmLSRHihIXUdrvFo")

  private static func isCluster(_ arguments: [String]) -> Bool {
    var skip = false
    for argument in arguments {
      if skip {
        skip = false
        continue
      }
      if ["--config", "--state", "--hostname", "-C", "-N", "-D"].contains(argument) {
        skip = true
        continue
      }
      guard argument.hasPrefix("-"), !argument.hasPrefix("--"), argument.count > 1 else {
        if argument.hasPrefix("--") { continue }
        return false
      }
      if argument.dropFirst().contains(where: { modes.contains($0) }) { return true }
    }
    return false
  }

  private init(_ arguments: [String]) {
    var letters: Set<Character> = []
    var globals: [String] = []
    var peers: [String] = []
    var groups: [String] = []
    var files: [String] = []
    var rest = arguments[...]
    while let first = rest.popFirst() {
      switch first {
      case "--config", "--state", "--hostname", "-C", "-N":
        globals += [first] + rest.prefix(1)
        rest = rest.dropFirst()
      case "-P": peers += Self.list(rest.popFirst())
      case "-G": groups += Self.list(rest.popFirst())
      case _ where first.hasPrefix("--"): globals.append(first)
      case _ where first.hasPrefix("-") && first.count > 1: letters.formUnion(first.dropFirst())
      default: files.append(first)
      }
    }
    if letters.contains("v") { globals.append("-v") }
    commands = []
    build(letters, globals, peers, groups, files)
  }

  private static func list(_ text: String?) -> [String] {
    (text ?? "").split(separator: ",").map(String.init)
  }

  private mutating func build(
    _ letters: Set<Character>, _ globals: [String], _ peers: [String], _ groups: [String],
    _ files: [String]
  ) {
    let narrow = peers.flatMap { ["--peer", $0] } + groups.flatMap { ["--group", $0] }
    let dry = letters.contains("d") ? ["--dry-run"] : []
    let unknown = letters.subtracting(Self.known).subtracting(["k"])
    let unserved = letters.intersection([
      "M", "m", "L", "S", "R", "H", "i", "h", "I", "X", "U", "o", "F",
    ])
    if let letter = (unknown.sorted() + unserved.sorted()).first {
      commands = [["-\(letter)"]]
      return
    }
    if letters.contains("T"), !groups.isEmpty {
      commands = [["-G"]]
      return
    }
    let modes =
      letters.intersection(["x", "T", "f", "k"]).count
      + (letters.isDisjoint(with: ["c", "u"]) ? 0 : 1)
    guard modes == 1 else { return }
    if letters.contains("k") {
      commands = [["keygen"] + globals + files]
    } else if letters.contains("f") {
      commands = [["force"] + globals + (letters.contains("r") ? ["--recursive"] : []) + files]
    } else if letters.contains("T") {
      isTest = true
      commands = [
        ["verify", "--unreachable-is-trouble"] + globals + peers.flatMap { ["--peer", $0] } + files
      ]
    } else if letters.contains("x") || letters.contains("u") {
      commands = [["sync"] + globals + narrow + dry + files]
    } else if letters.contains("c") {
      commands = [["scan"] + globals + files.filter { $0 != "/" }]
    }
  }

  /// Runs the plan; csync2's statuses: 0 done, 1 any trouble, with `-T` 2 equal and 0 different.
  func run(_ console: any Console, isTerminal: Bool) -> Int32 {
    guard !commands.isEmpty else {
      console.say(
        "concord: not run: one mode is needed: -x, -c, -u, -f, -T or -k; see concord --help")
      return 1
    }
    for command in commands {
      if let letter = command.first, letter.hasPrefix("-") {
        console.say(Self.refusal(letter))
        return 1
      }
      let status = Dispatch.run(command, console, isTerminal: isTerminal)
      if isTest { return status == 0 ? 2 : status == ExitStatus.notInSync ? 0 : 1 }
      if status != 0 { return 1 }
    }
    return 0
  }

  private static func refusal(_ letter: String) -> String {
    let instead: String
    switch letter {
    case "-M": instead = "see concord status"
    case "-L", "-o": instead = "see concord show PATH, concord config explain PATH"
    case "-i": instead = "use concord serve, with --stdio for inetd"
    case "-h", "-H": instead = "concord scan PATH looks at once; no hints are kept"
    case "-R": instead = "nothing has to be removed by hand"
    case "-I", "-X", "-U": instead = "use concord resolve or concord force"
    case "-G": instead = "-T compares all groups"
    case "-m", "-F": instead = "use concord force PATH"
    default: instead = "see concord --help"
    }
    return "\(letter): not carried out: this release has no such option; \(instead)"
  }
}
