package import Model
package import Transport

/// The way to a store in memory, for sessions in one thread.
package final class MemoryLedger: Ledger, @unchecked Sendable {
  // Tests run a world in one thread; nothing is shared with another.
  package let store: MemoryStore
  private var claims: Set<String> = []

  package init(_ store: MemoryStore) { self.store = store }

  package func with<Result>(
    _ body: (any Store) throws(Failure) -> Result
  ) throws(Failure) -> Result { try body(store) }

  package func claim(_ group: String, _ path: TreePath) -> Bool {
    claims.insert("\(group) \(hexadecimal(path.key))").inserted
  }

  package private(set) var releases = 0

  package func release(_ group: String, _ path: TreePath) {
    releases += 1
    claims.remove("\(group) \(hexadecimal(path.key))")
  }

  /// What others do while a session waits for them: in one thread nobody else can.
  package var meanwhile: () -> Void = {}

  package func awaitRelease(after releases: Int) -> Bool {
    if self.releases == releases { meanwhile() }
    return self.releases > releases
  }

  package var claimCount: Int { claims.count }
}

/// One host in memory: a name, a state, a tree.
package final class MemoryHost {
  package let name: String
  package let store: MemoryStore
  package let tree = MemoryTree()
  package let ledger: MemoryLedger
  package private(set) var surroundings: MemorySurroundings
  package private(set) var group: SessionGroup
  /// What runs where the configuration names a command.
  package let programs = MemoryPrograms()
  package var limits = Keeping()
  package var pace = Pace()
  private var chance: SessionDice
  /// How often it took a new identity.
  package private(set) var renewals = 0

  package static let root = memoryPath("/w")

  /// A host of group `g`, which holds `/w`; the root is there and empty.
  ///
  /// - Parameter hosts: As in a configuration: one in parentheses only receives.
  package init(
    _ name: String, number: UInt64, hosts: [String], seed: UInt64 = 1,
    statements: String = "include /w;"
  ) {
    self.name = name
    group = memoryGroup(hosts, statements, own: name)
    store = MemoryStore(replica: ReplicaID(high: number << 32, low: seed))
    ledger = MemoryLedger(store)
    chance = SessionDice(seed &* 31 &+ number)
    surroundings = MemorySurroundings(seed: 0)
    surroundings.programs = programs
    tree.write(Self.root, .directory)
    try? store.learnReplica(
      ReplicaID(high: number << 32, low: seed), host: name, group: group.name)
  }

  /// Another configuration from now on.
  package func configure(_ statements: String) {
    group = memoryGroup(group.group.members.map(\.name), statements, own: name)
  }

  /// Gives it another configuration.
  package func configure(_ hosts: [String]) { group = memoryGroup(hosts, own: name) }

  /// The same, which others take for the one they have.
  func configure(_ hosts: [String], asIf configuration: Digest) {
    configure(hosts)
    group.configuration = configuration
  }

  /// Lets it take itself for a full member.
  func promote() { group.group.own?.receiveOnly = false }

  package var disk: MemoryDisk { MemoryDisk(tree) }

  package func freshSurroundings() -> MemorySurroundings {
    surroundings = MemorySurroundings(seed: chance.next())
    surroundings.programs = programs
    return surroundings
  }

  /// Looks at the disk, as a host does before it speaks of it.
  @discardableResult
  package func scan(
    _ request: ScanRequest = ScanRequest(acceptsDeletions: true)
  ) throws(Failure) -> ScanReport {
    _ = try PolicyReview.run(group.group, store: store)
    let report = try Scanner.scan(
      group.group, selection: group.selection, store: store, disk: disk, request: request,
      surroundings: surroundings)
    var budget = Keeper.atOnce
    try Keeper(group: group.name, store: store, disk: disk, limits: limits).keepTexts(
      report.changes.filter { !$0.isDeletion }.map(\.path), group.group, budget: &budget)
    let ready = try HeldReview.run(group.group, store: store, disk: disk)
    if !ready.isEmpty { _ = try apply(ready.map { Work(path: $0) }) }
    return report
  }

  package func apply(_ work: [Work]) throws(Failure) -> ApplyReport {
    try Applier.apply(
      work, group: group.group, anchors: group.selection.anchors, store: store, disk: disk,
      surroundings: surroundings, limits: limits)
  }

  /// Forgets tombstones that everybody knows, and contents that nobody needs.
  @discardableResult
  package func collect() throws(Failure) -> Int {
    let others = group.group.members.map(\.name).filter { $0 != name }
    let count = try TombstoneCollection.run(group.name, others: others, store: store)
    _ = try KeptCollection.run(group.name, others: others, store: store, limits: limits)
    return count
  }

  package func renew() throws(Failure) {
    renewals += 1
    try Renewal.run(
      groups: [group.name], host: name,
      replica: ReplicaID(high: chance.next(), low: chance.next()), store: store)
  }

  package func rejoin() throws(Failure) {
    try Rejoining.run(
      groups: [group.name], host: name,
      replica: ReplicaID(high: chance.next(), low: chance.next()), store: store)
  }

  /// Says that another host will not come back.
  @discardableResult
  package func retire(_ other: MemoryHost) throws(Failure) -> [RetiredReplica] {
    try Retirement.run(other.name, group.name, by: name, seconds: 1, store: store)
  }

  package func entry(_ path: TreePath) -> Entry? { try? store.entry(group.name, path) }

  package func conflict(_ path: TreePath, hosts: [MemoryHost]) -> Conflict? {
    var names: [ReplicaID: String] = [:]
    for host in hosts {
      if let state = try? host.store.replicaState() { names[state.replica] = host.name }
    }
    return entry(path).flatMap {
      Conflict($0, group: group.name, hosts: names, digest: memoryDigest)
    }
  }
}

/// A path that is known to be sound.
package func memoryPath(_ text: String) -> TreePath {
  guard let path = TreePath(text) else { preconditionFailure("\(text) is no path") }
  return path
}

/// Group `g` of these hosts with the given statements.
package func memoryGroup(
  _ hosts: [String], _ statements: String = "include /w;", own: String? = nil
) -> SessionGroup {
  let text = "group g { host \(hosts.joined(separator: " ")); key k; \(statements) }"
  let read = parseConfig(Array(text.utf8), file: "c") { file in
    .failure(Failure(.noInput, file, "not read", "no such file"))
  }
  guard var group = read.config?.groups.first else { preconditionFailure("\(read.faults)") }
  group.own = own.flatMap { group.member($0) }
  return SessionGroup(
    group: group, selection: Selection(group: group),
    configuration: memoryDigest(Array(group.canonicalText.utf8)))
}
