package import Model
import Transport

/// A random life of a few hosts that share a few paths, built from nothing but the version model's
/// functions, and held against an `EventLog` that knows no vectors.
///
/// Everything follows from the seed: the number of hosts and paths, what users do, who talks to
/// whom and where the talk breaks off, which databases are lost or restored.
package struct History: Sendable {
  package struct Setup: Sendable {
    package var hosts: Int
    package var paths: Int
    package var steps: Int
    /// Whether databases get lost and rolled back.
    package var losses: Bool
    /// Whether hosts are struck and rejoin as well.
    package var leaves: Bool

    package init(hosts: Int, paths: Int, steps: Int, losses: Bool, leaves: Bool = false) {
      self.hosts = hosts
      self.paths = paths
      self.steps = steps
      self.losses = losses
      self.leaves = leaves
    }

    /// How conflicts are decided.
    package var method = AutoMethod.manual

    /// What the seed alone decides.
    package init(seed: UInt64) {
      var dice = Dice(seed: ~seed)
      hosts = dice.pick([2, 2, 3, 3, 3, 4, 4, 5])
      paths = 1 + dice.below(3)
      steps = 12 + dice.below(44)
      losses = dice.chance(40)
      leaves = losses && dice.chance(35)
    }
  }

  package let setup: Setup
  let rules: Rules
  /// Whether each step is compared, and not the outcome alone.
  let isWatched: Bool
  var dice: Dice
  package var log: EventLog
  package var hosts: [HistoryHost] = []
  /// Events that a host knew as deleted when it took a record which had not seen them. Only an old
  /// database can bring such a record.
  package var forgotten = EventSet()
  /// Events that an absent record has answered for.
  var buried = EventSet()
  private var incarnations: UInt64 = 0
  /// The host that each incarnation is one of.
  var homes: [ReplicaID: Int] = [:]
  var policy: Policy
  /// From here on nothing goes wrong and nobody waits.
  var isHealing = false
  /// Whether a record is left that is sent again in every exchange, because it holds the number of
  /// an event that nobody has any more.
  package internal(set) var isEndless = false
  /// How often somebody edited what the policy had decided.
  package internal(set) var editsOfDecided = 0
  /// What is wrong, in words.
  package internal(set) var violations: [String] = []
  /// What happened, in words, if asked for.
  package internal(set) var trace: [String]?

  package init(
    seed: UInt64, setup: Setup? = nil, flaw: Flaw? = nil, isWatched: Bool = true,
    isTraced: Bool = false
  ) {
    self.setup = setup ?? Setup(seed: seed)
    rules = Rules(flaw: flaw)
    self.isWatched = isWatched
    dice = Dice(seed: seed)
    log = EventLog(paths: self.setup.paths)
    policy = Policy(memoryGroup(["h0"]).group, replicas: [:])
    trace = isTraced ? [] : nil
    for host in 0..<self.setup.hosts {
      let replica = incarnation(of: host)
      hosts.append(HistoryHost(replica: replica, paths: self.setup.paths, hosts: self.setup.hosts))
    }
  }

  /// Lives through all steps, heals everything and checks.
  package mutating func run() {
    for _ in 0..<setup.steps where !log.isFull && violations.isEmpty { step() }
    if violations.isEmpty { heal() }
    if violations.isEmpty { checkOutcome() }
  }

  private mutating func step() {
    let host = dice.below(setup.hosts)
    switch dice.below(setup.leaves ? 114 : setup.losses ? 106 : 100) {
    case 0..<38: change(host)
    case 38..<72:
      let peer = (host + 1 + dice.below(setup.hosts - 1)) % setup.hosts
      exchange(host, peer, broken: dice.chance(35))
      if dice.chance(30) { collect(host) }
    case 72..<79: collect(host)
    case 79..<85: decide(host)
    case 85..<90: resolve(host)
    case 90..<92: hold(host)
    case 92..<97: backUp(host)
    case 97..<100: rest()
    case 100..<106: lose(host)
    case 106..<110: rejoin(host)
    default: retire(host)
    }
  }

  /// Somebody changes something on a disk.
  private mutating func change(_ host: Int) {
    let path = dice.below(setup.paths)
    var look = hosts[host].disk[path]
    if look == nil {
      look = Look(
        content: 1 + dice.below(3), mode: dice.below(3), owner: dice.below(3), acl: dice.below(2))
    } else if dice.chance(30) {
      look = nil
    } else {
      let register = dice.pick([0, 0, 1, 1, 2, 3])
      look?[register] = register == 0 ? 1 + dice.below(3) : dice.below(3)
      if dice.chance(20) { look?.mode = dice.below(3) }
    }
    hosts[host].disk[path] = look
    hosts[host].touched[path] = true
    say("host \(host) has on its disk at \(path): \(look.map { "\($0)" } ?? "nothing")")
    if dice.chance(70) { scan(host, path) }
  }

  /// A quiet night: everybody talks to everybody, and what is settled is forgotten.
  private mutating func rest() {
    say("a quiet night")
    for _ in 0..<2 {
      for left in hosts.indices {
        for right in hosts.indices where right > left { exchange(left, right, broken: false) }
      }
    }
    for host in hosts.indices { collect(host) }
  }

  /// A user name gets unknown or known.
  private mutating func hold(_ host: Int) {
    let held = hosts[host].heldOwner == nil ? 1 + dice.below(2) : nil
    hosts[host].heldOwner = held
    say("host \(host) cannot apply owner \(held as Any)")
    for path in 0..<setup.paths { show(host, path) }
  }

  private mutating func backUp(_ host: Int) {
    guard hosts[host].doubt == nil else { return }
    hosts[host].backups.append(
      .init(database: hosts[host].database, disk: hosts[host].disk))
    say("host \(host) makes a backup")
  }

  mutating func incarnation(of host: Int) -> ReplicaID {
    incarnations += 1
    let replica = ReplicaID(high: dice.next(), low: incarnations)
    homes[replica] = host
    if isDeciding { policy = makePolicy() }
    return replica
  }

  mutating func say(_ words: @autoclosure () -> String) {
    if trace != nil { trace?.append(words()) }
  }

  mutating func violate(_ words: String) {
    violations.append(words)
    say("VIOLATION: \(words)")
  }

  /// A violation of one step.
  mutating func remark(_ words: @autoclosure () -> String) {
    if isWatched { violate(words()) }
  }
}
