import Model
import Transport

/// `resolve --all --rule RULE`
extension ResolveCommand {
  func resolveAll(_ node: Node, _ author: Author, _ context: Context) throws -> Int32 {
    guard let text = rule, let rule = BulkRule(text) else { return ExitStatus.of(.usage) }
    if case .host(let name) = rule, !node.knows(host: name) {
      throw Failure(
        .usage, escaped(name), "nothing resolved", "no group of this host lists it",
        remedy: "see concord host list")
    }
    let open = try selected(node, context)
    var rulings: [Ruling] = []
    var left: [(conflict: Conflict, reason: String)] = []
    for item in open {
      switch item.conflict.version(by: rule) {
      case .success(let version):
        rulings.append(node.ruling(of: version, item.conflict, how: "rule \(text)"))
      case .failure(let undecided): left.append((item.conflict, undecided.reason))
      }
    }
    guard !rulings.isEmpty else {
      for item in left {
        context.console.say(line(item.conflict, "left open: \(item.reason)", node))
      }
      context.note(open.isEmpty ? "no conflicts" : "nothing that the rule decides")
      if format.isJSON { return try carryOut([], node, author, context) }
      return try node.hasConflicts() ? ExitStatus.conflicts : ExitStatus.done
    }
    guard try isWanted(rulings, left, node, context) else { return ExitStatus.conflicts }
    return try carryOut(rulings, node, author, context)
  }

  private func selected(_ node: Node, _ context: Context) throws(Failure) -> [OpenConflict] {
    var targets: [Target] = []
    for name in conflicts { targets += try node.targets(name, context.settings) }
    return try node.conflicts().filter { open in
      let conflict = open.conflict
      if let kind, conflict.kind.rawValue != kind { return false }
      return targets.isEmpty
        || targets.contains {
          $0.group == conflict.group
            && ($0.path == conflict.path || conflict.path.isBelow($0.path))
        }
    }
  }

  /// Says what would be done; with `--yes`, or if somebody is there and agrees, it is.
  private func isWanted(
    _ rulings: [Ruling], _ left: [(conflict: Conflict, reason: String)], _ node: Node,
    _ context: Context
  ) throws(Failure) -> Bool {
    if !yes || context.settings.isVerbose {
      for ruling in rulings { say(line(ruling.conflict, ruling.words, node), context) }
    }
    for item in left { say(line(item.conflict, "left open: \(item.reason)", node), context) }
    if yes { return true }
    let count = rulings.count == 1 ? "1 conflict" : "\(rulings.count) conflicts"
    switch context.console.ask("settle \(count)?") {
    case true?: return true
    case false?:
      context.console.say("nothing resolved")
      return false
    case nil:
      context.console.say(
        "nothing resolved: nobody is there to agree; add --yes to settle \(count)")
      return false
    }
  }

  /// The plan is data, unless a document is asked for.
  private func say(_ line: String, _ context: Context) {
    if format.isJSON { context.console.say(line) } else { context.console.out(line + "\n") }
  }

  private func line(_ conflict: Conflict, _ words: String, _ node: Node) -> String {
    "\(conflict.id)  \(node.shownPath(conflict.path))  \(conflict.kind.rawValue)  \(words)"
  }
}

extension Node {
  /// Whether a group of this host lists it.
  func knows(host: String) -> Bool {
    sessionGroups.contains { $0.group.member(host) != nil }
  }
}
