import Model

/// Content on its way to this disk: what was asked for, what has arrived, what waits to be
/// installed.
///
/// Pending paths are taken up in path order; removals come last and backwards, so that directories
/// are empty when their turn comes, and then what takes the place of a directory. Versions of
/// conflicts come at the end: nobody's disk waits for them.
struct Fetch {
  let pace: Pace

  /// Whose turn it is.
  enum Phase: Int, Comparable {
    case objects, removals, replacements, versions, idle
    static func < (left: Phase, right: Phase) -> Bool { left.rawValue < right.rawValue }
  }

  /// One content that was asked for.
  struct Coming {
    var group: Int
    var path: TreePath
    var file: FileContent
    var stage: StageHandle?
    /// Bytes that have arrived.
    var received: UInt64 = 0
    /// It is a version of a conflict: kept, not installed.
    var isVersion = false
    /// The peer sends something that this disk could not take: it is read and dropped.
    var isLost = false
    /// What stretches are copied from; nil: nothing may be.
    var former: FileStat?
    /// It is put together from what is here: if that fails, all of it is asked for once.
    var isPieced = false
    /// What is here could not be used: the rest is read and dropped.
    var isSpoilt = false
  }

  /// A pending path, and where this host has its content already.
  struct Planned {
    var entry: Entry
    /// Another path that shows it.
    var source: TreePath?
    var isKept = false
    /// Whether a directory above is in conflict.
    var isContested = false
  }

  /// One gate of one of the session's groups.
  struct GateKey: Hashable, Comparable {
    var group: Int
    var gate: Int

    static func < (left: GateKey, right: GateKey) -> Bool {
      (left.group, left.gate) < (right.group, right.gate)
    }
  }

  private let names: [String]
  let open: [Int]
  var phase = Phase.objects
  /// The group that is being gone through, as an index of `open`, and the last path of it.
  var place = 0
  var last: TreePath?
  /// What comes next of the group, read ahead, so that the state need not be asked while whoever
  /// installs holds it.
  private(set) var ahead: ArraySlice<Planned> = []
  /// How many contents others had released when that was read: theirs are not fetched again.
  private(set) var aheadReleases = 0
  var coming: [UInt64: Coming] = [:]
  var comingBytes: UInt64 = 0
  /// Questions for contents that could not be put together from what is here.
  var again: [Want] = []
  var nextNumber: UInt64 = 1
  /// Ready to be installed, in path order.
  var batch: [Int: [Work]] = [:]
  var batchCount = 0
  var batchBytes: UInt64 = 0
  /// What a gate has to let through, by gate: kept until nothing can be added to it any more.
  var sets: [GateKey: [TreePath: Work]] = [:]
  /// Gates whose changes this session has taken upon itself.
  var claimedGates: Set<GateKey> = []
  /// Paths that this session has taken upon itself and not released yet, by group.
  var claimed: [Int: Set<TreePath>] = [:]
  /// Paths that another session fetches: looked at again before this one ends.
  private(set) var elsewhere: [Int: Set<TreePath>] = [:]
  /// How often anything had been released when the first of them was found.
  private(set) var releasesBefore = 0
  /// How often this session has waited for another one that got nowhere meanwhile.
  var waits = 0
  /// What was tried in this session: not twice, unless the path has become something else since.
  private var tried: [Int: [TreePath: Verdict]] = [:]
  private var triedVersions: [Int: [TreePath: [Dot]]] = [:]
  /// A path became something else while its content was on its way.
  var isOutrun = false
  /// Where the walk over pending paths has to begin anew: something came in before the place where
  /// it is.
  private var stale: (place: Int, last: TreePath?)?

  init(groups: [SessionGroup], open: Set<Int>, pace: Pace) {
    self.pace = pace
    names = groups.map(\.name)
    self.open = open.sorted()
  }

  /// Nothing is pending, nothing is on its way.
  var isIdle: Bool { phase == .idle && coming.isEmpty && batchCount == 0 && sets.isEmpty }

  /// The path up to which the walk has read.
  var lastRead: TreePath? { ahead.last?.entry.path ?? last }

  mutating func plan(_ more: [Planned], releases: Int) {
    ahead += more
    aheadReleases = releases
  }

  /// The next pending path.
  mutating func next() -> Planned? {
    guard let next = ahead.popFirst() else { return nil }
    last = next.entry.path
    return next
  }

  /// What was read ahead may be another by now.
  mutating func forgetAhead() { ahead = [] }

  /// Pending paths are gone through again.
  mutating func wake() {
    ahead = []
    stale = (0, nil)
    if phase != .objects { restart() }
  }

