/// A command line of csync2's, understood: one mode and what narrows it.
package struct ShortLine: Hashable, Sendable {
  /// What is to be done.
  package enum Mode: Hashable, Sendable {
    /// `-x`: look and meet.
    case sync
    /// `-c`: look and record; without files, work the hints off.
    case check
    /// `-u`: meet without a look.
    case update
    /// `-cu`: work the hints off, then meet without another look.
    case checkAndUpdate
    /// `-h`: keep a hint.
    case hint
    /// `-H`: list the hints.
    case hints
    /// `-L`: list what is recorded here.
    case list
    /// `-S ME PEER`: the same, of what the two have in common.
    case pair
    /// `-M`: list what each peer lacks.
    case dirty
    /// `-m`: make sure that it is recorded.
    case mark
    /// `-f`: this host's version wins.
    case force
    /// `-T`, `-TT`, `-TI`, `-TUXI`: compare with peers.
    case test
    /// `-R`: keep nothing stale.
    case prune
    /// `-o`: list what the patterns hold.
    case match
    /// `-i` (1), `-ii` (2), `-iii` (3): answer peers.
    case serve(Int)
    /// `-k FILE`: make a key.
    case key
  }

  package var mode: Mode
  /// Paths, or what stands for one: `ME PEER [FILE]` for `-S` and `-T`.
  package var files: [String] = []
  /// `-r`
  package var isRecursive = false
  /// `-d`
  package var isDry = false
  /// `-I`
  package var isInitial = false
  /// `-X`
  package var removesThere = false
  /// `-U`
  package var isPairOnly = false
  /// `-TT`
  package var showsDiffs = false
  /// `-F`
  package var isForced = false
  /// How many `-v`.
  package var verbosity = 0
  /// `-t`
  package var isStamped = false
  /// `-l`
  package var usesSyslog = false
  /// `-s FILE`
  package var stampFile: String?
  /// `-W FD`
  package var directoryDescriptor: Int32?
  /// `-P A,B`, in lower case.
  package var peers: [String] = []
  /// `-G A,B`
  package var groups: [String] = []
  /// `-C NAME`
  package var instance: String?
  /// `-D DIR`
  package var stateDirectory: String?
  /// `-N NAME`
  package var hostName: String?
  /// `-p PORT`
  package var port: UInt16?
  /// Options of this program's own, `--config FILE` and its like, each value a word of its own.
  package var longOptions: [String] = []

  package init(_ mode: Mode) { self.mode = mode }

  /// Why a command line cannot be carried out: a reason in words.
  package struct Refusal: Error, Hashable, Sendable {
    package var reason: String
    /// Whether the list of all options helps.
    package var needsHelp: Bool
  }
}

extension ShortLine {
  /// csync2's options that take a value, glued to the letter or as the next word.
  static let valued = Set("WspGPCDN")
  private static let plain = Set("FtHBAIXULlSTMRvhcuoimfxrdk")
  /// Letters that say what to do. `h` does too, but under this program's own name it is help.
  private static let modes = Set("xcufTMmLSRHiok")
  static let long: Set<String> = ["--config", "--state", "--hostname", "--color"]
  static let longFlags: Set<String> = ["--verbose", "--quiet"]

  /// Whether a command line is csync2's: by the name of the program, or because it has one of
  /// csync2's modes before any word that is no option.
  package static func isMeant(_ arguments: [String], program: String) -> Bool {
    if goesByCsync2(program) { return true }
    var rest = arguments[...]
    while let word = rest.popFirst() {
      if long.contains(word) {
        _ = rest.popFirst()
        continue
      }
      if word.hasPrefix("--"), word.count > 2 { continue }
      guard word.hasPrefix("-"), word.count > 1, word != "--" else { return false }
      let letters = word.dropFirst()
      let value = letters.firstIndex { valued.contains($0) }
      if letters[..<(value ?? letters.endIndex)].contains(where: { modes.contains($0) }) {
        return true
      }
      if let value, letters.index(after: value) == letters.endIndex { _ = rest.popFirst() }
    }
    return false
  }

  /// Whether the program was called under csync2's name.
  package static func goesByCsync2(_ program: String) -> Bool {
    program.split(separator: "/").last == "csync2"
  }

  /// Reads the words behind the program's name: clusters of letters, values glued or apart, options
  /// behind files too; all behind `--` is files.
  package static func read(_ arguments: [String]) throws(Refusal) -> ShortLine {
    var reader = ShortReader()
    var rest = arguments[...]
    while let word = rest.popFirst() {
      if word == "--" {
        reader.line.files += rest
        break
      }
      if word.hasPrefix("--") {
        try reader.long(word, &rest)
      } else if word.hasPrefix("-"), word.count > 1 {
        try reader.cluster(word.dropFirst(), &rest)
      } else {
        reader.line.files.append(word)
      }
    }
    return try reader.finished()
  }

  static func isKnown(_ letter: Character) -> Bool { plain.contains(letter) }
}
