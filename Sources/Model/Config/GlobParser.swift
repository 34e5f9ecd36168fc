/// Why a text is no pattern, name or address; the position is the caller's.
struct Flaw: Error, Hashable {
  let message: String
  let remedy: String

  init(_ message: String, _ remedy: String) {
    self.message = message
    self.remedy = remedy
  }
}

extension Glob {
  /// A pattern from its text, in which no `/` stands.
  init(parsing text: some Collection<UInt8>) throws(Flaw) {
    var rest = Array(text)[...]
    var tokens: [Token] = []
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "*"):
        var token = Token.star
        while rest.first == byte {
          token = .deepStar
          rest.removeFirst()
        }
        tokens.append(token)
      case UInt8(ascii: "?"):
        tokens.append(.any)
      case UInt8(ascii: "["):
        tokens.append(.set(try Self.parseSet(&rest)))
      case UInt8(ascii: "\\"):
        guard let next = rest.popFirst() else {
          throw Flaw("a backslash stands before nothing", "write `\\\\` for a backslash")
        }
        tokens.append(.byte(next))
      default:
        tokens.append(.byte(byte))
      }
    }
    self.init(tokens: tokens)
  }

  private static let unclosed = Flaw("`[` is not closed", "write `\\[` for a bracket")

  /// Reads behind `[` up to and with the closing bracket.
  private static func parseSet(_ rest: inout ArraySlice<UInt8>) throws(Flaw) -> ByteSet {
    var set = ByteSet()
    let isNegated = rest.first == UInt8(ascii: "!") || rest.first == UInt8(ascii: "^")
    if isNegated { rest.removeFirst() }
    var isFirst = true
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "]"), !isFirst {
        if isNegated { set.invert() }
        set.remove(slash)
        if set.isEmpty { throw Flaw("`[...]` accepts nothing", "remove the pattern") }
        return set
      }
      isFirst = false
      if byte == UInt8(ascii: "["), let kind = rest.first, [0x3A, 0x2E, 0x3D].contains(kind) {
        set.formUnion(try parseNamedClass(&rest))
        continue
      }
      let from = try unescaped(byte, &rest)
      let to = try parseRangeEnd(&rest) ?? from
      guard from <= to else {
        throw Flaw("the range in `[...]` runs backwards", "swap its ends")
      }
      for member in from...to { set.insert(member) }
    }
    throw unclosed
  }

  /// Reads `-x` if a range goes on; a `-` before the closing bracket is one itself.
  private static func parseRangeEnd(_ rest: inout ArraySlice<UInt8>) throws(Flaw) -> UInt8? {
    guard rest.first == UInt8(ascii: "-"), let next = rest.dropFirst().first,
      next != UInt8(ascii: "]")
    else { return nil }
    rest = rest.dropFirst(2)
    return try unescaped(next, &rest)
  }

  private static func unescaped(
    _ byte: UInt8, _ rest: inout ArraySlice<UInt8>
  ) throws(Flaw) -> UInt8 {
    guard byte == UInt8(ascii: "\\") else { return byte }
    guard let next = rest.popFirst() else { throw unclosed }
    return next
  }

  /// Reads `:name:]` behind a second `[`.
  private static func parseNamedClass(_ rest: inout ArraySlice<UInt8>) throws(Flaw) -> ByteSet {
    let kind = rest.popFirst()
    let name = rest.prefix { $0 != UInt8(ascii: "]") && $0 != kind }
    rest = rest.dropFirst(name.count)
    guard kind == UInt8(ascii: ":"), rest.starts(with: Array(":]".utf8)),
      let set = ByteSet.named(String(decoding: name, as: UTF8.self))
    else {
      throw Flaw(
        "`[...]` names no class of characters that is known",
        "write `[:alpha:]`, `[:digit:]` and the like, or `\\[` for a bracket")
    }
    rest = rest.dropFirst(2)
    return set
  }
}
