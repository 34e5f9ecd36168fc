/// Something that is known of a run of events of one replica, `first` to `last`.
package protocol EventRun: Hashable, Sendable {
  var replica: ReplicaID { get }
  var first: UInt64 { get set }
  var last: UInt64 { get set }
  /// Whether both say the same, whichever events they say it of.
  func says(sameAs other: Self) -> Bool
}

extension Stamp: EventRun {
  package func says(sameAs other: Stamp) -> Bool {
    replica == other.replica && seconds == other.seconds && user == other.user
  }
}

extension Arrival: EventRun {
  package func says(sameAs other: Arrival) -> Bool {
    replica == other.replica && seconds == other.seconds && via == other.via
  }
}

extension EventRun {
  /// This run beside those that are known of the same replica: what is known already stays as it
  /// is, and neighbours that say the same become one.
  ///
  /// - Parameter known: Runs that overlap or touch this one, ascending; none overlaps another.
  package func joined(to known: [Self]) -> [Self] {
    var out = known
    var next = first
    for run in known where next <= last {
      if next < run.first { out.append(part(next, min(last, run.first - 1))) }
      next = max(next, run.last &+ 1)
    }
    if next <= last { out.append(part(next, last)) }
    return out.sorted { $0.first < $1.first }.reduce(into: []) { joined, run in
      if let end = joined.last, end.last &+ 1 == run.first, end.says(sameAs: run) {
        joined[joined.count - 1].last = run.last
      } else {
        joined.append(run)
      }
    }
  }

  private func part(_ first: UInt64, _ last: UInt64) -> Self {
    var part = self
    (part.first, part.last) = (first, last)
    return part
  }

  /// The part of it that the vector does not cover; nil: it covers all.
  package func beyond(_ known: VersionVector) -> Self? {
    known[replica] >= last ? nil : part(max(first, known[replica] + 1), last)
  }
}

/// Runs by event, for many questions.
package struct RunIndex<Run: EventRun> {
  private var runs: [ReplicaID: [Run]] = [:]

  package init(_ all: [Run]) {
    for run in all { runs[run.replica, default: []].append(run) }
    for replica in runs.keys { runs[replica]?.sort { $0.first < $1.first } }
  }

  /// The run that the event is part of.
  package subscript(dot: Dot) -> Run? {
    guard let list = runs[dot.replica] else { return nil }
    var (low, high) = (0, list.count)
    while low < high {
      let middle = (low + high) / 2
      if list[middle].first <= dot.sequence { low = middle + 1 } else { high = middle }
    }
    guard low > 0, list[low - 1].last >= dot.sequence else { return nil }
    return list[low - 1]
  }
}
