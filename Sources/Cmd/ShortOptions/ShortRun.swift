import Model
import Transport

/// One run of a csync2 command line on this host's state.
struct ShortRun {
  let line: ShortLine
  let context: Context
  let node: Node
  /// Those of `-G`, else all.
  let groups: [SessionGroup]

  init(_ line: ShortLine, _ context: Context) throws {
    self.line = line
    self.context = context
    node = try context.here()
    for name in line.groups where !node.sessionGroups.contains(where: { $0.name == name }) {
      throw Failure(
        .usage, "-G \(escaped(name))", "not run", "this host is in no group of that name",
        remedy: "its groups are: \(node.sessionGroups.map(\.name).joined(separator: ", "))")
    }
    let names = line.groups
    groups = node.sessionGroups.filter { names.isEmpty || names.contains($0.name) }
    let others = node.others(in: groups)
    for name in line.peers where !others.contains(name) {
      throw Failure(
        .usage, "-P \(escaped(name))", "not run", "it is no other host of the group",
        remedy: "the others are: \(others.joined(separator: ", "))")
    }
  }

  /// The peers that are meant: those of `-P`, else all that were not retired.
  func peers() throws -> [String] {
    let all = try node.active(in: groups)
    return line.peers.isEmpty ? all : all.filter { line.peers.contains($0) }
  }

  func say(_ words: String) { context.console.say(words) }

  /// Words about the work, with `-v` only.
  func note(_ words: String) { if line.verbosity > 0 { context.console.say(words) } }

  /// A line of data.
  func out(_ columns: String...) {
    context.console.out(columns.joined(separator: "\t") + "\n")
  }

  /// A path as csync2 writes it: with its prefix, and no control byte in it.
  func name(_ path: TreePath) -> String { escaped(path.text) }

  // MARK: Paths

  /// What the files of the command line stand for, sorted, each once.
  func targets(_ files: [String]) throws -> [Target] {
    var out: Set<Target> = []
    for file in files { out.formUnion(try targets(file)) }
    return out.sorted { ($0.group, $0.path) < ($1.group, $1.path) }
  }

  /// A directory above the roots of a group stands for them.
  func targets(_ file: String) throws -> [Target] {
    guard !file.hasPrefix("%") else { return try narrowed(node.targets(file, context.settings)) }
    let local = absolutePath(Array(file.utf8), context.settings)
    let slash = UInt8(ascii: "/")
    var out: [Target] = []
    for group in groups {
      for anchor in group.selection.anchors {
        let root = node.localPath(anchor)
        if local.isEmpty || root == local || root.starts(with: local + [slash]) {
          out.append(Target(group: group.name, path: anchor))
        }
      }
    }
    return out.isEmpty ? try narrowed(node.targets(file, context.settings)) : out
  }

  private func narrowed(_ targets: [Target]) -> [Target] {
    targets.filter { target in groups.contains { $0.name == target.group } }
  }

  /// Whether everything is meant.
  func isWhole(_ files: [String]) -> Bool {
    files.contains { absolutePath(Array($0.utf8), context.settings).isEmpty }
  }

  /// Every entry of a group that `take` wants to see, in path order.
  func each(
    _ group: SessionGroup, under path: TreePath? = nil,
    _ take: (Entry, any Store) throws(Failure) -> Void
  ) throws(Failure) {
    try node.real.with { store throws(Failure) in
      var last: TreePath?
      while true {
        let batch =
          if let path {
            try store.entries(group.name, under: path, after: last, limit: 1_000)
          } else {
            try store.entries(group.name, after: last, limit: 1_000)
          }
        guard let end = batch.last else { return }
        last = end.path
        for entry in batch where group.selection.includes(entry.path) { try take(entry, store) }
      }
    }
  }
}
