// What decides conflicts, and how much is kept of what lost.

extension Parser {
  mutating func parseAuto(_ start: Token, _ group: inout Group) {
    guard let words = takeWords(start) else { return }
    guard let word = words.first, !word.text.isEmpty else {
      fault(start, "`auto` lacks its method", "write `auto METHOD;` or `auto METHOD PATTERN...;`")
      return
    }
    guard let method = AutoMethod(rawValue: word.text) else {
      let known = AutoMethod.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
      fault(word, "\(word.shown) is no method of `auto`", "known are \(known)")
      return
    }
    var statement = AutoStatement(
      method: method, patterns: [], position: cursor.position(of: start))
    for word in words.dropFirst() {
      do throws(Flaw) {
        statement.patterns.append(Located(try Pattern(word.text), cursor.position(of: word)))
      } catch {
        fault(word, error.message, error.remedy)
      }
    }
    group.auto.append(statement)
  }

  /// Reads a statement about what this host keeps beside its index.
  mutating func parseKeeping(_ keyword: Keyword, at start: Token) {
    let isNumber = keyword == .history || keyword == .keepLosers
    guard let word = takeSingle(start, isNumber ? "NUMBER" : "SIZE") else { return }
    if let first = keepingSeen[keyword] {
      fault(start, "\(start.shown) stands here again; the first is at \(first)", "remove one")
      return
    }
    keepingSeen[keyword] = cursor.position(of: start)
    if isNumber {
      let limit = keyword == .history ? Keeping.stepLimit : Keeping.dayLimit
      guard let number = decimal(word.text, upTo: limit) else {
        fault(word, "\(word.shown) is no number", "write a number from 0 to \(limit)")
        return
      }
      if keyword == .history { config.settings.keeping.steps = number }
      if keyword == .keepLosers { config.settings.keeping.loserDays = number }
      return
    }
    guard let bytes = byteCount(word.text) else {
      fault(
        word, "\(word.shown) is no size",
        "write a number of bytes, or one with `K`, `M` or `G`, up to \(Keeping.sizeLimit >> 30)G")
      return
    }
    guard bytes > 0 || keyword == .ancestorSize else {
      fault(word, "\(start.shown) cannot be 0", "write how much may be kept; the default is good")
      return
    }
    switch keyword {
    case .heldSize: config.settings.keeping.versionBytes = bytes
    case .heldTotal: config.settings.keeping.totalBytes = bytes
    default: config.settings.keeping.ancestorBytes = bytes
    }
  }
}

/// A number of bytes: digits, and `K`, `M` or `G` for powers of 1024. Nil if it is none or too big.
private func byteCount(_ text: String) -> UInt64? {
  let shifts: [Character: UInt64] = ["K": 10, "M": 20, "G": 30]
  let shift = text.last.flatMap { shifts[$0] } ?? 0
  let digits = shift == 0 ? text : String(text.dropLast())
  let limit = Keeping.sizeLimit >> shift
  return decimal(digits, upTo: Int(limit)).map { UInt64($0) << shift }
}
