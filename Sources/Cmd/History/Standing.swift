import Model
import Transport

/// How one path stands in one group, and why.
struct Standing {
  let group: String
  let path: TreePath
  /// The rule that holds it, in words.
  let rule: String
  /// First what matters most.
  var conclusion = "in sync on every host, as far as this one knows"
  var reasons: [String] = []
  /// The highest that applies.
  var status = ExitStatus.done
  var conflict: Conflict?
  var movedTo: String?
  /// Hosts beside this one, and whether each has all that is known of the path.
  var hosts: [(name: String, hasIt: Bool, why: String)] = []

  /// A finding; the one with the highest status is the conclusion.
  mutating func find(_ words: String, _ status: Int32) {
    reasons.append(words)
    guard status > self.status || reasons.count == 1 else { return }
    self.status = max(status, self.status)
    conclusion = words
  }
}

extension Node {
  /// How a path that the group holds stands here and elsewhere.
  func standing(
    _ path: TreePath, _ group: SessionGroup, rule: String
  ) throws(Failure) -> Standing {
    var out = Standing(group: group.name, path: path, rule: rule)
    let disk = try disk()
    let (entry, open, problems) = try real.with { store throws(Failure) in
      let entry = try store.entry(group.name, path)
      let hosts = try hosts(group.name, store)
      let open = try entry.flatMap { entry throws(Failure) in
        try conflict(entry, group.name, hosts, store)
      }
      return (entry, open, try store.problems(group.name).filter { $0.path == path })
    }
    for problem in problems { out.find("\(problem.action): \(problem.reason)", 4) }
    let local = try real.with { store throws(Failure) in try store.localOnly(group.name, path) }
    if let local {
      let item = LocalPath(group: group, local: local)
      out.find(
        "\(local.kind.words), which only receives; \(cure(item))", ExitStatus.done)
    }
    guard let entry else {
      let isThere = (try? disk.stat(path)) != nil
      if local != nil { return out }
      if isThere {
        out.find("not recorded yet: run concord sync", ExitStatus.notInSync)
      } else {
        out.find("nothing is there, and nothing is known of it", ExitStatus.done)
      }
      return out
    }
    if let open, entry.isOpenConflict { try tell(open, &out) }
    tell(entry, disk, &out)
    try tellHosts(entry, group, &out)
    return out
  }

  private func tell(_ conflict: Conflict, _ out: inout Standing) throws(Failure) {
    let sides = conflict.versions.map { $0.authors.joined(separator: "+") }
    out.conflict = conflict
    out.find(
      "in conflict: \(conflict.id), \(conflict.kind.rawValue), "
        + sides.map { escaped($0) }.joined(separator: " ≠ "), ExitStatus.conflicts)
    if let moved = try movedWords(conflict) {
      out.movedTo = try movedTo(conflict).map { shownPath($0.path) }
      out.reasons.append(moved)
    }
  }

  /// What is open about the path on this disk.
  private func tell(_ entry: Entry, _ disk: any Disk, _ out: inout Standing) {
    if entry.state.contains(.decided) {
      let method = group(out.group)?.autoMethod(for: entry.path) ?? .manual
      out.reasons.append(
        "its versions differ, and the policy has decided: auto \(method.rawValue); "
          + "see concord conflicts --resolved")
    }
    if entry.state.contains(.tombstone) {
      out.find("deleted; its record waits until every host knows", ExitStatus.done)
    }
    if entry.isKeptDeleted {
      out.find("deleted elsewhere, kept here: this host takes no deletions", ExitStatus.done)
    } else if entry.isKeptForChildren {
      out.find("deleted elsewhere, kept here for what is still in it", ExitStatus.done)
    }
    switch entry.verdict {
    case .nothing: break
    case .install(let content, _):
      out.find(
        "waiting on this disk for another content: \(content.text); run concord sync",
        ExitStatus.notInSync)
    case .adjust: out.find("waiting for its attributes on this disk", ExitStatus.notInSync)
    case .remove: out.find("waiting to be removed from this disk", ExitStatus.notInSync)
    }
    if entry.state.contains(.localOnly) { return }
    for held in entry.held {
      out.find("\(held.attribute.rawValue) not applied here: \(held.reason)", ExitStatus.done)
    }
    do {
      let now = try disk.stat(entry.path)
      if (now == nil) != entry.shown.content.value.isAbsent {
        out.find("changed on this disk since the last scan", ExitStatus.notInSync)
      } else if let now, let seen = entry.seen, now.kind != .directory, !now.matches(seen) {
        out.find("perhaps changed on this disk since the last scan", ExitStatus.notInSync)
      }
    } catch {
      out.find("it cannot be looked at: \(error.reason)", 4)
    }
  }

  private func tellHosts(
    _ entry: Entry, _ group: SessionGroup, _ out: inout Standing
  ) throws(Failure) {
    let now = surroundings.now().seconds
    for host in others(in: [group]) {
      let (peer, member) = try real.with { store throws(Failure) in
        (try store.peer(host), try store.member(host, group.name))
      }
      let hasIt = member?.knowledge?.covers(entry.record.vector) == true
      var why = ""
      if !hasIt {
        let met = peer?.lastMet.map { "last met \(ageText(now - $0)) ago" } ?? "never met"
        why = peer?.trouble.isEmpty == false ? "\(met); \(peer?.trouble ?? "")" : met
        out.find("\(escaped(host)) does not have it yet: \(why)", ExitStatus.notInSync)
      }
      out.hosts.append((host, hasIt, why))
    }
  }
}
