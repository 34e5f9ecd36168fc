import Model
import Transport
import TransportEdge

extension SyncOutcome {
  /// Keeps the figures of this run, for the trends of a report.
  func keepFigures(since start: Double) throws(Failure) {
    let results = meetings.compactMap(\.result)
    func sum(_ value: (SessionResult) -> Int) -> Int64 {
      results.reduce(0) { $0 &+ Int64(clamping: value($1)) }
    }
    let run = RunFigures(
      time: node.surroundings.now().seconds,
      milliseconds: Int64((monotonicSeconds() - start) * 1_000),
      sent: sum { Int(clamping: $0.peerSummary.installed) },
      received: sum { $0.report.installed.count },
      deleted: sum { $0.report.removed.count }, conflicts: Int64(openConflicts),
      problems: Int64(problems.count), bytesOut: sum { Int(clamping: $0.bytesOut) },
      bytesIn: sum { Int(clamping: $0.bytesIn) })
    try node.real.with { store throws(Failure) in
      try store.transaction { () throws(Failure) in try store.add(run) }
    }
  }
}
