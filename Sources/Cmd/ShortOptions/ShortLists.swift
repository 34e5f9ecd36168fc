import Model
import ModelEdge
import Transport

/// `-M`, `-L`, `-S`, `-o`.
extension ShortRun {
  /// What each peer lacks, as far as it has told.
  func listDirty() throws -> Int32 {
    var isEmpty = true
    for group in groups {
      let marks = try node.real.with { store throws(Failure) in
        Set(try store.forceMarks(group.name))
      }
      for peer in try peers() where group.group.member(peer) != nil {
        let known = try node.real.with { store throws(Failure) in
          try store.member(peer, group.name)?.knowledge
        }
        try each(group) { entry, _ throws(Failure) in
          guard !(known?.covers(entry.record.vector) ?? entry.record.isTombstone) else { return }
          isEmpty = false
          let isForced = marks.contains(ForceMark(path: entry.path, host: peer))
          out(
            isForced ? "force" : "chary", escaped(node.name), escaped(peer), name(entry.path))
        }
      }
    }
    return isEmpty ? 2 : 0
  }

  /// What is on this disk of what is recorded, in csync2's notation.
  func listRecorded() throws -> Int32 {
    var shared = groups
    if line.mode == .pair {
      let peer = try pair(line.files)
      shared = groups.filter { $0.group.member(peer) != nil }
    }
    let disk = try node.disk()
    var told: Set<TreePath> = []
    for group in shared {
      try each(group) { entry, _ throws(Failure) in
        guard !entry.shown.content.value.isAbsent, !told.contains(entry.path) else { return }
        var stat = entry.seen
        if stat == nil { stat = (try? disk.stat(entry.path)) ?? nil }
        guard let stat else { return }
        var target: [UInt8] = []
        if case .symlink(let text) = entry.shown.content.value { target = text }
        told.insert(entry.path)
        out(csync2CheckText(stat, target: target, ignored: group.group.ignored), name(entry.path))
      }
    }
    return told.isEmpty ? 2 : 0
  }

  /// The peer of `ME PEER`, both checked.
  func pair(_ names: [String]) throws -> String {
    guard let me = names.first?.lowercased(), me == node.name else {
      throw Failure(
        .usage, escaped(names.first ?? ""), "not run", "this host is \(escaped(node.name))",
        remedy: "name this host first, then a peer; or run it on that host")
    }
    let peer = names.dropFirst().first?.lowercased() ?? ""
    let others = node.others(in: groups)
    guard others.contains(peer) else {
      throw Failure(
        .usage, escaped(peer), "not run", "it is no other host of the group",
        remedy: "the others are: \(others.joined(separator: ", "))")
    }
    return peer
  }

  // MARK: What the patterns hold

  /// Everything on this disk that the patterns name, those of `compare` as well, each once.
  func listMatching() throws -> Int32 {
    let whole = isWhole(line.files)
    let files = line.files.map { absolutePath(Array($0.utf8), context.settings) }
    var found: Set<TreePath> = []
    var errors = 0
    for group in groups {
      if !line.peers.isEmpty, !line.peers.contains(where: { group.group.member($0) != nil }) {
        continue
      }
      var wide = group.group
      for place in wide.rules.indices where wide.rules[place].kind == .compare {
        wide.rules[place].kind = .include
      }
      let session = SessionGroup(
        group: wide, selection: Selection(group: wide), configuration: group.configuration)
      let roots = try Node.roots([session], node.config, node.name)
      let disk = try LinuxDisk(
        roots: roots, stateDirectory: Array(node.settings.stateDirectory.utf8), names: Names())
      for root in roots {
        errors += walk(root.anchor, session.selection, disk) { path in
          if whole || files.contains(where: { isMeant(path, by: $0) }) { found.insert(path) }
        }
      }
    }
    for path in found.sorted() { context.console.out(name(path) + "\n") }
    return errors == 0 ? 0 : 1
  }

  private func isMeant(_ path: TreePath, by file: [UInt8]) -> Bool {
    let local = node.localPath(path)
    if local == file || path.text == file { return true }
    return line.isRecursive && local.starts(with: file + [UInt8(ascii: "/")])
  }

  private func walk(
    _ path: TreePath, _ selection: Selection, _ disk: any Disk, _ take: (TreePath) -> Void
  ) -> Int {
    do {
      guard let stat = try disk.stat(path) else { return 0 }
      if selection.includes(path) { take(path) }
      guard stat.kind == .directory, selection.descends(into: path) else { return 0 }
      return try disk.list(path).reduce(0) { errors, item in
        guard let child = path.child(item.name) else { return errors + 1 }
        return errors + walk(child, selection, disk, take)
      }
    } catch {
      if error == .vanished { return 0 }
      say("\(name(path)): not listed: \(words(error))")
      return 1
    }
  }

  private func words(_ trouble: DiskTrouble) -> String {
    switch trouble {
    case .vanished: "it is not there"
    case .busy: "it is in use"
    case .notConfined: "a symbolic link is on the way"
    case .otherFileSystem: "it stands on another file system"
    case .rootUnavailable(let reason), .refused(let reason), .full(let reason): reason
    }
  }
}
