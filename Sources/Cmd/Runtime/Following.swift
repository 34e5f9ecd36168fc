import Model
import Transport

extension Node {
  /// Brings this disk up to decisions, as far as the contents are on this host.
  func follow(_ paths: [(group: String, path: TreePath)]) throws(Failure) {
    let disk = try disk()
    for group in sessionGroups {
      let all = paths.filter { $0.group == group.name }.map(\.path).sorted()
      // What has to pass a gate goes together.
      let gated = all.filter { group.group.gate(of: $0) != nil }
      if !gated.isEmpty { try follow(gated[...], group, disk) }
      let mine = all.filter { group.group.gate(of: $0) == nil }
      var start = mine.startIndex
      while start < mine.endIndex {
        let end = min(start + 200, mine.endIndex)
        try follow(mine[start..<end], group, disk)
        start = end
      }
    }
  }

  private func follow(
    _ paths: ArraySlice<TreePath>, _ group: SessionGroup, _ disk: any Disk
  ) throws(Failure) {
    let limits = config.settings.keeping
    let report = try real.with { store throws(Failure) in
      var removals: [Work] = []
      var work: [Work] = []
      for path in paths {
        guard let entry = try store.entry(group.name, path) else { continue }
        switch entry.verdict {
        case .nothing: continue
        case .remove: removals.insert(Work(path: path), at: 0)
        case .install(.file(let file), _):
          let stage = try Stager.stage(
            file, for: path, group: group.name, store: store, disk: disk)
          // What is not on this host comes at the next meeting.
          if let stage { work.append(Work(path: path, stage: stage)) }
        case .install, .adjust: work.append(Work(path: path))
        }
      }
      var report = ApplyReport()
      let isGated = paths.first.map { group.group.gate(of: $0) != nil } ?? false
      for batch in isGated ? [work + removals] : [work, removals] where !batch.isEmpty {
        report.add(
          try Applier.apply(
            batch, group: group.group, anchors: group.selection.anchors, store: store, disk: disk,
            surroundings: surroundings, limits: limits))
      }
      let keeper = Keeper(group: group.name, store: store, disk: disk, limits: limits)
      var budget = Keeper.atOnce
      try keeper.keepTexts(report.installed, group.group, budget: &budget)
      return report
    }
    guard !report.problems.isEmpty else { return }
    try real.with { store throws(Failure) in
      try store.keepProblems(report.problems, group.name, source: "resolve")
    }
  }
}