  /// New records have come, the first of them at `path`. Records come in path order: mostly the
  /// walk has not been there yet, and goes on.
  mutating func wake(_ group: Int, from path: TreePath) {
    guard phase == .objects, let index = open.firstIndex(of: group) else { return wake() }
    if index == place, let read = ahead.last?.entry.path, path <= read { ahead = [] }
    if index > place || index == place && (last.map { $0 < path } ?? true) { return }
    // Of what stands before a path its parent is the last that can be named.
    let start = (place: index, last: path.parent)
    if let stale, stale.place < index || stale.place == index && !isBefore(start.last, stale.last) {
      return
    }
    stale = start
  }

  private func isBefore(_ left: TreePath?, _ right: TreePath?) -> Bool {
    guard let right else { return false }
    return left.map { $0 < right } ?? true
  }

  private mutating func restart() {
    ahead = []
    phase = .objects
    (place, last) = stale ?? (0, nil)
    stale = nil
  }

  /// How many more paths are worth reading ahead.
  var room: Int { pace.windowFiles - ahead.count }

  /// As much as may be is on its way.
  var isWindowFull: Bool { coming.count >= pace.windowFiles || comingBytes >= pace.windowBytes }

  /// So much is on its way that the peer is busy for a while: nothing need be waited for.
  var isSupplied: Bool {
    !isBatchOverfull && !coming.isEmpty
      && (coming.count >= pace.windowFiles / 4 || comingBytes >= pace.windowBytes / 4)
  }

  /// More can be asked for without asking the state.
  var hasRoomAhead: Bool {
    !ahead.isEmpty && coming.count < pace.windowFiles * 3 / 4 && comingBytes < pace.windowBytes
  }

  /// What is ready is worth a batch.
  var isBatchFull: Bool { batchCount >= pace.batchFiles || batchBytes >= pace.batchBytes }

  /// Nothing more is taken up before what is ready is handed over.
  var isBatchOverfull: Bool {
    batchCount >= 2 * pace.batchFiles || batchBytes >= 2 * pace.batchBytes
  }

  /// The walk has come to the end of a group.
  ///
  /// - Parameter mayEnd: No more records will come.
  /// - Returns: Whether there is more to go through now.
  mutating func endGroup(mayEnd: Bool) -> Bool {
    ahead = []
    if place + 1 < open.count {
      (place, last) = (place + 1, nil)
      return true
    }
    if stale != nil {
      restart()
      return true
    }
    // It stays at the end, where what comes next is found.
    guard mayEnd, phase < .idle else { return false }
    (place, last) = (0, nil)
    phase = Phase(rawValue: phase.rawValue + 1) ?? .idle
    return phase < .idle
  }

  mutating func add(_ work: Work, _ group: Int, bytes: UInt64) {
    batch[group, default: []].append(work)
    batchCount += 1
    batchBytes += bytes
  }

  /// Keeps a work for a gate. Returns what was kept for the path before.
  mutating func add(_ work: Work, to gate: GateKey) -> Work? {
    sets[gate, default: [:]].updateValue(work, forKey: work.path)
  }

  mutating func takeSets() -> [Int: [Work]] {
    defer { sets = [:] }
    return sets.reduce(into: [:]) { $0[$1.key.group, default: []] += $1.value.values }
  }

  mutating func takeBatch() -> [Int: [Work]] {
    defer {
      batch = [:]
      batchCount = 0
      batchBytes = 0
    }
    return batch
  }

  mutating func note(_ entry: Entry, _ group: Int) {
    tried[group, default: [:]][entry.path] = entry.verdict
  }

  /// Another session fetches it.
  ///
  /// - Parameter releases: How often anything had been released when it still did.
  mutating func leave(_ entry: Entry, _ group: Int, releases: Int) {
    note(entry, group)
    releasesBefore = elsewhere.isEmpty ? releases : min(releases, releasesBefore)
    elsewhere[group, default: []].insert(entry.path)
  }

  /// Paths that others were fetching are taken up again, from the first.
  mutating func retryElsewhere() {
    for (group, paths) in elsewhere {
      for path in paths { tried[group]?[path] = nil }
    }
    elsewhere = [:]
    stale = nil
    restart()
  }

  /// Versions are asked for once, unless others have come since.
  mutating func noteVersions(_ entry: Entry, _ group: Int) {
    triedVersions[group, default: [:]][entry.path] = entry.record.content.dots
  }

  func hasTriedVersions(_ entry: Entry, _ group: Int) -> Bool {
    triedVersions[group]?[entry.path] == entry.record.content.dots
  }

  func hasTried(_ entry: Entry, _ group: Int) -> Bool {
    tried[group]?[entry.path] == entry.verdict
  }
}
