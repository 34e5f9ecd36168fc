/// Reads csync2's options one by one and judges them together at the end.
struct ShortReader {
  var line = ShortLine(.sync)
  private var mode: ShortLine.Mode?
  private var tests = 0

  mutating func long(
    _ word: String, _ rest: inout ArraySlice<String>
  ) throws(ShortLine.Refusal) {
    if ShortLine.longFlags.contains(word) {
      line.longOptions.append(word)
      return
    }
    if let cut = word.firstIndex(of: "="), ShortLine.long.contains(String(word[..<cut])) {
      line.longOptions += [String(word[..<cut]), String(word[word.index(after: cut)...])]
      return
    }
    guard ShortLine.long.contains(word) else {
      throw refusal("there is no option `\(escaped(word))`")
    }
    guard let value = rest.popFirst() else { throw refusal("`\(word)` needs a value") }
    line.longOptions += [word, value]
  }

  mutating func cluster(
    _ letters: Substring, _ rest: inout ArraySlice<String>
  ) throws(ShortLine.Refusal) {
    var letters = letters
    while let letter = letters.popFirst() {
      if ShortLine.valued.contains(letter) {
        let glued = letters.isEmpty ? nil : String(letters)
        guard let value = glued ?? rest.popFirst() else {
          throw refusal("`-\(letter)` needs a value")
        }
        return try take(letter, value)
      }
      guard ShortLine.isKnown(letter) else {
        throw refusal("there is no option `-\(escaped(String(letter)))`")
      }
      try take(letter)
    }
  }

  // MARK: One option

  private mutating func take(_ letter: Character, _ value: String) throws(ShortLine.Refusal) {
    switch letter {
    case "C":
      guard !value.isEmpty, value.utf8.allSatisfy({ isNameByte($0) }), value.first != "." else {
        throw refusal("`-C \(escaped(value))`: a name has letters, digits, `.`, `_` and `-`")
      }
      line.instance = value
    case "D": line.stateDirectory = try directory(value)
    case "N": line.hostName = value
    case "p":
      guard let port = decimal(value, upTo: 65_535), port > 0 else {
        throw refusal("`-p \(escaped(value))`: a port is a number from 1 to 65535")
      }
      line.port = UInt16(clamping: port)
    case "W":
      guard let number = decimal(value, upTo: Int(Int32.max)) else {
        throw refusal("`-W \(escaped(value))`: a descriptor is a number")
      }
      line.directoryDescriptor = Int32(clamping: number)
    case "s": line.stampFile = value
    case "G": line.groups += list(value)
    default: line.peers += list(value).map { $0.lowercased() }
    }
  }

  private func isNameByte(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || byte == 0x2E || byte == 0x5F || byte == 0x2D
  }

  private func list(_ value: String) -> [String] { value.split(separator: ",").map(String.init) }

  /// `DIR`, `sqlite://DIR` or `sqlite3://DIR`.
  private func directory(_ value: String) throws(ShortLine.Refusal) -> String {
    guard let cut = value.firstRange(of: "://") else { return value }
    let scheme = value[..<cut.lowerBound]
    let path = String(value[cut.upperBound...])
    guard ["sqlite", "sqlite3"].contains(scheme), path.hasPrefix("/") else {
      throw ShortLine.Refusal(
        reason: "`-D \(escaped(String(scheme)))://...`: the state is kept in a directory of this "
          + "host and in no database server; give a directory: -D DIR", needsHelp: false)
    }
    guard !path.hasSuffix(".db3"), !path.hasSuffix(".db") else {
      throw ShortLine.Refusal(
        reason: "`-D \(escaped(value))` names a file, and the state is a directory: -D DIR",
        needsHelp: false)
    }
    return path
  }

