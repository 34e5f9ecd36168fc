import Model
import Transport

// What must hold once everything has healed.
extension SessionWorld {
  package func check() {
    guard complaints.isEmpty else { return }
    var all: Set<TreePath> = []
    for host in hosts {
      all.formUnion(host.store.all(host.group.name).map(\.path))
      all.formUnion(host.tree.nodes.keys)
    }
    for path in all.sorted() where complaints.isEmpty {
      checkSurvivors(path)
      checkRecords(path)
      if !isObstructed(path) { checkDisks(path) }
    }
    checkReceiver()
    for host in hosts {
      checkRest(host)
      checkContents(host)
    }
  }

  /// Every version of a conflict is on every host, on its disk or kept.
  private func checkContents(_ host: MemoryHost) {
    for entry in host.store.all(host.group.name) where entry.record.content.isConflict {
      for file in entry.versionsElsewhere {
        guard let bytes = try? host.store.content(file.digest, limit: .max) else {
          complain("\(host.name) lacks a version of \(entry.path)\(describe())")
          continue
        }
        if memoryDigest(bytes) != file.digest { complain("\(entry.path): another content is kept") }
      }
      if entry.state.contains(.lacking) { complain("\(entry.path) lacks nothing on \(host.name)") }
    }
  }

  /// Exactly the events that nothing has superseded are left.
  private func checkSurvivors(_ path: TreePath) {
    let alive = survivors(path)
    for host in hosts {
      guard let entry = host.entry(path) else { continue }
      let dots = Set(entry.record.content.dots)
      if dots != alive {
        // A deletion that was answered from knowledge alone leaves no event behind.
        if dots.isEmpty, isForgotten(alive, path) { continue }
        complain("\(path) on \(host.name): \(dots.sorted()) are left, not \(alive.sorted())")
      }
    }
    if !alive.isEmpty, hosts.allSatisfy({ $0.entry(path) == nil }), !isForgotten(alive, path) {
      complain("\(path): \(alive.sorted()) are lost")
    }
  }

  /// Whether the events were deletions: they may be forgotten.
  private func isForgotten(_ dots: Set<Dot>, _ path: TreePath) -> Bool {
    dots.allSatisfy { deletions[path]?.contains($0) == true }
  }

  private func checkRecords(_ path: TreePath) {
    let records = hosts.compactMap { $0.entry(path)?.record }.filter { !$0.isTombstone }
    guard let first = records.first else { return }
    for record in records.dropFirst()
    where record.content != first.content || record.mode != first.mode
      || record.owner != first.owner || record.acl != first.acl
    {
      complain("\(path): two records: \(first) and \(record)")
    }
    if records.count != hosts.count { complain("\(path) does not live on all hosts") }
  }

  private func checkDisks(_ path: TreePath) {
    let entries = hosts.map { $0.entry(path) }
    let isHeld = entries.contains { $0?.state.contains(.held) == true }
    let conflicts = entries.compactMap { $0?.record.conflictingFields }.first ?? []
    if ignores(.mod) && conflicts.contains(.mode) || ignores(.uid) && conflicts.contains(.owner) {
      complain("\(path) is in conflict about what is ignored: \(show(path))")
    }
    guard !conflicts.contains(.content) else {
      checkConflict(path)
      return
    }
    let following = hosts.filter { $0 !== receiver || !isLocal(path) }
    let seen = following.map { host in host.tree.nodes[path] }
    for (host, node) in zip(following, seen) {
      // A deleted directory stands only where the living version of a conflict below it does.
      if node?.content != seen[0]?.content, !(isKept(path) && hasConflict(below: path)),
        !isKeptDeleted(path)
      {
        complain("\(path) differs on \(host.name): \(show(path))")
      }
      if conflicts.isEmpty, !isHeld, !isKept(path), !isKeptDeleted(path),
        !ignores(.mod) && node?.mode != seen[0]?.mode
          || !ignores(.uid) && node?.owner != seen[0]?.owner
      {
        complain("\(path) has other attributes on \(host.name): \(show(path))")
      }
      if host.entry(path)?.state.contains(.pending) == true {
        complain("\(path) is pending on \(host.name): \(show(path))")
      }
    }
  }

  private func ignores(_ what: Settings.Ignored) -> Bool {
    hosts[0].group.group.ignored.contains(what)
  }

  /// Whether a host that takes no deletions has it, or something below it.
  private func isKeptDeleted(_ path: TreePath) -> Bool {
    hosts.contains { host in
      host.store.all(host.group.name).contains {
        ($0.path == path || $0.path.isBelow(path)) && $0.isKeptDeleted
      }
    }
  }

  private func hasConflict(below path: TreePath) -> Bool {
    hosts.contains { host in
      host.store.all(host.group.name).contains {
        $0.path.isBelow(path) && $0.record.content.isConflict
      }
    }
  }

  private func isKept(_ path: TreePath) -> Bool {
    hosts.contains { $0.entry(path)?.state.contains(.keptForChildren) == true }
  }

  /// A conflict has the same words everywhere.
  private func checkConflict(_ path: TreePath) {
    let all = hosts.map { host -> Conflict? in
      var conflict = host.conflict(path, hosts: hosts)
      for index in conflict?.versions.indices ?? 0..<0 {
        conflict?.versions[index].isLiveHere = false
      }
      return conflict
    }
    if Set(all).count > 1 { complain("\(path): the conflict differs: \(show(path))") }
  }

  /// Whether a file stands where a directory would have to be for something below it, or a conflict
  /// holds something else than a directory there.
  private func isObstructed(_ path: TreePath) -> Bool {
    var next: TreePath? = path
    while let place = next {
      let entries = hosts.compactMap { $0.entry(place) }
      let isNoDirectory = entries.contains { entry in
        entry.record.content.isConflict
          || !(entry.record.content.settled ?? .absent).isAbsent
            && entry.record.content.settled != .directory
      }
      let hasLife = hosts.contains { host in
        host.store.all(host.group.name).contains {
          $0.path.isBelow(place) && $0.record.mayLive
        }
      }
      if isNoDirectory, hasLife { return true }
      next = place.parent
    }
    return false
  }

  private func checkRest(_ host: MemoryHost) {
    let journal = (try? host.store.journal()) ?? []
    for (_, rows) in journal { complain("\(host.name) has a journal: \(rows.map(\.path))") }
    if !host.tree.begun.isEmpty { complain("\(host.name) has something in staging") }
  }

  private func show(_ path: TreePath) -> String { describe() }
}
