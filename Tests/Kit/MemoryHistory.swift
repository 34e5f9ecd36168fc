package import Model

/// The history of one group in memory.
struct MemoryHistory {
  /// The path that got a step last comes last; its steps in the order in which they came.
  var paths: [PathSteps] = []
  /// The run that came last comes last.
  var stamps: [Stamp] = []
  var arrivals: [Arrival] = []
}

extension MemoryStore {
  package func steps(_ group: String, _ path: TreePath) throws(Failure) -> [HistoryStep] {
    (histories[group]?.paths.first { $0.path == path }?.steps ?? []).sorted { $0.dot < $1.dot }
  }

  package func add(
    _ steps: [HistoryStep], _ group: String, _ path: TreePath, limit: Int
  ) throws(Failure) {
    var history = histories[group] ?? MemoryHistory()
    let place = history.paths.firstIndex { $0.path == path }
    var kept = place.map { history.paths[$0] } ?? PathSteps(path: path, steps: [])
    let new = steps.reduce(into: kept.steps) { all, step in
      if !all.contains(where: { $0.dot == step.dot }) { all.append(step) }
    }
    guard new.count > kept.steps.count else { return }
    if let place { history.paths.remove(at: place) }
    kept.steps = Array(new.suffix(max(0, min(limit, HistoryLimits.stepsOfPath))))
    history.paths.append(kept)
    histories[group] = history
  }

  package func removeSteps(_ group: String, _ path: TreePath) throws(Failure) {
    histories[group]?.paths.removeAll { $0.path == path }
  }

  package func hasSteps(_ group: String) throws(Failure) -> Bool {
    histories[group]?.paths.isEmpty == false
  }

  package func recentSteps(_ group: String, limit: Int) throws(Failure) -> [PathSteps] {
    (histories[group]?.paths ?? []).reversed().prefix(max(0, limit)).map { item in
      PathSteps(path: item.path, steps: item.steps.sorted { $0.dot < $1.dot })
    }
  }

  // MARK: Runs

  package func stamps(_ group: String) throws(Failure) -> [Stamp] {
    sorted(histories[group]?.stamps ?? [])
  }

  package func add(_ stamps: [Stamp], _ group: String) throws(Failure) {
    add(stamps, &histories[group, default: MemoryHistory()].stamps)
  }

  package func stamp(of dot: Dot, _ group: String) throws(Failure) -> Stamp? {
    RunIndex(try stamps(group))[dot]
  }

  package func arrivals(_ group: String) throws(Failure) -> [Arrival] {
    sorted(histories[group]?.arrivals ?? [])
  }

  package func add(_ arrivals: [Arrival], _ group: String) throws(Failure) {
    add(arrivals, &histories[group, default: MemoryHistory()].arrivals)
  }

  package func arrival(of dot: Dot, _ group: String) throws(Failure) -> Arrival? {
    RunIndex(try arrivals(group))[dot]
  }

  private func sorted<Run: EventRun>(_ runs: [Run]) -> [Run] {
    runs.sorted { ($0.replica, $0.first) < ($1.replica, $1.first) }
  }

  private func add<Run: EventRun>(_ new: [Run], _ all: inout [Run]) {
    for run in new {
      let near = sorted(
        all.filter {
          $0.replica == run.replica && $0.first <= run.last + 1 && $0.last + 1 >= run.first
        })
      let now = run.joined(to: near)
      all.removeAll { near.contains($0) && !now.contains($0) }
      all += now.filter { !near.contains($0) }
    }
    all = Array(all.suffix(HistoryLimits.runs))
  }
}