  private mutating func take(_ letter: Character) throws(ShortLine.Refusal) {
    switch letter {
    case "r": line.isRecursive = true
    case "d": line.isDry = true
    case "I": line.isInitial = true
    case "X": line.removesThere = true
    case "U": line.isPairOnly = true
    case "F": line.isForced = true
    case "v": line.verbosity += 1
    case "t": line.isStamped = true
    case "l": line.usesSyslog = true
    // Without effect: there are no long transactions, and no switch makes the state unsafe.
    case "A", "B": break
    case "T":
      tests += 1
      guard tests <= 2 else { throw refusal("`-T` stands once or twice") }
      if tests == 1 { try set(.test) }
      line.showsDiffs = tests == 2
    case "i":
      if case .serve(let count) = mode, count < 3 {
        mode = .serve(count + 1)
      } else {
        try set(.serve(1))
      }
    case "u" where mode == .check: mode = .checkAndUpdate
    default: if let found = Self.modes[letter] { try set(found) }
    }
  }

  private static let modes: [Character: ShortLine.Mode] = [
    "x": .sync, "c": .check, "u": .update, "h": .hint, "H": .hints, "L": .list, "S": .pair,
    "M": .dirty, "m": .mark, "f": .force, "R": .prune, "o": .match, "k": .key,
  ]

  private mutating func set(_ new: ShortLine.Mode) throws(ShortLine.Refusal) {
    guard mode == nil else { throw refusal("only one mode can be carried out at a time") }
    mode = new
  }

  // MARK: All of them together

  mutating func finished() throws(ShortLine.Refusal) -> ShortLine {
    guard let mode else { throw refusal("a mode is needed") }
    line.mode = mode
    try checkFiles(mode)
    try checkModifiers(mode)
    return line
  }

  private func checkFiles(_ mode: ShortLine.Mode) throws(ShortLine.Refusal) {
    let count = line.files.count
    switch mode {
    case .hints, .list, .dirty, .prune, .serve:
      guard count == 0 else { throw refusal("this mode takes no files") }
    case .hint, .mark, .force, .match:
      guard count > 0 else { throw refusal("this mode needs a file") }
    case .checkAndUpdate:
      guard count == 0 else { throw refusal("`-cu` works off the hints and takes no files") }
    case .pair:
      guard count == 2 else { throw refusal("`-S` takes two hosts: this one and a peer") }
    case .key:
      guard count == 1 else { throw refusal("`-k` takes one file") }
    case .test:
      guard count <= 3 else { throw refusal("`-T` takes [ME PEER] [FILE]") }
    case .sync, .check, .update: return
    }
  }

  private func checkModifiers(_ mode: ShortLine.Mode) throws(ShortLine.Refusal) {
    if line.removesThere || line.isPairOnly {
      guard mode == .test, line.isInitial else { throw refusal("`-X` and `-U` go with `-TI`") }
    }
    if line.isInitial {
      guard [.sync, .check, .checkAndUpdate, .test].contains(mode) else {
        throw refusal("`-I` goes with `-c`, `-x` and `-T`")
      }
      guard !line.showsDiffs else { throw refusal("`-TT` only shows: it takes no `-I`") }
    }
    if line.isForced {
      guard [.sync, .check, .checkAndUpdate, .mark, .force].contains(mode) else {
        throw refusal("`-F` goes with `-c`, `-x` and `-m`")
      }
      guard !line.isInitial else { throw refusal("`-I` claims nothing and `-F` all: choose one") }
    }
    if line.isDry {
      let isReading = [.sync, .check, .update, .checkAndUpdate, .test, .match].contains(mode)
      guard isReading, !(mode == .test && line.isInitial) else {
        throw refusal("`-d` goes with `-c`, `-u` and `-x`; nothing was done")
      }
    }
    if line.directoryDescriptor != nil {
      guard [.sync, .check].contains(mode) else { throw refusal("`-W` goes with `-c`") }
    }
    if mode == .prune, !line.groups.isEmpty { throw refusal("`-R` is about all groups, not `-G`") }
  }

  private func refusal(_ reason: String) -> ShortLine.Refusal {
    ShortLine.Refusal(reason: reason, needsHelp: true)
  }
}
