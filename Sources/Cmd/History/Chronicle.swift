import Model
import Transport

/// Everything that this host can tell about the events of one group, read at one moment.
struct Chronicle {
  let group: String
  let names: EventNames
  private let own: String
  private let stepLimit: Int
  private let stamps: RunIndex<Stamp>
  private let arrivals: RunIndex<Arrival>
  private let members: [MemberState]

  init(_ group: SessionGroup, _ node: Node, _ store: any Store) throws(Failure) {
    self.group = group.name
    own = node.name
    stepLimit = group.steps
    names = EventNames(try store.replicas(group.name))
    stamps = RunIndex(try store.stamps(group.name))
    arrivals = RunIndex(try store.arrivals(group.name))
    let others = node.others(in: [group])
    members = try store.members(group.name).filter { others.contains($0.host) }
  }

  func stamp(of dot: Dot) -> Stamp? { stamps[dot] }

  /// All known events of a path, the newest first.
  func events(
    _ path: TreePath, _ record: Record?, _ steps: [HistoryStep]
  ) -> [PathEvent] {
    var out: [Dot: PathEvent] = [:]
    for step in steps { out[step.dot] = event(step, path) }
    for (dot, deed, content) in firstSights(record, steps) where out[dot] == nil {
      var event = bare(dot, path)
      (event.deed, event.content) = (deed, content)
      out[dot] = event
    }
    return Self.ordered(Array(out.values))
  }

  /// Events without a step: those of the record, and those that a step has replaced.
  private func firstSights(
    _ record: Record?, _ steps: [HistoryStep]
  ) -> [(Dot, Deed?, ContentMark?)] {
    var out: [(Dot, Deed?, ContentMark?)] = []
    for sibling in record?.content.siblings ?? [] {
      out.append((sibling.dot, sibling.value.firstDeed, sibling.value.mark))
    }
    // Once the oldest steps were dropped, nothing says any more that an event was the first.
    let isComplete = steps.count < stepLimit
    for item in steps.flatMap(\.replaced) {
      out.append((item.dot, isComplete && item.content != .absent ? .create : nil, item.content))
    }
    // Attributes outlive the content that they came with: only what is left has set just them.
    for dot in record?.dots ?? [] where !out.contains(where: { $0.0 == dot }) {
      out.append((dot, .adjust, nil))
    }
    return out
  }

  /// The events that stand in a record, for a list of many paths.
  func latest(_ path: TreePath, _ record: Record) -> [PathEvent] { events(path, record, []) }

  private func event(_ step: HistoryStep, _ path: TreePath) -> PathEvent {
    var event = bare(step.dot, path)
    event.deed = step.deed
    event.content = step.content
    event.replacedDots = step.replaced.map(\.dot)
    event.replaced = event.replacedDots.map { names($0) }
    event.origin = step.origin.map { names($0) }
    event.reason = step.reason
    if step.replaced.count == 1 { event.sizeBefore = step.replaced.first?.content.size }
    return event
  }

  private func bare(_ dot: Dot, _ path: TreePath) -> PathEvent {
    let host = names.hosts[dot.replica]
    return PathEvent(
      group: group, path: path, dot: dot, name: names(dot), host: host, stamp: stamps[dot],
      isOwn: host == own, arrival: host == own ? nil : arrivals[dot],
      holders: members.filter { $0.knowledge?.covers(dot) == true }.map(\.host).sorted())
  }

  /// By time, the newest first; but no event before one that has replaced it, whatever the clocks
  /// say.
  static func ordered(_ events: [PathEvent]) -> [PathEvent] {
    var left = events.sorted { $1.isOlder(than: $0) }
    var waiting: [Dot: Int] = [:]
    for dot in left.flatMap(\.replacedDots) { waiting[dot, default: 0] += 1 }
    var out: [PathEvent] = []
    while !left.isEmpty {
      let place = left.firstIndex { waiting[$0.dot, default: 0] == 0 } ?? left.startIndex
      let event = left.remove(at: place)
      for dot in event.replacedDots { waiting[dot, default: 0] -= 1 }
      out.append(event)
    }
    return out
  }
}

extension PathEvent {
  func isOlder(than other: PathEvent) -> Bool {
    (stamp?.seconds ?? .min, dot) < (other.stamp?.seconds ?? .min, other.dot)
  }
}

extension Content {
  /// What a first sight of it was; nil: it was none, and its step is lost.
  fileprivate var firstDeed: Deed? {
    switch self {
    case .absent: .delete
    case .file(let file): file.isBirth ? .create : nil
    case .directory, .symlink, .fifo, .device: .create
    }
  }
}

extension Node {
  /// The known events of a path in one group, the newest first; nil if nothing is kept of it.
  func events(_ group: SessionGroup, _ path: TreePath) throws(Failure) -> [PathEvent]? {
    try real.with { store throws(Failure) in
      let entry = try store.entry(group.name, path)
      let steps = try store.steps(group.name, path)
      guard entry != nil || !steps.isEmpty else { return nil }
      return try Chronicle(group, self, store).events(path, entry?.record, steps)
    }
  }

  /// The newest events of a group, at most `count`.
  func newestEvents(_ group: SessionGroup, _ count: Int) throws(Failure) -> [PathEvent] {
    let (chronicle, recent) = try real.with { store throws(Failure) in
      (
        try Chronicle(group, self, store), try store.recentSteps(group.name, limit: count)
      )
    }
    var out = recent.flatMap { chronicle.events($0.path, nil, $0.steps) }
    var last: TreePath?
    while true {
      let from = last
      let batch = try real.with { store throws(Failure) in
        try store.entries(group.name, after: from, limit: 1_000)
      }
      guard let end = batch.last else { return Self.newest(out, count) }
      last = end.path
      for entry in batch { out += chronicle.latest(entry.path, entry.record) }
      out = Self.newest(out, count)
    }
  }

  private static func newest(_ events: [PathEvent], _ count: Int) -> [PathEvent] {
    // What is known from a step comes first and stays.
    var seen: Set<Dot> = []
    let once = events.filter { seen.insert($0.dot).inserted }
    return Array(once.sorted { $1.isOlder(than: $0) }.prefix(count))
  }
}
