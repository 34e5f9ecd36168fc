import Model

/// The way from pending paths to installed ones.
extension Inbound {
  /// Goes on through the pending paths as far as the window allows; installs what is ready.
  ///
  /// - Parameter isExchanged: No more records will come from the peer.
  /// - Returns: What to ask the peer for.
  func fetchMore(isExchanged: Bool) throws(Failure) -> [Want] {
    var wants = fetch.again
    fetch.again = []
    // Whoever installs holds the state: as long as enough is on its way nothing is asked of it.
    if sideline.isBusy, fetch.isSupplied, !fetch.hasRoomAhead { return wants }
    if !sideline.isBusy {
      try awaitInstalled()
      if fetch.isBatchFull, fetch.phase != .idle {
        try readAhead()
        try installBatch()
      }
    }
    if fetch.aheadReleases != othersReleases { fetch.forgetAhead() }
    while fetch.phase != .idle, !fetch.isWindowFull {
      if fetch.isBatchOverfull { try installBatch() }
      guard fetch.place < fetch.open.count else { break }
      if let next = fetch.next() {
        try take(next, fetch.open[fetch.place], &wants)
      } else if sideline.isBusy, fetch.isSupplied {
        break
      } else if try readAhead() == 0 {
        guard try endWalk(isExchanged: isExchanged) else { break }
      }
    }
    if fetch.open.isEmpty, isExchanged { fetch.phase = .idle }
    if fetch.isBatchFull && !sideline.isBusy || isExchanged && fetch.coming.isEmpty {
      try installBatch()
    }
    return wants
  }

  /// The walk has come to the end of a group. The next phase begins only when this one has been
  /// carried out. Returns whether there is more to go through now.
  private func endWalk(isExchanged: Bool) throws(Failure) -> Bool {
    guard fetch.place == fetch.open.count - 1, isExchanged else {
      return fetch.endGroup(mayEnd: false)
    }
    guard fetch.coming.isEmpty else { return false }
    try installBatch()
    try awaitInstalled()
    let goesOn = fetch.endGroup(mayEnd: true)
    if fetch.phase >= .versions { try installSets() }
    return goesOn
  }

  /// Takes up one pending path, if its phase has come.
  private func take(
    _ planned: Fetch.Planned, _ group: Int, _ wants: inout [Want]
  ) throws(Failure) {
    let entry = planned.entry
    if fetch.phase == .versions { return try needVersions(entry, group, &wants) }
    guard !fetch.hasTried(entry, group), groups[group].selection.includes(entry.path)
    else { return }
    let replacesDirectory = entry.shown.content.value.isDirectory && !entry.verdict.keepsDirectory
    switch (entry.verdict, fetch.phase) {
    case (.nothing, .removals) where entry.isKeptForChildren, (.remove, .removals):
      take(Work(path: entry.path), entry, group)
    case (.nothing, _), (.remove, _), (_, .removals), (_, .versions), (_, .idle): return
    case (.install, .objects) where replacesDirectory: return
    case (.install(.file(let file), _), _):
      if claimsGate(entry, group) { try need(file, planned, group, &wants) }
    case (.install, _), (.adjust, _): take(Work(path: entry.path), entry, group)
    }
  }

  private func take(_ work: Work, _ entry: Entry, _ group: Int) {
    guard claimsGate(entry, group) else { return }
    fetch.note(entry, group)
    add(work, group, bytes: 0)
  }

  /// A file's content: from this disk if it is here under another path, else from the peer.
  private func need(
    _ file: FileContent, _ planned: Fetch.Planned, _ group: Int, _ wants: inout [Want]
  ) throws(Failure) {
    let entry = planned.entry
    if planned.isContested {
      fetch.note(entry, group)
      return
    }
    if let stage = try stageHere(file, planned) {
      fetch.note(entry, group)
      add(Work(path: entry.path, stage: stage), group, bytes: file.size)
      return
    }
    if let others = claim(groups[group].name, entry.path) {
      // Its former content comes first and is dropped; or another session fetches it.
      if fetch.claimed[group]?.contains(entry.path) == true {
        fetch.isOutrun = true
      } else {
        fetch.leave(entry, group, releases: others)
      }
      return
    }
    fetch.note(entry, group)
    fetch.claimed[group, default: []].insert(entry.path)
    let number = fetch.nextNumber
    var coming = Fetch.Coming(group: group, path: entry.path, file: file)
    guard let want = ask(number, &coming, entry) else { return release(entry.path, group) }
    fetch.nextNumber += 1
    wants.append(want)
    fetch.coming[number] = coming
    fetch.comingBytes += file.size
  }

