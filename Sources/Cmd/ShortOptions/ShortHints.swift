import Model
import Transport

/// `-h`, `-H`, and `-c` without files.
extension ShortRun {
  func hint() throws -> Int32 {
    // A name in no group is said now: nobody would be there to hear it later.
    for file in line.files {
      _ = try targets(file)
      let path =
        file.hasPrefix("%")
        ? try targets(file).first.map { node.localPath($0.path) } ?? []
        : absolutePath(Array(file.utf8), context.settings)
      try node.real.with { store throws(Failure) in
        try store.addHint(path.isEmpty ? [UInt8(ascii: "/")] : path, isRecursive: line.isRecursive)
      }
      note("\(escaped(node.name)): noted: \(shown(path))")
    }
    return 0
  }

  func listHints() throws -> Int32 {
    let hints = try node.real.with { store throws(Failure) in try store.hints() }
    for hint in hints { out(hint.isRecursive ? "1" : "0", shown(hint.path)) }
    return hints.isEmpty ? 2 : 0
  }

  /// With its prefix, if it has one.
  private func shown(_ path: [UInt8]) -> String {
    let names = node.config.names(ofLocalPath: path, on: node.name)
    let known = names.last { name in groups.contains { $0.selection.includes(name) } }
    return known.map { name($0) } ?? escaped(path.isEmpty ? [UInt8(ascii: "/")] : path)
  }

  /// Looks where hints say. What has been looked at loses its hints; those that came meanwhile
  /// stay, and so do all if the look came to nothing.
  ///
  /// - Returns: The number of errors.
  func workOffHints() throws -> Int {
    let hints = try node.real.with { store throws(Failure) in try store.hints() }
    var (errors, done) = (0, [Int64]())
    for hint in hints {
      let file = String(decoding: hint.path, as: UTF8.self)
      let targets: [Target]
      do {
        targets = try self.targets(file)
      } catch let failure as Failure where failure.kind == .noInput {
        say("\(escaped(hint.path)): hint dropped: it is in no group of this host any more")
        done.append(hint.number)
        continue
      }
      var failed = 0
      for group in groups {
        let mine = targets.filter { $0.group == group.name }.map(\.path)
        if !mine.isEmpty { failed += try check(group, mine, isShallow: !hint.isRecursive) }
      }
      if failed == 0, line.groups.isEmpty { done.append(hint.number) }
      errors += failed
    }
    guard !line.isDry, !done.isEmpty else { return errors }
    try node.real.with { store throws(Failure) in try store.removeHints(done) }
    return errors
  }
}
