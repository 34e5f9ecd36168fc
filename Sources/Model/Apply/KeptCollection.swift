/// Lets kept contents go that nothing needs any more.
package enum KeptCollection {
  /// A content is needed for a path as long as it is a version of a conflict there, or one that
  /// lost and can be brought back, or while some member has not heard of all that happened to the
  /// path: it may have gone on from it.
  ///
  /// Does nothing if neither what the members know, nor what is kept, nor what can be brought back
  /// has changed since last time.
  ///
  /// - Parameter others: The other members that count; one that was never met blocks.
  /// - Returns: How many contents went.
  package static func run(
    _ group: String, others: [String], store: any Store, limits: Keeping = Keeping()
  ) throws(Failure) -> Int {
    let count = try store.tieCount(group)
    guard count > 0 else { return 0 }
    let members = try store.members(group)
    let own = try store.knowledge(group)
    let gone = try Retirement.hosts(group, store: store)
    let knowledge: [VersionVector?] =
      [own]
      + others.filter { !gone.contains($0) }.map { host in
        members.first { $0.host == host }?.knowledge
      }
    let losers = try losers(group, store)
    let rest = "\(losers.count) \(knowledge.map { $0?.description ?? "-" })"
    let mark = Array("\(count) \(rest)".utf8)
    let name = "kept \(group)"
    if try store.note(name) == mark { return 0 }
    var dropped = 0
    try store.transaction { () throws(Failure) in
      let idle = try unneeded(losers, knowledge, group, store)
      // For a few edits nobody goes through a large group: they go with those that follow.
      if try store.isWorthPass(group, contents: idle.count) {
        for tie in idle {
          try store.untie(tie.digest, group, tie.path)
          if try !store.isTied(tie.digest), try !isFormerToBe(tie.digest, group, store, limits) {
            try store.dropContent(tie.digest)
            dropped += 1
          }
        }
      }
      let left = try store.tieCount(group)
      try store.setNote(name, Array("\(left) \(rest)".utf8))
    }
    return dropped
  }

  private static func unneeded(
    _ losers: [TreePath: Set<Digest>], _ knowledge: [VersionVector?], _ group: String,
    _ store: any Store
  ) throws(Failure) -> [ContentTie] {
    var out: [ContentTie] = []
    var last: TreePath?
    while true {
      let ties = try store.ties(group, after: last, limit: 1_000)
      guard let end = ties.last else { return out }
      last = end.path
      for tie in ties where try !isNeeded(tie, losers[tie.path], knowledge, group, store) {
        out.append(tie)
      }
    }
  }

  /// Whether a path shows it, and it is a text that a merge may start from one day.
  private static func isFormerToBe(
    _ digest: Digest, _ group: String, _ store: any Store, _ limits: Keeping
  ) throws(Failure) -> Bool {
    guard try store.entryShowing(digest, group) != nil,
      let bytes = try store.content(digest, limit: limits.ancestorBytes)
    else { return false }
    return isText(bytes)
  }

  /// Contents that lost a decision that can be taken back.
  private static func losers(
    _ group: String, _ store: any Store
  ) throws(Failure) -> [TreePath: Set<Digest>] {
    var out: [TreePath: Set<Digest>] = [:]
    for settled in try store.settledConflicts(limit: .max) where settled.group == group {
      out[settled.path, default: []].formUnion(settled.former.digests)
    }
    return out
  }

  private static func isNeeded(
    _ tie: ContentTie, _ losers: Set<Digest>?, _ knowledge: [VersionVector?], _ group: String,
    _ store: any Store
  ) throws(Failure) -> Bool {
    if losers?.contains(tie.digest) == true { return true }
    guard let entry = try store.entry(group, tie.path) else { return false }
    if entry.record.content.isConflict { return true }
    return !entry.record.vector.isStable(among: knowledge)
  }
}

extension Record {
  /// The digests of all files among the siblings of its content.
  package var digests: Set<Digest> {
    var out: Set<Digest> = []
    for sibling in content.siblings {
      if case .file(let file) = sibling.value { out.insert(file.digest) }
    }
    return out
  }
}

extension Entry {
  /// The files that a conflict here is about and that this disk does not show, each once.
  package var versionsElsewhere: [FileContent] {
    guard record.content.isConflict else { return [] }
    var out: [FileContent] = []
    for sibling in record.content.distinct {
      guard case .file(let file) = sibling.value, file.size > 0 else { continue }
      if case .file(let shown) = shown.content.value, shown.digest == file.digest,
        !state.contains(.localOnly)
      {
        continue
      }
      out.append(file)
    }
    return out
  }
}
