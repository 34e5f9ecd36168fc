import ArgumentParser
import Model
import Transport

/// `-m`, `-f`, `-F` and `-R`.
extension ShortRun {
  func mark() throws -> Int32 {
    var errors = 0
    let targets = try targets(line.files)
    for group in groups {
      let mine = targets.filter { $0.group == group.name }.map(\.path)
      if mine.isEmpty { continue }
      errors += try check(group, mine, isShallow: !line.isRecursive && !isWhole(line.files))
      for path in mine where try isUnknown(path, group) {
        say("\(name(path)): not marked: nothing is there, and nothing was recorded of it")
        errors += 1
      }
      if line.isForced { try force(try recorded(mine, group), group) }
    }
    summarise("marked", errors)
    return errors == 0 ? 0 : 1
  }

  private func isUnknown(_ path: TreePath, _ group: SessionGroup) throws(Failure) -> Bool {
    try node.real.with { store throws(Failure) in
      try store.entries(group.name, under: path, after: nil, limit: 1).isEmpty
    }
  }

  private func recorded(_ paths: [TreePath], _ group: SessionGroup) throws(Failure) -> [TreePath] {
    guard line.isRecursive else { return paths }
    var out: [TreePath] = []
    for path in paths {
      try each(group, under: path) { entry, _ throws(Failure) in out.append(entry.path) }
    }
    return out
  }

  /// This host's version of these paths wins the next conflict with each host not met since.
  func force(_ paths: [TreePath], _ group: SessionGroup) throws {
    let others = node.others(in: [group])
    for path in paths {
      _ = try node.real.with { store throws(Failure) in
        try Settlement.force(
          path, group: group.group, others: others, store: store,
          recording: node.recording(context.settings))
      }
      note("\(escaped(node.name)): forced: \(name(path))")
    }
    try node.real.with { store throws(Failure) in try node.markRoots(store) }
    try node.follow(paths.map { (group.name, $0) })
  }

  func force() throws -> Int32 {
    let targets = try targets(line.files)
    let recursive = line.isRecursive || isWhole(line.files)
    var words = recursive ? ["--recursive", "--"] : ["--"]
    words += Set(targets.map(\.path)).sorted().map { String(decoding: $0.text, as: UTF8.self) }
    // Conflicts that are open elsewhere are no failure of this.
    let status = try ForceCommand.parse(words).execute(context)
    guard status == ExitStatus.done || status == ExitStatus.conflicts else { return 1 }
    summarise("forced", 0)
    return 0
  }

  /// Lets go what nothing needs: deletions that every host knows, kept contents, marks of hosts
  /// that have left, hints outside the groups.
  func prune() throws -> Int32 {
    var (tombstones, contents, marks) = (0, 0, 0)
    for group in groups {
      let others = node.others(in: [group])
      try node.real.with { store throws(Failure) in
        tombstones += try TombstoneCollection.run(group.name, others: others, store: store)
        contents += try KeptCollection.run(
          group.name, others: others, store: store, limits: node.config.settings.keeping)
        for mark in try store.forceMarks(group.name) where !others.contains(mark.host) {
          try store.transaction { () throws(Failure) in
            try store.removeForceMark(mark, group.name)
          }
          marks += 1
        }
      }
    }
    let hints = try node.real.with { store throws(Failure) in try store.hints() }
    var stale: [Int64] = []
    for hint in hints
    where (try? targets(String(decoding: hint.path, as: UTF8.self)))?.isEmpty ?? true {
      stale.append(hint.number)
    }
    if !stale.isEmpty {
      try node.real.with { store throws(Failure) in try store.removeHints(stale) }
    }
    summarise(
      "pruned", 0,
      [
        counted(tombstones, "deletion"), counted(contents, "kept content"),
        counted(marks, "mark"), counted(stale.count, "hint"),
      ])
    return 0
  }
}
