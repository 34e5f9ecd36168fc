import ArgumentParser
import Model
import ModelEdge
import Transport

/// `backup list|restore`
struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "What was replaced or removed here, and back.",
    subcommands: [List.self, Restore.self], defaultSubcommand: List.self)

  struct List: ConcordCommand {
    static let configuration = CommandConfiguration(
      abstract: "The copies that are kept; 1 is the newest of a path.")
    @OptionGroup var globals: GlobalOptions
    @OptionGroup var format: FormatOptions
    @Argument(help: "Only these, and what was below them.") var paths: [String] = []

    func execute(_ context: Context) throws -> Int32 {
      let node = try context.here()
      let wanted = paths.map { absolutePath(Array($0.utf8), context.settings) }
      var copies: [BackupCopy] = []
      for directory in node.backupDirectories where Probe.device(directory) != nil {
        copies += try BackupCatalog.copies(in: directory, of: wanted, names: node.names)
      }
      if format.isJSON {
        context.put(
          .object([
            ("schema", .string("concord.backup/1")), ("host", .string(node.name)),
            ("backups", .array(copies.map { document($0) })),
          ]))
        return ExitStatus.done
      }
      for copy in copies {
        let replaced = copy.replaced.map { timeText($0.seconds) } ?? "-"
        context.console.out(
          "\(padded("\(copy.generation)", 4))\(padded(replaced, 22))"
            + "\(padded("\(copy.stat.size)", 12)) \(escaped(copy.path))\n")
      }
      return ExitStatus.done
    }

    private func document(_ copy: BackupCopy) -> JSON {
      .object(
        pathMembers(copy.path) + [
          ("generation", .int(copy.generation)),
          ("replaced_at", copy.replaced.map { .string(timeText($0.seconds)) } ?? .null),
          ("kind", .string(copy.stat.kind == .symlink ? "symlink" : "file")),
          ("size", .int(Int(clamping: copy.stat.size))),
          ("mode", .string(Mode(bits: copy.stat.mode).text)),
          ("owner", .string("\(copy.owner.user)")), ("group", .string("\(copy.owner.group)")),
          ("mtime", .string(timeText(copy.stat.modified.seconds))),
        ])
    }
  }

  struct Restore: ConcordCommand {
    static let configuration = CommandConfiguration(
      abstract: "Put a copy back into its place; what it replaces is copied first.",
      discussion: "It becomes a change of this host, and spreads with the next sync.")
    @OptionGroup var globals: GlobalOptions
    @Option(help: ArgumentHelp("Which copy; 1 is the newest.", valueName: "number"))
    var generation = 1
    @Argument(help: "The path.") var path: String

    var runsActions: Bool { true }

    func validate() throws {
      guard generation > 0 else { throw ValidationError("The newest generation is 1.") }
    }

    func execute(_ context: Context) throws -> Int32 {
      let node = try context.here()
      var isKept = false
      for target in try node.targets(path, context.settings) {
        guard let group = node.sessionGroups.first(where: { $0.name == target.group }),
          group.selection.includes(target.path), let place = group.group.backupPlace
        else { continue }
        isKept = true
        switch try node.restore(target.path, generation, group, place, context.settings) {
        case .missing: continue
        case .restored:
          context.note("\(node.shownPath(target.path)): restored")
          return ExitStatus.done
        case .refused(let problem):
          context.console.say(node.line(problem))
          return ExitStatus.pathsFailed
        }
      }
      throw Failure(
        .noInput, escaped(path), "not restored",
        isKept
          ? "there is no copy of generation \(generation)"
          : "no group that holds it has a backup-directory",
        remedy: isKept ? "see concord backup list \(escaped(path))" : "")
    }
  }
}

extension Node {
  /// Puts a copy back and records it. What somebody changed there before is recorded first.
  func restore(
    _ path: TreePath, _ generation: Int, _ group: SessionGroup, _ place: BackupPlace,
    _ settings: Settings
  ) throws(Failure) -> Restoration.Outcome {
    func look(_ path: TreePath) throws(Failure) {
      let request = ScanRequest(
        paths: [path], acceptsDeletions: true, reverts: .accept, actor: settings.user)
      _ = try scan(group, real, request)
    }
    try look(path)
    let disk = try disk()
    let outcome = try real.with { store throws(Failure) in
      try Restoration.run(
        path, generation: generation, group: group.group, anchors: group.selection.anchors,
        place: place, store: store, disk: disk)
    }
    if case .restored(let top) = outcome { try look(top) }
    return outcome
  }
}
