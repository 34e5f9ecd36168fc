/// A place in the tokens of one file.
struct Cursor {
  var source = Source(file: "", bytes: [])
  private var tokens: ArraySlice<Token> = []

  init() {}

  init(source: Source, tokens: [Token]) {
    self.source = source
    self.tokens = tokens[...]
  }

  /// The next token; `.end` for ever at the end.
  var token: Token {
    tokens.first ?? Token(kind: .end, text: "", offset: source.bytes.count)
  }

  /// The one behind it.
  var following: Token {
    tokens.dropFirst().first ?? Token(kind: .end, text: "", offset: source.bytes.count)
  }

  mutating func take() -> Token {
    let token = self.token
    tokens = tokens.dropFirst()
    return token
  }

  func position(of token: Token) -> SourcePosition { source.position(at: token.offset) }
}

extension Parser {
  /// Reads the words of a statement and its `;`; nil if the statement is broken, which is reported.
  mutating func takeWords(_ start: Token) -> [Token]? {
    var words: [Token] = []
    while cursor.token.isText, !cursor.token.isKeyword { words.append(cursor.take()) }
    guard endStatement() else { return nil }
    return words.contains { $0.kind == .broken } ? nil : words
  }

  /// Reads exactly one word and the `;`.
  mutating func takeSingle(_ start: Token, _ what: String) -> Token? {
    guard let words = takeWords(start) else { return nil }
    guard words.count == 1, let word = words.first, !word.text.isEmpty else {
      let more = words.dropFirst().first
      fault(
        more ?? start,
        more == nil ? "\(start.shown) lacks its value" : "\(start.shown) takes one value",
        "write `\(start.text) \(what);`")
      return nil
    }
    return word
  }

  /// Reads the `;` of a statement, or reports what stands there instead and skips the rest.
  mutating func endStatement() -> Bool {
    let token = cursor.token
    switch token.kind {
    case .semicolon:
      _ = cursor.take()
      return true
    case .end, .closeBrace:
      fault(token, "`;` is missing before \(token.shown)", "add it")
      return false
    case .word where token.isKeyword:
      // The next statement most likely: it is read as one, so that its own faults show.
      fault(
        token, "\(token.shown) is a keyword",
        "add the `;` that is missing before it, or put it in quotes if it is a name")
      return false
    case .at:
      fault(
        token, "`@` stands only between a host's name and its address",
        "put a word that contains it in quotes")
    default:
      fault(token, "\(token.shown) does not belong here", "end the statement with `;`")
    }
    skipStatement()
    return false
  }

  /// Skips behind the next `;` or the next block in braces, or up to a `}` or the end.
  mutating func skipStatement() {
    var depth = 0
    while true {
      switch cursor.token.kind {
      case .end: return
      case .openBrace: depth += 1
      case .closeBrace:
        if depth == 0 { return }
        depth -= 1
        if depth == 0 {
          _ = cursor.take()
          return
        }
      case .semicolon:
        if depth == 0 {
          _ = cursor.take()
          return
        }
      default: break
      }
      _ = cursor.take()
    }
  }

  /// Reads `{`, what `statement` reads as often as it can, and `}`. False if there is no `{`.
  mutating func block(
    _ start: Token, named name: inout Token?, _ statement: (inout Parser) -> Void
  ) -> Bool {
    var open = cursor.token
    if open.kind == .openBrace {
      _ = cursor.take()
    } else if let word = name, word.kind == .word, word.text.utf8.last == UInt8(ascii: "{") {
      fault(word, "\(word.shown) is one word", "write a blank before `{`")
      name?.text.removeLast()
      open = word
    } else {
      fault(open, "`{` is missing before \(open.shown)", "write `\(start.text) NAME {`")
      skipStatement()
      return false
    }
    while cursor.token.kind != .closeBrace, !isFull {
      guard cursor.token.kind != .end else {
        fault(open, "this block is never closed", "add its `}`")
        return true
      }
      statement(&self)
    }
    _ = cursor.take()
    return true
  }
}

extension Token {
  /// Whether it is bare and a keyword. One that csync2 does not have is a keyword in the middle of
  /// a statement only if it begins a line: csync2's configurations use such words as names.
  var isKeyword: Bool {
    guard kind == .word, let keyword = Keyword(rawValue: text) else { return false }
    return !keyword.isOwn || startsLine
  }
}
