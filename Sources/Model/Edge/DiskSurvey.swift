import CLinux
import Glibc
package import Model
import Synchronization

/// The survey of a real disk beside a real database: subtrees are walked by all threads at once.
package final class DiskSurveyor: Surveyor {
  private let store: SQLiteStore
  fileprivate let disks: [LinuxDisk]

  /// - Parameter makeDisk: A disk of its own for each thread.
  package init(
    _ store: SQLiteStore, _ makeDisk: () throws(Failure) -> LinuxDisk
  ) throws(Failure) {
    self.store = store
    var disks: [LinuxDisk] = []
    for _ in 0..<scanThreads { disks.append(try makeDisk()) }
    self.disks = disks
  }

  package func survey(
    below anchor: TreePath, of group: Group, _ selection: Selection
  ) throws(Failure) -> any Survey {
    DiskSurvey(
      store, number: try store.number(of: group.name) ?? -1, disks, selection,
      ignoring: EntryState(ignoring: group.ignored), anchor)
  }
}

extension DiskSurveyor {
  package func takeChunkLists() -> [KeptChunks] { disks.flatMap { $0.takeChunkLists() } }
}

/// A run of keys whose objects and rows are compared by one thread.
private struct Unit {
  /// Objects that were met on the way here.
  var objects: [ListedObject] = []
  /// A directory whose entries are part of it, after the objects.
  var subtree: [UInt8]?
  /// Where its rows begin; they end where those of the next unit begin.
  var from: [UInt8]
}

private final class DiskSurvey: Survey {
  private let store: SQLiteStore
  private let number: Int64
  private let disks: [LinuxDisk]
  private let selection: Selection
  private let ignoring: EntryState
  private let below: SelectionBelow
  private let end: [UInt8]
  private let units: [Unit]
  /// The next unit that nobody has taken.
  private var taken = 0
  /// New objects of the part before `taken` that are being looked at.
  private var looks: NewLooks?
  /// Who reads rows: the database has one connection.
  private let turn = Mutex(())

  /// So many findings are told at a time, or a few more.
  private static let partLength = 16_384
  /// So many subtrees are enough for all threads to end at about the same time.
  private static let unitCount = 64

  init(
    _ store: SQLiteStore, number: Int64, _ disks: [LinuxDisk], _ selection: Selection,
    ignoring: EntryState, _ anchor: TreePath
  ) {
    (self.store, self.number, self.disks) = (store, number, disks)
    (self.selection, self.ignoring) = (selection, ignoring)
    for disk in disks { disk.tree.forget() }
    below = selection.below(anchor)
    end = anchor.key + [1]
    units = Self.divide(anchor, disks[0], selection, below)
  }

  // MARK: Dividing

  /// Lists the directories at the top until there are subtrees enough.
  private static func divide(
    _ anchor: TreePath, _ disk: LinuxDisk, _ selection: Selection, _ below: SelectionBelow
  ) -> [Unit] {
    var units = [Unit(subtree: anchor.key, from: anchor.key + [0])]
    for _ in 0..<3 where units.count < unitCount {
      var finer: [Unit] = []
      for unit in units { finer += split(unit, disk, selection, below) }
      if finer.count == units.count { break }
      units = finer
    }
    return units
  }

