// Blocks that name commands.

extension Parser {
  static let timeoutLimitSeconds = 86_400
  static let retryLimit = 1_000

  /// Reads an action behind its keyword.
  mutating func parseAction(_ start: Token, _ group: inout Group) {
    var action = Action(position: cursor.position(of: start))
    guard commandBlock(start, { parser in parser.parseActionStatement(&action) }) else { return }
    if action.commands.isEmpty {
      fault(start, "the action has no `exec`", "add `exec \"COMMAND\";`")
    }
    group.actions.append(action)
  }

  /// Reads a validation behind its keyword.
  mutating func parseGate(_ start: Token, _ group: inout Group) {
    var gate = Gate(position: cursor.position(of: start))
    guard commandBlock(start, { parser in parser.parseGateStatement(&gate) }) else { return }
    if gate.commands.isEmpty {
      fault(start, "the validation has no `exec`", "add `exec \"COMMAND\";`")
    }
    group.gates.append(gate)
  }

  private mutating func commandBlock(
    _ start: Token, _ statement: (inout Parser) -> Void
  ) -> Bool {
    var name: Token?
    return block(start, named: &name, statement)
  }

  private mutating func parseActionStatement(_ action: inout Action) {
    let start = cursor.token
    guard let keyword = takeKeyword(.action) else { return }
    switch keyword {
    case .pattern: action.patterns += parsePathRules(start)
    case .exec: action.commands += parseCommands(start)
    case .logfile: action.logFile = takeSingle(start, "FILE")?.text ?? action.logFile
    case .timeout: action.timeoutSeconds = parseTimeout(start) ?? action.timeoutSeconds
    case .retry: action.retries = parseCount(start, upTo: Self.retryLimit) ?? action.retries
    case .doLocal: if endStatement(), action.runs != .here { action.runs = .everywhere }
    case .doLocalOnly: if endStatement() { action.runs = .here }
    default: skipStatement()
    }
  }

  private mutating func parseGateStatement(_ gate: inout Gate) {
    let start = cursor.token
    guard let keyword = takeKeyword(.gate) else { return }
    switch keyword {
    case .pattern: gate.patterns += parsePathRules(start)
    case .exec: gate.commands += parseCommands(start)
    case .timeout: gate.timeoutSeconds = parseTimeout(start) ?? gate.timeoutSeconds
    default: skipStatement()
    }
  }

  private mutating func parsePathRules(_ start: Token) -> [Rule] {
    var rules: [Rule] = []
    for rule in parseRules(start, .include) {
      if rule.pattern.isPath {
        rules.append(rule)
      } else {
        fault(at: rule.position, "a `pattern` is one of paths", "begin it with `/` or `%PREFIX%/`")
      }
    }
    return rules
  }

  private mutating func parseCommands(_ start: Token) -> [String] {
    var commands: [String] = []
    for word in takeWords(start) ?? [] where !word.text.isEmpty {
      commands.append(word.text)
      do throws(Flaw) {
        _ = try ShellCommand(word.text)
      } catch {
        fault(word, error.message, error.remedy)
      }
    }
    return commands
  }

  private mutating func parseTimeout(_ start: Token) -> Int? {
    guard let word = takeSingle(start, "SECONDS") else { return nil }
    let seconds = decimal(word.text, upTo: Self.timeoutLimitSeconds)
    guard let seconds, seconds > 0 else {
      fault(
        word, "\(word.shown) is no number of seconds",
        "write a number from 1 to \(Self.timeoutLimitSeconds)")
      return nil
    }
    return seconds
  }

  private mutating func parseCount(_ start: Token, upTo limit: Int) -> Int? {
    guard let word = takeSingle(start, "NUMBER") else { return nil }
    guard let number = decimal(word.text, upTo: limit) else {
      fault(word, "\(word.shown) is no number", "write a number from 0 to \(limit)")
      return nil
    }
    return number
  }
}
