extension Parser {
  /// Reads a group behind its keyword.
  mutating func parseGroup(at start: Token) {
    var name: Token?
    if cursor.token.isText { name = cursor.take() }
    var group = Group(name: "", position: cursor.position(of: start))
    var seen: [Keyword: Token] = [:]
    let faultsBefore = faults.count
    guard
      block(
        start, named: &name,
        { parser in
          parser.parseGroupStatement(&group, &seen)
        })
    else { return }
    group.name = groupName(name)
    requireMembers(group)
    requireWhole(group, seen, isClean: faults.count == faultsBefore)
    config.groups.append(group)
  }

  private mutating func groupName(_ token: Token?) -> String {
    guard let token else {
      unnamedGroups += 1
      return "group_\(unnamedGroups)"
    }
    if token.kind != .broken, !isPlainName(token.text.utf8) {
      fault(
        token, "\(token.shown) is no name for a group",
        "use letters, digits and `._+-`, the first a letter, a digit or `_`")
    }
    return token.text
  }

  /// Reports what the group lacks. A statement that is there but broken was reported as such.
  private mutating func requireWhole(_ group: Group, _ seen: [Keyword: Token], isClean: Bool) {
    let name = "group `\(escaped(group.name))`"
    if seen[.host] == nil {
      fault(at: group.position, "\(name) has no host", "add `host NAME...;`")
    }
    if seen[.key] == nil {
      fault(at: group.position, "\(name) has no key", "add `key FILE;`; `concord keygen` makes one")
    }
    let holdsPath = group.rules.contains { $0.kind != .exclude && $0.pattern.isPath }
    guard !holdsPath, isClean || seen[.include] == nil && seen[.compare] == nil else { return }
    fault(
      at: group.position,
      seen[.include] == nil
        ? "\(name) includes nothing"
        : "\(name) includes base names but no path, so that it would hold nothing",
      "add `include /PATH;`")
  }

  private mutating func parseGroupStatement(_ group: inout Group, _ seen: inout [Keyword: Token]) {
    let start = cursor.token
    guard let keyword = takeKeyword(.group) else { return }
    let first = seen[keyword]
    seen[keyword] = first ?? start
    switch keyword {
    case .host: parseHosts(start, &group)
    case .include: group.rules += parseRules(start, .include)
    case .exclude: group.rules += parseRules(start, .exclude)
    case .compare: group.rules += parseRules(start, .compare)
    case .key: parseKey(start, &group, first)
    case .auto: parseAuto(start, &group)
    case .action: parseAction(start, &group)
    case .backupDirectory: parseBackupDirectory(start, &group)
    case .backupGenerations: parseBackupGenerations(start, &group)
    case .validate: parseGate(start, &group)
    default: parseOption(keyword, start, &group)
    }
  }

  private mutating func parseKey(_ start: Token, _ group: inout Group, _ first: Token?) {
    guard let word = takeSingle(start, "FILE") else { return }
    if let first {
      let line = cursor.position(of: first).line
      fault(start, "the group has a second key; the first is in line \(line)", "remove one of them")
    } else {
      group.keyFile = word.text
    }
  }

  /// Reads the patterns of an `include`, `exclude`, `compare` or `pattern`, and its `;`.
  mutating func parseRules(_ start: Token, _ kind: Rule.Kind) -> [Rule] {
    guard let words = takeWords(start) else { return [] }
    if words.isEmpty {
      fault(start, "\(start.shown) names nothing", "add a pattern or remove the line")
    }
    var rules: [Rule] = []
    for word in words {
      do throws(Flaw) {
        let pattern = try Pattern(word.text)
        if kind != .exclude, let flaw = flawOfInclude(pattern) { throw flaw }
        rules.append(Rule(kind, pattern, cursor.position(of: word)))
      } catch {
        fault(word, error.message, error.remedy)
      }
    }
    return rules
  }

  private func flawOfInclude(_ pattern: Pattern) -> Flaw? {
    guard pattern.isPath else { return nil }
    guard let anchor = pattern.anchor else {
      return Flaw(
        "the pattern has a wildcard in its first component and would search the whole system",
        "name the directory in which it is to look")
    }
    guard let forbidden = systemDirectory(above: anchor.text) else { return nil }
    return Flaw("`\(forbidden)` is the kernel's and cannot be synced", "remove the pattern")
  }

  private mutating func parseBackupDirectory(_ start: Token, _ group: inout Group) {
    guard let word = takeSingle(start, "DIRECTORY") else { return }
    if let first = group.backupDirectory {
      let line = first.position.line
      fault(
        start, "the group has a second \(start.shown); the first is in line \(line)", "remove it")
    }
    do throws(Flaw) {
      let path = String(decoding: try absolutePath(word.text), as: UTF8.self)
      group.backupDirectory = Located(path, cursor.position(of: start))
    } catch {
      fault(word, error.message, error.remedy)
    }
  }

  private mutating func parseBackupGenerations(_ start: Token, _ group: inout Group) {
    guard let word = takeSingle(start, "NUMBER") else { return }
    if let first = group.backupGenerations {
      let line = first.position.line
      fault(
        start, "the group has a second \(start.shown); the first is in line \(line)", "remove it")
    }
    guard let number = decimal(word.text, upTo: 1_000_000) else {
      fault(word, "\(word.shown) is no number", "write a number from 0 to 1000000")
      return
    }
    group.backupGenerations = Located(number, cursor.position(of: start))
  }
}

/// The directory of the kernel's that the absolute path is or lies below, if it does.
func systemDirectory(above path: [UInt8]) -> String? {
  ["/proc", "/sys", "/dev"].first { name in
    let rest = path.dropFirst(name.utf8.count)
    return path.starts(with: name.utf8) && (rest.isEmpty || rest.first == Glob.slash)
  }
}