  /// The subtree of a unit as the subtrees of its directories; as it is if it cannot be listed.
  private static func split(
    _ unit: Unit, _ disk: LinuxDisk, _ selection: Selection, _ below: SelectionBelow
  ) -> [Unit] {
    guard let key = unit.subtree, let path = TreePath(key: key),
      let directory = try? disk.tree.directory(path)
    else { return [unit] }
    let listing = Listing()
    guard (try? listing.read(directory)) != nil else { return [unit] }
    var units: [Unit] = []
    var current = Unit(objects: unit.objects, from: unit.from)
    for index in 0..<listing.count {
      let (name, stat) = listing[index]
      let bytes = Array(name)
      guard let (role, descends) = disk.judge(name, stat, in: key, below, selection) else {
        continue
      }
      var object = ListedObject(
        key: key + [0] + bytes, stat: stat, role: role, descends: descends)
      if case .tooLong = role { object.key = key }
      if descends {
        // The directory and all below it begin a unit; what stood before ends one.
        if !current.objects.isEmpty { units.append(current) }
        units.append(Unit(objects: [object], subtree: object.key, from: object.key))
        current = Unit(from: object.key + [1])
        if units.count == 1 { units[0].from = unit.from }
      } else {
        current.objects.append(object)
      }
    }
    if !current.objects.isEmpty || units.isEmpty { units.append(current) }
    return units
  }

  // MARK: Going through

  /// What the threads share; each index of `done` is written by one of them.
  private struct Shared {
    var next: Int
    var findings = 0
    var done: [Int: SurveyPart] = [:]
    var failure: Failure?

    mutating func take(_ result: Result<SurveyPart, Failure>, _ index: Int) {
      switch result {
      case .success(let part):
        findings += part.findings.count
        done[index] = part
      case .failure(let failure): self.failure = failure
      }
    }
  }

  func next() throws(Failure) -> SurveyPart? {
    if let part = looks?.next() { return part }
    looks = nil
    guard let part = try walkOn() else { return nil }
    looks = NewLooks(part, disks)
    return looks?.next()
  }

  /// Walks until there is enough to tell of.
  private func walkOn() throws(Failure) -> SurveyPart? {
    guard taken < units.count else { return nil }
    let shared = Mutex(Shared(next: taken))
    let box = Box(self)
    inParallel(disks.count) { thread in box.value.work(shared, thread) }
    var (part, first) = (SurveyPart(), taken)
    let result = shared.withLock { $0 }
    if let failure = result.failure { throw failure }
    taken = result.next
    while first < taken {
      if let done = result.done[first] {
        part.findings += done.findings
        part.unchanged += done.unchanged
      }
      first += 1
    }
    return part
  }

  private struct Box: @unchecked Sendable {
    // The threads take turns at the database and have a disk each; all else is never written
    // while they run.
    let value: DiskSurvey
    init(_ value: DiskSurvey) { self.value = value }
  }

  private func work(_ shared: borrowing Mutex<Shared>, _ thread: Int) {
    var memory = Stretch()
    while true {
      let taken = shared.withLock { state -> Int? in
        guard state.failure == nil, state.next < units.count, state.findings < Self.partLength
        else { return nil }
        state.next += 1
        return state.next - 1
      }
      guard let index = taken else { return }
      let result = Result { () throws(Failure) in
        try go(through: index, disks[thread], &memory)
      }
      shared.withLock { $0.take(result, index) }
    }
  }

  private func go(
    through index: Int, _ disk: LinuxDisk, _ memory: inout Stretch
  ) throws(Failure) -> SurveyPart {
    let unit = units[index]
    let until = index + 1 < units.count ? units[index + 1].from : end
    var merge = SurveyMerge(
      store, number: number, ignoring: ignoring, holdsAll: below == .everything, from: unit.from)
    // Handed over, not copied.
    var stretch = Stretch()
    swap(&stretch, &memory)
    stretch.clear()
    var walk = SurveyWalk(disk, selection, stretch: consume stretch) { stretch throws(Failure) in
      try self.inTurn { () throws(Failure) in try merge.take(stretch) }
      stretch.clear()
    }
    for object in unit.objects { walk.add(object) }
    if let subtree = unit.subtree { try walk.walk(below: subtree, below) }
    memory = walk.end()
    let rest = memory
    try inTurn { () throws(Failure) in try merge.take(rest, until: until) }
    return merge.part
  }

  private func inTurn(_ body: () throws(Failure) -> Void) throws(Failure) {
    let result = turn.withLock { _ in Result { () throws(Failure) in try body() } }
    try result.get()
  }
}
