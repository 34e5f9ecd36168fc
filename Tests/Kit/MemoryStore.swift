package import Model

/// A `Store` in memory. Transactions roll back; every entry goes through the coding of rows.
package final class MemoryStore: Store {
  struct GroupState {
    /// In path order.
    var entries: [Entry] = []
    var knowledge = VersionVector()
    var replicas: [(replica: ReplicaID, host: String)] = []
    var members: [String: MemberState] = [:]
    var marks: [ForceMark] = []
    var problems: [String: [Problem]] = [:]
  }

  struct State {
    var replica: ReplicaState
    var groups: [String: GroupState] = [:]
    var peers: [String: PeerState] = [:]
    var journal: [Int64: [JournalRow]] = [:]
    var batches: Int64 = 0
    var notes: [String: [UInt8]] = [:]
    /// The latest last.
    var settled: [SettledConflict] = []
    var former: [FormerConflict] = []
    var contents: [Digest: [UInt8]] = [:]
    var ties: [String: [TreePath: Set<Digest>]] = [:]
    var retired: [String: [ReplicaID: RetiredReplica]] = [:]
    var runs: [RunFigures] = []
    var hints: [Hint] = []
    var lastHint: Int64 = 0
    var chunks: [Digest: ChunkList] = [:]
    /// By number.
    var actions: [KeptAction] = []
    var lastAction: Int64 = 0
    var histories: [String: MemoryHistory] = [:]
    var local: [String: [TreePath: LocalOnly]] = [:]
  }

  var state: State
  /// What a pass over all entries costs, for who asks.
  package var passCost: UInt64 = 0
  /// Replicas that are gone for good, by group.
  var struck: [String: [ReplicaID: RetiredReplica]] {
    get { state.retired }
    set { state.retired = newValue }
  }
  private var depth = 0

  /// By group.
  var histories: [String: MemoryHistory] {
    get { state.histories }
    set { state.histories = newValue }
  }

  /// Called with the entry before and after each `put`.
  package var onPut: ((_ group: String, _ old: Entry?, _ new: Entry) -> Void)?
  /// The next transaction but this many fails before it begins; nil: none does.
  package var transactionsUntilFailure: Int?
  /// Every so many rows one is encoded and decoded again, and what comes back must be what went in.
  package var codingCheckInterval = 8
  private var puts = 0
  var forgetsLocalChanges = false

  package init(replica: ReplicaID) {
    state = State(replica: ReplicaState(replica: replica, last: 0, confirmed: 0))
  }

  private init(_ state: State) { self.state = state }

  /// A copy that goes its own way, as of a forecast or of a backup.
  package func copy() -> MemoryStore { MemoryStore(state) }

  /// Goes back to what another store holds, as a restored backup does.
  package func restore(_ other: MemoryStore) { state = other.state }

  /// Everything that is kept, for comparing two moments.
  package var fingerprint: String {
    var out = "\(state.replica)\n\(state.peers.sorted { $0.key < $1.key })\n"
    out += "\(state.journal.sorted { $0.key < $1.key })\n"
    for (name, group) in state.groups.sorted(by: { $0.key < $1.key }) {
      out += "\(name) \(group.entries) \(group.knowledge) \(group.replicas) \(group.marks)"
      out += "\(group.members.sorted { $0.key < $1.key })\n"
      if let history = histories[name] {
        out += "\(history.paths) \(history.stamps) \(history.arrivals)\n"
      }
    }
    return out
  }

  package func transaction<Result>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    if depth == 0, let left = transactionsUntilFailure {
      transactionsUntilFailure = left - 1
      if left <= 0 { throw Failure(.inputOutput, "state", "not written", "the disk is gone") }
    }
    let before = state
    depth += 1
    defer { depth -= 1 }
    do {
      return try body()
    } catch {
      if depth == 1 { state = before }
      throw error
    }
  }

  // MARK: This host

  package func replicaState() throws(Failure) -> ReplicaState { state.replica }
  package func setReplicaState(_ replica: ReplicaState) throws(Failure) { state.replica = replica }

  package func replicas(_ group: String) throws(Failure) -> [(replica: ReplicaID, host: String)] {
    state.groups[group]?.replicas ?? []
  }

  package func learnReplica(_ replica: ReplicaID, host: String, group: String) throws(Failure) {
    state.groups[group, default: .init()].replicas.append((replica, host))
  }

  package func knowledge(_ group: String) throws(Failure) -> VersionVector {
    state.groups[group]?.knowledge ?? VersionVector()
  }

  package func setKnowledge(_ knowledge: VersionVector, _ group: String) throws(Failure) {
    state.groups[group, default: .init()].knowledge = knowledge
  }

  // MARK: Entries

  /// All entries of a group, in path order.
  package func all(_ group: String) -> [Entry] { state.groups[group]?.entries ?? [] }

  package func entry(_ group: String, _ path: TreePath) throws(Failure) -> Entry? {
    let entries = all(group)
    let place = entries.place(of: path)
    return place < entries.count && entries[place].path == path ? entries[place] : nil
  }

  package func put(_ entry: Entry, _ group: String) throws(Failure) {
    puts += 1
    if puts % codingCheckInterval == 0 { try checkCoding(entry) }
    if let onPut { onPut(group, try self.entry(group, entry.path), entry) }
    var entries = state.groups[group]?.entries ?? []
    state.groups[group]?.entries = []
    let place = entries.place(of: entry.path)
    if place < entries.count, entries[place].path == entry.path {
      entries[place] = entry
    } else {
      entries.insert(entry, at: place)
    }
    state.groups[group, default: .init()].entries = entries
  }

  private func checkCoding(_ entry: Entry) throws(Failure) {
    var short = Shorthand()
    let row = RecordCoding.row(of: entry, &short)
    let back = try? RecordCoding.entry(entry.path, row, state: entry.state, short)
    guard back == entry, (try? RecordCoding.entry(RecordCoding.encode(entry))) == entry else {
      throw Failure(
        .badData, "state", "not written",
        "\(entry) came back as \(back.map { "\($0)" } ?? "nothing")")
    }
  }

  package func removeEntry(_ group: String, _ path: TreePath) throws(Failure) {
    state.groups[group]?.entries.removeAll { $0.path == path }
  }

  package func entries(_ group: String, after: TreePath?, limit: Int) throws(Failure) -> [Entry] {
    Array(all(group).filter { entry in after.map { $0 < entry.path } ?? true }.prefix(limit))
  }

  package func entries(
    _ group: String, in states: EntryState, after: TreePath?, limit: Int
  ) throws(Failure) -> [Entry] {
    let open = all(group).filter { !$0.state.isDisjoint(with: states) }
    return Array(open.filter { entry in after.map { $0 < entry.path } ?? true }.prefix(limit))
  }

  package func entriesBackwards(
    _ group: String, in states: EntryState, before: TreePath?, limit: Int
  ) throws(Failure) -> [Entry] {
    let open = all(group).reversed().filter { !$0.state.isDisjoint(with: states) }
    return Array(open.filter { entry in before.map { entry.path < $0 } ?? true }.prefix(limit))
  }

  package func entries(
    _ group: String, under path: TreePath, after: TreePath?, limit: Int
  ) throws(Failure) -> [Entry] {
    let below = all(group).filter { $0.path == path || $0.path.isBelow(path) }
    return Array(below.filter { entry in after.map { $0 < entry.path } ?? true }.prefix(limit))
  }

  package func entryShowing(_ digest: Digest, _ group: String) throws(Failure) -> Entry? {
    all(group).first { entry in
      if case .file(let file) = entry.shown.content.value { file.digest == digest } else { false }
    }
  }

  // MARK: Others

  package func peer(_ name: String) throws(Failure) -> PeerState? { state.peers[name] }
  package func peers() throws(Failure) -> [PeerState] {
    state.peers.values.sorted { $0.name < $1.name }
  }
  package func put(_ peer: PeerState) throws(Failure) { state.peers[peer.name] = peer }

  package func member(_ host: String, _ group: String) throws(Failure) -> MemberState? {
    state.groups[group]?.members[host]
  }
  package func members(_ group: String) throws(Failure) -> [MemberState] {
    (state.groups[group]?.members.values).map { $0.sorted { $0.host < $1.host } } ?? []
  }
  package func put(_ member: MemberState, _ group: String) throws(Failure) {
    state.groups[group, default: .init()].members[member.host] = member
  }

  // MARK: Journal, marks, notes

  package func journal() throws(Failure) -> [(batch: Int64, rows: [JournalRow])] {
    state.journal.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  package func addToJournal(_ rows: [JournalRow]) throws(Failure) -> Int64 {
    state.batches += 1
    state.journal[state.batches] = rows
    return state.batches
  }

  package func removeFromJournal(_ batch: Int64, keeping rows: [JournalRow]) throws(Failure) {
    state.journal[batch] = rows.isEmpty ? nil : rows
  }

  package func forceMarks(_ group: String) throws(Failure) -> [ForceMark] {
    state.groups[group]?.marks ?? []
  }
  package func addForceMark(_ mark: ForceMark, _ group: String) throws(Failure) {
    state.groups[group, default: .init()].marks.append(mark)
  }
  package func removeForceMark(_ mark: ForceMark, _ group: String) throws(Failure) {
    state.groups[group]?.marks.removeAll { $0 == mark }
  }

  package func note(_ name: String) throws(Failure) -> [UInt8]? { state.notes[name] }
  package func setNote(_ name: String, _ value: [UInt8]?) throws(Failure) {
    state.notes[name] = value
  }

  package func runs() throws(Failure) -> [RunFigures] { state.runs }
  package func add(_ run: RunFigures) throws(Failure) {
    state.runs = Array((state.runs + [run]).suffix(RunFigures.limit))
  }

  package func problems(_ group: String) throws(Failure) -> [Problem] {
    (state.groups[group]?.problems ?? [:]).sorted { $0.key < $1.key }.flatMap(\.value)
  }
  package func setProblems(
    _ problems: [Problem], _ group: String, source: String
  ) throws(Failure) {
    state.groups[group, default: .init()].problems[source] = problems
  }

  package func copy(to file: String) throws(Failure) {
    throw Failure(.usage, escaped(file), "not copied", "a store in memory has no file")
  }
}

extension [Entry] {
  /// The first place whose path is not below `path`.
  fileprivate func place(of path: TreePath) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle].path < path { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
