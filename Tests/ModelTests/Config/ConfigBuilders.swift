import Model

/// Reads a configuration named `c`, with other files by name.
func read(_ text: String, files: [String: String] = [:]) -> ParseResult {
  read(Array(text.utf8), files: files)
}

func read(_ bytes: [UInt8], files: [String: String] = [:]) -> ParseResult {
  parseConfig(bytes, file: "c") { file in
    guard let text = files[file] else {
      return .failure(Failure(.noInput, file, "not read", "no such file"))
    }
    return .success(Array(text.utf8))
  }
}

/// The first lines of all faults: `FILE:LINE:COLUMN: message; remedy`.
func heads(_ faults: [Fault]) -> [String] {
  faults.map { String($0.description.prefix { $0 != "\n" }) }
}

/// What is wrong with a text.
func faults(_ text: String, files: [String: String] = [:]) -> [String] {
  heads(read(text, files: files).faults)
}

/// What a host has against a text that reads well.
func check(_ text: String, host: String = "a") -> [String] {
  let result = read(text)
  guard let config = result.config else { return heads(result.faults) }
  return heads(checkConfig(config, host: host))
}

/// A group `g` of hosts a and b with the given statements.
func group(_ statements: String) -> String {
  "group g { host a b; key k; \(statements) }"
}

/// The selection of a group with the given statements.
func selecting(_ statements: String) -> Selection? {
  read(group(statements)).config?.groups.first.map { Selection(group: $0) }
}

/// Paths of which the group includes exactly those marked `+`, of lines `+ /a` or `- /b`.
func misjudged(_ statements: String, _ lines: [String]) -> [String] {
  guard let selection = selecting(statements) else { return ["not read"] }
  return lines.filter { line in
    guard let path = TreePath(String(line.dropFirst(2))) else { return true }
    return selection.includes(path) != line.hasPrefix("+")
  }
}

/// A seeded generator: the same numbers on each run.
struct Chance: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
