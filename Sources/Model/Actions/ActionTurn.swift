/// The steps of running what is queued, each one transaction; the program runs in between, while
/// nobody holds the store.
package enum ActionTurn {
  /// A run that has been begun, and the paths that it is about, in path order.
  package struct Begun: Hashable, Sendable {
    package var run: ActionRun
    package var names: [TreePath]
  }

  private static let firstPause: Int64 = 10
  private static let longestPause: Int64 = 3_600

  /// How long after its `attempts`-th failure a run is tried again, in seconds.
  package static func pause(after attempts: Int) -> Int64 {
    min(longestPause, firstPause << Int64(max(0, min(attempts - 1, 20))))
  }

  /// Runs that are begun and not ended, while nobody runs any: whoever did has died. They have to
  /// be run again.
  package static func resume(in store: any Store, now: Int64) throws(Failure) {
    for var run in try store.actionRuns() where run.state == .running {
      try store.transaction { () throws(Failure) in
        run.end = "cut off: concord ended while it ran"
        run.ended = now
        run.due = now
        run.state = run.attempts > run.order.retries ? .failed : .waiting
        try store.put(run, output: nil)
      }
    }
  }

  /// Whether the time of a run has come. A time further off than any pause is from a clock that was
  /// wrong.
  package static func isDue(_ run: ActionRun, now: Int64) -> Bool {
    run.state == .waiting && (run.due <= now || run.due > now + longestPause)
  }

  /// Begins the first run that is due.
  ///
  /// - Parameter fit: How many of the names, in path order, one run can be given; the others get a
  ///   run of their own. At least one is taken.
  /// - Returns: Nil if none is due.
  package static func begin(
    in store: any Store, now: Int64, fit: (ActionOrder, [TreePath]) -> Int
  ) throws(Failure) -> Begun? {
    guard var run = try store.actionRuns().first(where: { isDue($0, now: now) }) else {
      return nil
    }
    return try store.transaction { () throws(Failure) in
      var names = try store.actionNames(run.id, limit: .max)
      let count = max(1, fit(run.order, names))
      if count < names.count, let last = names.prefix(count).last {
        try store.splitNames(of: run.id, after: last, seconds: now)
        names = Array(names.prefix(count))
      }
      run.state = .running
      run.attempts += 1
      run.started = now
      run.ended = nil
      run.names = names.count
      try store.put(run, output: nil)
      return Begun(run: run, names: names)
    }
  }

  /// Writes down how a run ended.
  package static func end(
    _ begun: ActionRun, _ result: ProgramResult, in store: any Store, now: Int64
  ) throws(Failure) -> ActionRun {
    var run = begun
    run.ended = now
    run.end = "\(result.end)"
    run.outputBytes = result.outputBytes
    if result.isSuccess {
      run.state = .done
    } else if run.attempts > run.order.retries {
      run.state = .failed
    } else {
      run.state = .waiting
      run.due = now + pause(after: run.attempts)
    }
    try store.transaction { () throws(Failure) in
      try store.put(run, output: result.output)
      if run.state == .done { try store.forgetDoneActions() }
    }
    return run
  }

  /// When the next run is due, in seconds since 1970; nil if none waits.
  package static func nextDue(in store: any Store) throws(Failure) -> Int64? {
    try store.actionRuns().filter { $0.state == .waiting }.map(\.due).min()
  }
}
