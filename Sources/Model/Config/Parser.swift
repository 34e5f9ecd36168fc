/// What became of a configuration's text.
package struct ParseResult: Hashable, Sendable {
  /// nil if there is any fault: half a configuration is none.
  package var config: Config?
  /// In the order in which they were met; at most 100.
  package var faults: [Fault]
}

/// Reads a configuration and the files that it includes.
///
/// `load` gives a file's bytes; a relative name in `config FILE;` was joined to the directory of
/// the file that it stands in. It never traps and takes time linear in the size of the files.
package func parseConfig(
  _ bytes: [UInt8], file: String, load: (_ file: String) -> Result<[UInt8], Failure>
) -> ParseResult {
  var parser = Parser()
  parser.parseFile(Source(file: file, bytes: bytes), load)
  parser.requireModest()
  parser.spreadSettings()
  let config = parser.faults.isEmpty ? parser.config : nil
  return ParseResult(config: config, faults: parser.faults)
}

/// Reads tokens into a `Config`; after a fault it goes on behind the next `;` or `}`.
struct Parser {
  static let faultLimit = 100
  static let depthLimit = 16
  static let fileLimit = 256
  /// Groups and patterns are compared pair by pair, so that their number is bounded.
  static let groupLimit = 1000
  static let patternLimit = 10_000

  var cursor = Cursor()
  var config = Config()
  private(set) var faults: [Fault] = []
  var unnamedGroups = 0
  /// Behind `no-delete` in the group that is being read.
  var noDeleteHosts: [Token] = []
  /// Where each statement about what is kept stood first.
  var keepingSeen: [Keyword: SourcePosition] = [:]
  /// The files that are being read, the outermost first.
  private var opened: [String] = []

  mutating func parseFile(_ source: Source, _ load: (String) -> Result<[UInt8], Failure>) {
    var lexer = Lexer(source)
    let tokens = lexer.run()
    for fault in lexer.faults { add(fault) }
    if !config.sources.contains(where: { $0.file == source.file }) {
      config.sources.append(source)
    }
    let outer = cursor
    cursor = Cursor(source: source, tokens: tokens)
    opened.append(source.file)
    while cursor.token.kind != .end, !isFull { parseBlock(load) }
    opened.removeLast()
    cursor = outer
  }

  /// What is ignored everywhere is ignored in every group.
  mutating func spreadSettings() {
    let ignored = config.settings.ignored.map(\.value)
    for index in config.groups.indices { config.groups[index].ignored.formUnion(ignored) }
  }

  /// Reports the first group and the first pattern that are too many.
  mutating func requireModest() {
    if let group = config.groups.dropFirst(Self.groupLimit).first {
      add(
        config.fault(group.position, "there are more than \(Self.groupLimit) groups", "join some"))
    }
    let places = config.groups.lazy.flatMap { $0.patternPlaces }
    if let place = places.dropFirst(Self.patternLimit).first(where: { _ in true }) {
      add(
        config.fault(
          place, "there are more than \(Self.patternLimit) patterns",
          "name directories or use wildcards"))
    }
  }

  private mutating func parseBlock(_ load: (String) -> Result<[UInt8], Failure>) {
    let start = cursor.token
    guard let keyword = takeKeyword(.outside) else { return }
    switch keyword {
    case .group: parseGroup(at: start)
    case .prefix: parsePrefix(at: start)
    case .config: parseInclusion(at: start, load)
    default: parseSetting(keyword, at: start)
    }
  }

  /// Reads the keyword that begins a statement; if there is none here, reports and skips to where
  /// the next may begin.
  mutating func takeKeyword(_ place: Keyword.Place) -> Keyword? {
    let token = cursor.take()
    guard token.kind == .word else {
      if token.kind != .broken {
        fault(token, "\(token.shown) begins no statement", strayRemedy(token))
      }
      if token.isText || token.kind == .openBrace { skipStatement() }
      return nil
    }
    if let keyword = Keyword(rawValue: token.text), keyword.stands(place) { return keyword }
    if let keyword = Keyword(rawValue: token.text) {
      fault(
        token, "\(token.shown) stands only \(keyword.place.rawValue)",
        place == .outside ? "" : "close the block with `}` before it, or move it")
    } else {
      let near = Keyword.nearest(to: token.text, in: place)
      let known = Keyword.allCases.filter { $0.stands(place) }.map { "`\($0.rawValue)`" }
      fault(
        token, "\(token.shown) is no keyword \(place.rawValue)",
        near.map { "did you mean `\($0.rawValue)`?" }
          ?? "known are \(known.joined(separator: ", "))")
    }
    skipStatement()
    return nil
  }

  private func strayRemedy(_ token: Token) -> String {
    switch token.kind {
    case .semicolon, .closeBrace: "remove it"
    case .string: "keywords stand without quotes"
    default: "write a keyword first"
    }
  }

  private mutating func parseInclusion(
    at start: Token, _ load: (String) -> Result<[UInt8], Failure>
  ) {
    guard let name = takeSingle(start, "FILE") else { return }
    let file = name.text.hasPrefix("/") ? name.text : directoryPart(cursor.source.file) + name.text
    if opened.contains(file) {
      fault(name, "\(name.shown) includes itself", "remove this line")
    } else if opened.count >= Self.depthLimit {
      fault(
        name, "files include each other more than \(Self.depthLimit) deep",
        "check whether \(name.shown) includes itself, or include it from an outer file")
    } else if inclusions >= Self.fileLimit {
      fault(name, "more than \(Self.fileLimit) files are included", "join some of them")
    } else {
      inclusions += 1
      switch load(file) {
      case .success(let bytes): parseFile(Source(file: file, bytes: bytes), load)
      case .failure(let failure):
        let remedy = failure.remedy.isEmpty ? "check the name" : failure.remedy
        fault(name, "`\(escaped(file))` cannot be read: \(failure.reason)", remedy)
      }
    }
  }

  private var inclusions = 0

  mutating func fault(_ token: Token, _ message: String, _ remedy: String = "") {
    fault(at: cursor.position(of: token), message, remedy)
  }

  mutating func fault(at position: SourcePosition, _ message: String, _ remedy: String = "") {
    add(Fault(position, message, remedy: remedy, source: cursor.source))
  }

  /// Whether so much is wrong that reading on helps nobody.
  var isFull: Bool { faults.count >= Self.faultLimit }

  private mutating func add(_ fault: Fault) {
    if !isFull { faults.append(fault) }
  }
}
