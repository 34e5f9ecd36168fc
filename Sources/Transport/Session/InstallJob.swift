import Model

/// How much is under way at a time.
package struct Pace: Sendable {
  /// What is asked for: files, and bytes unless it is a single file.
  package var windowFiles: Int
  package var windowBytes: UInt64
  /// What is installed.
  package var batchFiles: Int
  package var batchBytes: UInt64

  package init(
    windowFiles: Int = 4_000, windowBytes: UInt64 = 64 << 20, batchFiles: Int = 2_000,
    batchBytes: UInt64 = 32 << 20
  ) {
    self.windowFiles = windowFiles
    self.windowBytes = windowBytes
    self.batchFiles = batchFiles
    self.batchBytes = batchBytes
  }
}

/// What a session has received whole and what is to be done with it on this disk.
struct InstallJob {
  /// By group, as an index of the session's, each in the order in which it is carried out.
  var work: [(group: Int, work: [Work])]
  var chunks: [KeptChunks]
  var textBudget: Int

  /// What came of it.
  struct Outcome {
    var reports: [(group: Int, report: ApplyReport)] = []
    var textBudget: Int
  }

  /// - Parameter disk: Of the thread that this runs in; the stages are its own.
  func run(
    _ groups: [SessionGroup], ledger: any Ledger, disk: any Disk, surroundings: any Surroundings,
    limits: Keeping
  ) throws(Failure) -> Outcome {
    var outcome = Outcome(textBudget: textBudget)
    let chunks = chunks
    try ledger.with { store throws(Failure) in try store.keepChunks(chunks) }
    for (index, work) in work {
      let session = groups[index]
      var budget = outcome.textBudget
      let report = try ledger.with { store throws(Failure) in
        let done = try Applier.apply(
          work, group: session.group, anchors: session.selection.anchors, store: store,
          disk: disk, surroundings: surroundings, limits: limits)
        try store.keepChunks(disk.takeChunkLists())
        try Keeper(group: session.name, store: store, disk: disk, limits: limits)
          .keepTexts(done.installed, session.group, budget: &budget)
        return done
      }
      outcome.textBudget = budget
      outcome.reports.append((index, report))
    }
    return outcome
  }
}
