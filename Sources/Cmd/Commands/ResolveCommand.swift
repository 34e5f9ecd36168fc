import ArgumentParser
import Model
import Transport

/// `resolve PATH|ID...`
struct ResolveCommand: ConcordCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve", abstract: "Settle conflicts, on every host.",
    discussion: """
      A conflict is named by its identifier or its path. What is decided is what was on the \
      screen: if another version has arrived meanwhile, nothing is done and the status is 75.

      Many at once: --all --rule RULE says what it would do and asks.
      RULE: host:NAME, newest, oldest, larger, smaller.
      """)

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var format: FormatOptions
  @OptionGroup(title: "What wins") var verbs: VerbOptions
  @Flag(help: "Every open conflict; with paths: those at or below them.") var all = false
  @Option(help: ArgumentHelp("For --all: how the version is chosen.", valueName: "rule"))
  var rule: String?
  @Option(help: ArgumentHelp("For --all: only conflicts of this kind.", valueName: "kind"))
  var kind: String?
  @Flag(help: "For --all: do it without asking.") var yes = false
  @Option(help: ArgumentHelp("Why; kept with the decision.", valueName: "text"))
  var reason = ""
  @Option(help: ArgumentHelp("Take a decision back: the conflict is open again.", valueName: "id"))
  var undo: String?
  @Argument(help: "Conflicts, by identifier or path.") var conflicts: [String] = []

  func validate() throws {
    if undo != nil {
      guard !all, rule == nil, verbs.count == 0, conflicts.isEmpty else {
        throw ValidationError("--undo ID stands alone.")
      }
      return
    }
    if all {
      guard let rule, BulkRule(rule) != nil, verbs.count == 0 else {
        throw ValidationError(
          "Give --all a rule: --rule host:NAME, newest, oldest, larger or smaller.")
      }
      return
    }
    guard rule == nil, kind == nil, !yes else {
      throw ValidationError("--rule, --kind and --yes belong to --all.")
    }
    guard !conflicts.isEmpty else { throw ValidationError("Name a conflict, or give --all.") }
    try verbs.check()
    guard reason.utf8.count <= 1_000 else { throw ValidationError("The reason is too long.") }
  }

  var runsActions: Bool { true }

  func execute(_ context: Context) throws -> Int32 {
    let node = try context.here()
    if let undo { return try takeBack(undo, node, context) }
    let author = Author(user: context.settings.user, reason: reason)
    if all { return try resolveAll(node, author, context) }
    let verb = try verbs.verb(context.settings)
    do throws(Failure) {
      let (left, given) = try resolveLocal(conflicts, verb, node, context)
      let open = left.isEmpty ? [] : try node.conflicts(named: left, context.settings)
      for item in open {
        try node.requireVoice(item.conflict.group, item.conflict.path, "not resolved")
      }
      var rulings: [Ruling] = []
      for item in open { rulings.append(try node.ruling(verb, item.conflict)) }
      return try carryOut(rulings, node, author, context, given: given)
    } catch {
      if error.kind == .busy {
        for name in conflicts { try node.show(formerName: name, context) }
      }
      throw error
    }
  }

  /// Records the rulings and says what became of them.
  func carryOut(
    _ rulings: [Ruling], _ node: Node, _ author: Author, _ context: Context,
    given: [Node.LocalPath] = []
  ) throws(Failure) -> Int32 {
    let moved = try node.enact(rulings, author)
    let done = rulings.filter { ruling in !moved.contains { $0.id == ruling.conflict.id } }
    for ruling in done {
      context.note("\(node.shownPath(ruling.conflict.path)): settled: \(ruling.words)")
    }
    if !done.isEmpty { context.note("the next sync takes it to every host") }
    for conflict in moved {
      context.console.say(
        "\(node.shownPath(conflict.path)): not resolved: another version has arrived meanwhile; "
          + "look at it again: concord conflicts show \(node.shownPath(conflict.path))")
    }
    if format.isJSON { context.put(document(done, moved, given, node)) }
    guard moved.isEmpty else { return ExitStatus.of(.busy) }
    return try node.hasConflicts() ? ExitStatus.conflicts : ExitStatus.done
  }

  private func document(
    _ done: [Ruling], _ moved: [Conflict], _ given: [Node.LocalPath], _ node: Node
  ) -> JSON {
    func row(_ conflict: Conflict, _ more: [(String, JSON)]) -> JSON {
      .object(
        [("id", .string(conflict.id)), ("group", .string(conflict.group))]
          + pathMembers(node.localPath(conflict.path)) + more)
    }
    return .object([
      ("schema", .string("concord.resolve/1")), ("host", .string(node.name)),
      (
        "resolved",
        .array(
          done.map { ruling in
            row(
              ruling.conflict,
              [
                ("how", .string(ruling.how)),
                ("winner", ruling.version.map { .string($0.label) } ?? .null),
                ("hosts", .array(ruling.version?.authors.map { .string($0) } ?? [])),
              ])
          })
      ), ("moved", .array(moved.map { row($0, []) })),
      (
        "given_up",
        .array(
          given.map { item in
            .object(
              [("group", .string(item.group.name))] + pathMembers(node.localPath(item.local.path)))
          })
      ),
    ])
  }

  /// `--undo ID`
  private func takeBack(_ id: String, _ node: Node, _ context: Context) throws -> Int32 {
    let settled = try node.settled(named: id)
    try node.reopen(settled, context.settings)
    let path = node.shownPath(settled.path)
    context.note("\(path): open again; the next sync takes it to every host")
    if format.isJSON {
      let now = try node.conflicts().filter {
        $0.conflict.path == settled.path && $0.conflict.group == settled.group
      }
      context.put(
        .object([
          ("schema", .string("concord.resolve/1")), ("host", .string(node.name)),
          ("resolved", .array([])), ("reopened", .array(now.map { node.json($0) })),
        ]))
    }
    return ExitStatus.conflicts
  }
}