  /// The content if this host has it: at another path, or kept. If that does not work it is not
  /// worth a word: the peer is asked instead.
  private func stageHere(
    _ file: FileContent, _ planned: Fetch.Planned
  ) throws(Failure) -> StagedContent? {
    let (disk, path) = (disk, planned.entry.path)
    if file.size == 0 { return Stager.stage(file, for: path, from: nil, disk: disk) }
    if let source = planned.source,
      let stage = Stager.stage(file, for: path, from: source, disk: disk)
    {
      return stage
    }
    guard planned.isKept else { return nil }
    return try ledger.with { store throws(Failure) in
      try Stager.stageKept(file, for: path, store: store, disk: disk)
    }
  }

  // MARK: What arrives

  func take(_ pieces: [ContentPiece]) throws(Failure) {
    for piece in pieces {
      guard var coming = fetch.coming[piece.number] else {
        throw fault("an answer nobody asked for")
      }
      if piece.kind == .copy || piece.kind == .hole {
        if piece.kind == .copy {
          try copy(piece.bytes, to: &coming)
        } else {
          try leaveOut(piece.bytes, of: &coming)
        }
        fetch.coming[piece.number] = coming
        continue
      }
      coming.received += UInt64(piece.bytes.count)
      guard coming.received <= coming.file.size else {
        throw fault("more of a content than was asked for")
      }
      if piece.kind != .refusal { append(piece.bytes, to: &coming) }
      switch piece.kind {
      case .part, .copy, .hole: fetch.coming[piece.number] = coming
      case .refusal:
        if let stage = coming.stage { disk.drop(stage) }
        coming.stage = nil
        end(piece.number, coming)
        if coming.isVersion { try endVersion(coming) }
      case .last:
        end(piece.number, coming)
        if coming.isVersion {
          if let stage = coming.stage, !coming.isLost { try keep(coming, stage) }
          try endVersion(coming)
        } else {
          complete(coming)
        }
      }
    }
  }

  private func append(_ bytes: [UInt8], to coming: inout Fetch.Coming) {
    guard !coming.isLost, !coming.isSpoilt else { return }
    do {
      if coming.stage == nil {
        coming.stage = try disk.stage(for: coming.path, size: coming.file.size)
      }
      if let stage = coming.stage { try disk.append(bytes, to: stage) }
    } catch {
      lose(&coming, error.reason, error.remedy)
    }
  }

  private func end(_ number: UInt64, _ coming: Fetch.Coming) {
    fetch.coming[number] = nil
    fetch.comingBytes -= min(fetch.comingBytes, coming.file.size)
    if coming.stage == nil || coming.isLost { release(coming.path, coming.group) }
  }

  func release(_ path: TreePath, _ group: Int) {
    guard fetch.claimed[group]?.remove(path) != nil else { return }
    ledger.release(groups[group].name, path)
    ownReleases += 1
    guard fetch.isOutrun else { return }
    fetch.isOutrun = false
    fetch.wake()
  }

  private func complete(_ coming: Fetch.Coming) {
    guard let stage = coming.stage, !coming.isLost else { return }
    if coming.isSpoilt { return askAgain(coming) }
    do {
      let done = try disk.finish(stage)
      guard done.digest == coming.file.digest, done.size == coming.file.size else {
        if coming.isPieced { return askAgain(coming) }
        disk.drop(stage)
        release(coming.path, coming.group)
        return
      }
      add(
        Work(
          path: coming.path,
          stage: StagedContent(handle: stage, digest: done.digest, size: done.size)),
        coming.group, bytes: done.size)
    } catch {
      disk.drop(stage)
      release(coming.path, coming.group)
      problem(coming, error.reason, error.remedy)
    }
  }

  func lose(_ coming: inout Fetch.Coming, _ reason: String, _ remedy: String) {
    if let stage = coming.stage { disk.drop(stage) }
    coming.stage = nil
    coming.isLost = true
    problem(coming, reason, remedy)
  }

  private func problem(_ coming: Fetch.Coming, _ reason: String, _ remedy: String) {
    report.problems.append(
      Problem(
        group: groups[coming.group].name, path: coming.path, "not updated", reason, remedy: remedy))
  }
}

extension Verdict {
  /// Whether a directory that is there stays one.
  fileprivate var keepsDirectory: Bool {
    switch self {
    case .nothing, .adjust, .install(.directory, _): true
    case .install, .remove: false
    }
  }
}
