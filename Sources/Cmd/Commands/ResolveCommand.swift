import ArgumentParser
import Model
import Transport

/// `resolve PATH|ID...`
struct ResolveCommand: ConcordCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve", abstract: "Settle conflicts: one version wins, on every host.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var format: FormatOptions
  @Option(help: ArgumentHelp("The version of this host wins.", valueName: "name"))
  var host: String?
  @Flag(help: "The version on this disk wins.") var ours = false
  @Flag(help: "The other version wins, if there is just one.") var theirs = false
  @Option(help: ArgumentHelp("The version with this label wins.", valueName: "label"))
  var take: String?
  @Flag(help: "The path is deleted.") var delete = false
  @Argument(help: "Conflicts, by identifier or path.") var conflicts: [String]

  func validate() throws {
    let choices = [host != nil, ours, theirs, take != nil, delete].filter { $0 }.count
    guard choices == 1 else {
      throw ValidationError(
        "Say which version wins: --host NAME, --ours, --theirs, --take LABEL or --delete.")
    }
  }

  private var choice: Choice {
    if let host { return .host(host.lowercased()) }
    if let take { return .label(take) }
    if ours { return .ours }
    return theirs ? .theirs : .delete
  }

  func execute(_ context: Context) throws -> Int32 {
    let node = try context.here()
    let open = try conflicts.flatMap { try node.conflicts(named: $0, context.settings) }
    var rows: [JSON] = []
    for item in open {
      let entry = try node.real.with { store throws(Failure) in
        try Settlement.resolve(
          item.conflict, choice: choice, store: store, recording: node.recording(context.settings))
      }
      try node.follow([(item.conflict.group, item.conflict.path)])
      rows.append(
        .object(
          [("id", .string(item.conflict.id))] + pathMembers(node.localPath(item.conflict.path))))
      if let entry { tell(item, entry, node, context) }
    }
    if format.isJSON {
      context.put(
        .object([
          ("schema", .string("concord.resolve/1")), ("host", .string(node.name)),
          ("resolved", .array(rows)),
        ]))
    }
    return try node.conflicts().isEmpty ? ExitStatus.done : ExitStatus.conflicts
  }

  private func tell(_ item: OpenConflict, _ entry: Entry, _ node: Node, _ context: Context) {
    let path = node.shownPath(item.conflict.path)
    var text = "\(path): resolved"
    if let version = item.conflict.versions.first(where: { chosen($0) }) {
      text += ": \(version.authors.joined(separator: ", "))'s version wins"
    }
    context.note(text + "; the next sync takes it to every host")
  }

  private func chosen(_ version: ConflictVersion) -> Bool {
    switch choice {
    case .host(let name): version.authors.contains(name)
    case .ours: version.isLiveHere
    case .theirs: !version.isLiveHere
    case .label(let label): version.label == label
    case .delete: version.values.content?.isAbsent == true
    }
  }
}

/// `force PATH...`
struct ForceCommand: ConcordCommand {
  static let configuration = CommandConfiguration(
    commandName: "force",
    abstract: "This host's version wins, now and against each host not met since.")

  @OptionGroup var globals: GlobalOptions
  @Flag(name: .shortAndLong, help: "Directories with all that is in them.") var recursive = false
  @Argument(help: "Paths on this host's disk.") var paths: [String]

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
    return try node.conflicts().isEmpty ? ExitStatus.done : ExitStatus.conflicts
  }

  private func force(_ target: Target, _ node: Node, _ settings: Settings) throws -> Int {
    guard let group = node.sessionGroups.first(where: { $0.name == target.group }) else { return 0 }
    _ = try node.scan(
      group, node.real, ScanRequest(paths: [target.path], actor: settings.user))
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
          path, group: target.group, others: others, store: store,
          recording: node.recording(settings))
      }
    }
    try node.follow(paths.map { (target.group, $0) })
    return paths.count
  }
}

extension Node {
  /// Carries out on this disk what needs no content from elsewhere.
  func follow(_ paths: [(group: String, path: TreePath)]) throws(Failure) {
    let disk = try disk()
    for (name, path) in paths {
      guard let group = sessionGroups.first(where: { $0.name == name }) else { continue }
      _ = try real.with { store throws(Failure) in
        try Applier.apply(
          [Work(path: path)], group: name, anchors: group.selection.anchors, store: store,
          disk: disk, surroundings: surroundings)
      }
    }
  }
}
