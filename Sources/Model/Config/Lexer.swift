/// A piece of a configuration file.
struct Token: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// A bare word, as a keyword must be.
    case word
    /// A quoted one.
    case string
    /// One that was refused already; its text is not to be looked at.
    case broken
    case openBrace, closeBrace, openParenthesis, closeParenthesis, semicolon, colon, at
    case end
  }

  var kind: Kind
  var text: String
  /// Of its first byte.
  var offset: Int
  /// Whether nothing but blanks stands before it in its line.
  var startsLine = false

  var isText: Bool { kind == .word || kind == .string || kind == .broken }

  /// As it is named in a fault.
  var shown: String {
    switch kind {
    case .word, .string, .broken: "`\(escaped(text))`"
    case .openBrace: "`{`"
    case .closeBrace: "`}`"
    case .openParenthesis: "`(`"
    case .closeParenthesis: "`)`"
    case .semicolon: "`;`"
    case .colon: "`:`"
    case .at: "`@`"
    case .end: "the end of the file"
    }
  }
}

/// Cuts a file into tokens, in time linear in its size.
struct Lexer {
  static let fileLimit = 1_048_576
  static let lineLimit = 65_536
  /// Linux: `PATH_MAX`. No word has use for more.
  static let wordLimit = 4096

  private let source: Source
  private var offset: Int
  private var tokens: [Token] = []
  /// Whether no token stands yet in the line.
  private var startsLine = true
  private(set) var faults: [Fault] = []

  init(_ source: Source) {
    self.source = source
    offset = source.start
  }

  /// The tokens, with `.end` as the last; none if the file is no configuration at all.
  mutating func run() -> [Token] {
    guard isText() else { return [Token(kind: .end, text: "", offset: 0)] }
    while let byte = peek() {
      switch byte {
      case 0x0A:
        offset += 1
        startsLine = true
      case 0x20, 0x09, 0x0B, 0x0C, 0x0D: offset += 1
      case UInt8(ascii: "#"): skipComment()
      case UInt8(ascii: "\""): string()
      default:
        if let kind = Self.mark(byte) {
          tokens.append(Token(kind: kind, text: "", offset: offset))
          startsLine = false
          offset += 1
        } else {
          word()
        }
      }
    }
    tokens.append(Token(kind: .end, text: "", offset: source.bytes.count))
    return tokens
  }

  private func peek() -> UInt8? {
    offset < source.bytes.count ? source.bytes[offset] : nil
  }

  /// Refuses at once what would only yield faults without end.
  private mutating func isText() -> Bool {
    var lineStart = 0
    for (offset, byte) in source.bytes.enumerated() {
      if byte == 0 {
        report(offset, "the file has a byte 0", "save it as plain text in UTF-8")
        return false
      }
      if byte == 0x0A { lineStart = offset + 1 }
      if offset - lineStart >= Self.lineLimit {
        report(
          offset, "the line is longer than \(Self.lineLimit) bytes", "break it into several lines")
        return false
      }
    }
    guard source.bytes.count <= Self.fileLimit else {
      report(
        0, "the file is larger than \(Self.fileLimit) bytes",
        "break it into several with `config FILE;`")
      return false
    }
    return true
  }

  private mutating func skipComment() {
    while let byte = peek(), byte != 0x0A { offset += 1 }
  }

  private mutating func string() {
    let start = offset
    offset += 1
    while let byte = peek(), byte != 0x0A {
      offset += 1
      if byte == UInt8(ascii: "\"") {
        append(.string, source.bytes[(start + 1)..<(offset - 1)], at: start)
        return
      }
    }
    report(start, "the string is not closed on its line", "add `\"` at its end")
    tokens.append(Token(kind: .broken, text: "\"", offset: start))
  }

  private mutating func word() {
    let start = offset
    while let byte = peek(), !Self.endsWord(byte) { offset += 1 }
    while offset - 1 > start, source.bytes[offset - 1] == UInt8(ascii: ":") { offset -= 1 }
    append(.word, source.bytes[start..<offset], at: start)
  }

  private mutating func append(_ kind: Token.Kind, _ bytes: ArraySlice<UInt8>, at start: Int) {
    guard bytes.count <= Self.wordLimit else {
      report(start, "the word is longer than \(Self.wordLimit) bytes", "shorten it")
      tokens.append(Token(kind: .broken, text: "", offset: start))
      return
    }
    // What cannot be printed is refused: then the text that is shown is the text that counts.
    let plain = bytes.filter { $0 != UInt8(ascii: "\\") }
    guard let text = String(validating: bytes, as: UTF8.self),
      escaped(plain).utf8.elementsEqual(plain)
    else {
      report(
        start, "the word has a byte that cannot be printed: `\(escaped(bytes.prefix(60)))`",
        "write `?` for each such byte of a pattern")
      tokens.append(Token(kind: .broken, text: "", offset: start))
      return
    }
    tokens.append(Token(kind: kind, text: text, offset: start, startsLine: startsLine))
    startsLine = false
  }

  private mutating func report(_ offset: Int, _ message: String, _ remedy: String) {
    guard faults.count < Parser.faultLimit else { return }
    faults.append(
      Fault(source.position(at: offset), message, remedy: remedy, source: source))
  }

  private static func mark(_ byte: UInt8) -> Token.Kind? {
    switch byte {
    case UInt8(ascii: "{"): .openBrace
    case UInt8(ascii: "}"): .closeBrace
    case UInt8(ascii: "("): .openParenthesis
    case UInt8(ascii: ")"): .closeParenthesis
    case UInt8(ascii: ";"): .semicolon
    case UInt8(ascii: ":"): .colon
    case UInt8(ascii: "@"): .at
    default: nil
    }
  }

  /// Braces and colons end no word: they may stand inside one, as in csync2.
  static func endsWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x20, 0x09...0x0D, UInt8(ascii: "@"), UInt8(ascii: ";"), UInt8(ascii: "("),
      UInt8(ascii: ")"), UInt8(ascii: "#"), UInt8(ascii: "\""):
      true
    default: false
    }
  }
}
