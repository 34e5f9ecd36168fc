import ArgumentParser
import Model
import Transport

/// `force PATH...`
struct ForceCommand: ConcordCommand {
  static let configuration = CommandConfiguration(
    commandName: "force",
    abstract: "This host's version wins, now and against each host not met since.")

  @OptionGroup var globals: GlobalOptions
  @Flag(name: .shortAndLong, help: "Directories with all that is in them.") var recursive = false
  @Argument(help: "Paths on this host's disk.") var paths: [String]

  var runsActions: Bool { true }

  func execute(_ context: Context) throws -> Int32 {
    let node = try context.here()
    for given in paths {
      var count = 0
      for target in try node.targets(given, context.settings) {
        count += try force(target, node, context.settings)
      }
      guard count > 0 else {
        throw Failure(
          .noInput, escaped(given), "not forced", "nothing is recorded there",
          remedy: "run concord scan, or give --recursive for a directory's contents")
      }
    }
    return try node.hasConflicts() ? ExitStatus.conflicts : ExitStatus.done
  }

  private func force(_ target: Target, _ node: Node, _ settings: Settings) throws -> Int {
    guard let group = node.sessionGroups.first(where: { $0.name == target.group }) else { return 0 }
    try node.requireVoice(target.group, target.path, "not forced")
    _ = try node.scan(group, node.real, ScanRequest(paths: [target.path], actor: settings.user))
    let others = node.others(in: [group])
    let paths = try node.real.with { store throws(Failure) -> [TreePath] in
      guard recursive else {
        return try store.entry(target.group, target.path).map { [$0.path] } ?? []
      }
      var out: [TreePath] = []
      while true {
        let batch = try store.entries(
          target.group, under: target.path, after: out.last, limit: 1_000)
        if batch.isEmpty { return out }
        out += batch.map(\.path)
      }
    }
    for path in paths {
      _ = try node.real.with { store throws(Failure) in
        try Settlement.force(
          path, group: group.group, others: others, store: store,
          recording: node.recording(settings))
      }
    }
    try node.follow(paths.map { (target.group, $0) })
    return paths.count
  }
}
