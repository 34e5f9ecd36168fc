// Hosts, prefixes and what stands outside blocks.

extension Parser {
  /// Reads the hosts of a group behind `host`, and the `;`.
  mutating func parseHosts(_ start: Token, _ group: inout Group) {
    var open: Token?
    var count = 0
    while true {
      let token = cursor.token
      if token.kind == .openParenthesis {
        if open != nil {
          fault(token, "parentheses stand inside parentheses", "remove the inner ones")
        }
        open = cursor.take()
      } else if token.kind == .closeParenthesis, open != nil {
        open = nil
        _ = cursor.take()
      } else if token.isText, !token.isKeyword {
        count += 1
        guard parseHost(receiveOnly: open != nil, &group) else { return skipStatement() }
      } else {
        break
      }
    }
    if let open, cursor.token.kind == .semicolon {
      fault(open, "this parenthesis is never closed", "add its `)`")
    }
    let isWhole = endStatement()
    if isWhole, count == 0 { fault(start, "`host` names nobody", "add a host or remove the line") }
  }

  /// False if the rest of the statement cannot be told apart; that is reported.
  private mutating func parseHost(receiveOnly: Bool, _ group: inout Group) -> Bool {
    let name = cursor.take()
    var member = Member(
      name: name.text, receiveOnly: receiveOnly, position: cursor.position(of: name))
    if name.kind != .broken, !isPlainName(name.text.utf8) {
      let hasColon = name.text.utf8.contains(UInt8(ascii: ":"))
      fault(
        name, "\(name.shown) is no host name",
        hasColon
          ? "write `NAME@ADDRESS:PORT`" : "use letters, digits, `.`, `-` and `_`, no wildcards")
    }
    if cursor.token.kind == .at {
      let at = cursor.take()
      guard cursor.token.isText else {
        fault(at, "`@` lacks the address", "write `NAME@ADDRESS`, or `NAME@[IPV6]`")
        return false
      }
      let address = cursor.take()
      guard address.kind != .broken else { return true }
      do throws(Flaw) {
        (member.address, member.port) = try parseAddress(address.text)
      } catch {
        fault(address, error.message, error.remedy)
      }
    }
    group.members.append(member)
    return true
  }

  /// Reads a prefix behind its keyword.
  mutating func parsePrefix(at start: Token) {
    var name: Token?
    if cursor.token.isText {
      name = cursor.take()
    } else {
      fault(start, "the prefix has no name", "write `prefix NAME {`")
    }
    var prefix = Prefix(name: "", places: [], position: cursor.position(of: start))
    guard
      block(
        start, named: &name,
        { parser in
          parser.parsePlace(&prefix)
        })
    else { return }
    if let name, name.kind != .broken, !isPlainName(name.text.utf8) {
      fault(
        name, "\(name.shown) is no name for a prefix",
        "use letters, digits and `._+-`, without percent signs")
    }
    prefix.name = name?.text ?? ""
    config.prefixes.append(prefix)
  }

  private mutating func parsePlace(_ prefix: inout Prefix) {
    let start = cursor.token
    guard takeKeyword(.prefix) != nil else { return }
    guard cursor.token.isText, !cursor.token.isKeyword else {
      fault(cursor.token, "`on` lacks the host names", "write `on PATTERN: /PATH;`")
      skipStatement()
      return
    }
    let hosts = cursor.take()
    guard cursor.token.kind == .colon else {
      fault(
        cursor.token, "`:` is missing behind \(hosts.shown)",
        "write `on PATTERN: /PATH;` with a blank behind the colon")
      skipStatement()
      return
    }
    _ = cursor.take()
    guard let path = takeSingle(start, "PATTERN: /PATH"), hosts.kind != .broken else { return }
    var wrong = path
    do throws(Flaw) {
      let place = try absolutePath(path.text)
      wrong = hosts
      prefix.places.append(
        try Prefix.Place(
          hostGlob: hosts.text, path: place, position: cursor.position(of: start)))
    } catch {
      fault(wrong, error.message, error.remedy)
    }
  }

  /// Reads a statement that stands outside blocks, behind its keyword.
  mutating func parseSetting(_ keyword: Keyword, at start: Token) {
    let position = cursor.position(of: start)
    switch keyword {
    case .database:
      config.settings.database = takeSingle(start, "DIRECTORY").map { Located($0.text, position) }
    case .tempdir:
      let word = takeSingle(start, "DIRECTORY")
      config.settings.temporaryDirectory = word.map { Located($0.text, position) }
    case .lockTimeout: parseLockTimeout(start)
    case .heldSize, .heldTotal, .ancestorSize, .history, .keepLosers:
      parseKeeping(keyword, at: start)
    case .ignore: config.settings.ignored += parseIgnore(start)
    case .nossl: parseUnencrypted(start)
    case .noCygwinLowercase:
      if endStatement() { config.settings.keepsCygwinCase = Located(true, position) }
    default: skipStatement()
    }
  }

  private mutating func parseLockTimeout(_ start: Token) {
    guard let word = takeSingle(start, "SECONDS") else { return }
    guard let seconds = decimal(word.text, upTo: 1_000_000) else {
      fault(word, "\(word.shown) is no number of seconds", "write a number from 0 to 1000000")
      return
    }
    config.settings.lockTimeoutSeconds = Located(seconds, cursor.position(of: start))
  }

  private mutating func parseUnencrypted(_ start: Token) {
    guard let words = takeWords(start) else { return }
    guard words.count == 2, let from = words.first, let to = words.last else {
      fault(
        start, "`nossl` takes two patterns of host names",
        "remove the line: connections are always encrypted")
      return
    }
    config.settings.unencrypted.append(
      Located(Settings.Unencrypted(from: from.text, to: to.text), cursor.position(of: start)))
  }
}
