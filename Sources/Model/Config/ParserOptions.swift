// What a group says about attributes, deletions and kinds of objects.

extension Parser {
  /// Reads the words behind `ignore`.
  mutating func parseIgnore(_ start: Token) -> [Located<Settings.Ignored>] {
    var ignored: [Located<Settings.Ignored>] = []
    for word in takeWords(start) ?? [] {
      guard let value = Settings.Ignored(rawValue: word.text) else {
        let known = Settings.Ignored.allCases.map { "`\($0.rawValue)`" }
        fault(
          word, "\(word.shown) cannot be ignored", "known are \(known.joined(separator: ", "))")
        continue
      }
      ignored.append(Located(value, cursor.position(of: word)))
    }
    return ignored
  }

  /// Reads one of the options of a group. The last statement counts.
  mutating func parseOption(_ keyword: Keyword, _ start: Token, _ group: inout Group) {
    switch keyword {
    case .ignore: group.ignored.formUnion(parseIgnore(start).map(\.value))
    case .unknownOwner: group.unknownOwner = parseUnknownOwner(start) ?? group.unknownOwner
    case .noDelete: group.noDelete = parseNoDelete(start) ?? group.noDelete
    case .maxDelete: group.maxDelete = parseMaxDelete(start) ?? group.maxDelete
    case .setid: group.takesSetID = parseYesNo(start) ?? group.takesSetID
    case .devices: group.takesDevices = parseYesNo(start) ?? group.takesDevices
    case .crossMounts: group.crossesMounts = parseYesNo(start) ?? group.crossesMounts
    case .fanout: group.fanout = parseFanout(start) ?? group.fanout
    default: skipStatement()
    }
  }

  private mutating func parseYesNo(_ start: Token) -> Bool? {
    guard let word = takeSingle(start, "yes|no") else { return nil }
    switch word.text {
    case "yes": return true
    case "no": return false
    default:
      fault(word, "\(word.shown) is neither `yes` nor `no`", "write `\(start.text) yes;`")
      return nil
    }
  }

  private mutating func parseFanout(_ start: Token) -> Int? {
    guard let word = takeSingle(start, "NUMBER") else { return nil }
    guard let number = decimal(word.text, upTo: 1_000_000), number > 0 else {
      fault(word, "\(word.shown) is no number of hosts", "write how many to meet, as `fanout 3;`")
      return nil
    }
    return number
  }

  private mutating func parseUnknownOwner(_ start: Token) -> UnknownOwner? {
    guard let words = takeWords(start) else { return nil }
    switch (words.first?.text, words.count) {
    case ("hold", 1): return .hold
    case ("numeric", 1): return .numeric
    case ("map", 2):
      let name = words[1]
      guard isPlainName(name.text.utf8) else {
        fault(name, "\(name.shown) is no name of a user", "name one that every host has")
        return nil
      }
      return .map(name.text)
    default:
      fault(
        start, "`unknown-owner` says who owns what belongs to somebody unknown",
        "write `unknown-owner hold;`, `unknown-owner numeric;` or `unknown-owner map NAME;`")
      return nil
    }
  }

  /// The hosts are judged when all of the group is read: they may stand below.
  private mutating func parseNoDelete(_ start: Token) -> NoDelete? {
    guard let words = takeWords(start) else { return nil }
    if words.isEmpty { return .everywhere }
    noDeleteHosts += words
    return .on(Set(words.map { $0.text.lowercased() }))
  }

  /// Reports hosts behind `no-delete` that are not in the group.
  mutating func requireMembers(_ group: Group) {
    for word in noDeleteHosts where group.member(word.text) == nil {
      fault(
        word, "\(word.shown) is no host of group `\(escaped(group.name))`",
        "write hosts of the group, or `no-delete;` for all")
    }
    noDeleteHosts = []
  }

  private mutating func parseMaxDelete(_ start: Token) -> MaxDelete? {
    guard let words = takeWords(start) else { return nil }
    var limit = MaxDelete()
    for word in words {
      let isPercent = word.text.hasSuffix("%")
      let digits = isPercent ? String(word.text.dropLast()) : word.text
      guard let number = decimal(digits, upTo: isPercent ? 100 : 1_000_000_000) else {
        fault(
          word, "\(word.shown) is no bound of deletions",
          "write a number of objects like `100`, or a part of the group like `20%`")
        return nil
      }
      if isPercent { limit.percent = number } else { limit.objects = number }
    }
    guard !words.isEmpty else {
      fault(start, "`max-delete` lacks its bound", "write `max-delete 100;` or `max-delete 20%;`")
      return nil
    }
    return limit
  }
}
