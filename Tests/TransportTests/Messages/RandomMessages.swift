import Model
import TestKit
import Transport

/// Messages by chance: every kind, every kind of value, small and at the limits.
struct RandomMessages {
  var dice: SessionDice

  init(_ seed: UInt64) { dice = SessionDice(seed) }

  mutating func message() -> Message {
    switch dice.below(14) {
    case 0: .greeting(greeting())
    case 1: .records(group: group(), list(9) { PathRecord(path: $0.path(), record: $0.record()) })
    case 2: .recordsEnd(group: group())
    case 3: .answersEnd(group: group())
    case 4: .want(list(5) { $0.want() })
    case 5: .content(list(5) { $0.piece() })
    case 6: .listing(group: group(), list(5) { $0.row() })
    case 7: .listingEnd(group: group())
    case 8:
      .forecast(
        group: group(),
        list(5) { Forecast(path: $0.path(), deed: $0.dice.pick(Forecast.Deed.allCases)) })
    case 9: .done(summary())
    case 10: .alive
    case 11: .history(group: group(), list(4) { $0.pathSteps() }, list(4) { $0.stamp() })
    case 12: .configuration(group: group(), text())
    default:
      .stop(
        StopReason(
          kind: dice.pick([.fault, .renewed, .outdated, .trouble, .twins, .refused]), text: text()))
    }
  }

  mutating func list<Element>(
    _ most: Int, _ make: (inout RandomMessages) -> Element
  ) -> [Element] {
    var out: [Element] = []
    for _ in 0..<dice.below(most + 1) { out.append(make(&self)) }
    return out
  }

  private mutating func group() -> Int { dice.oneIn(9) ? Limits.groups : dice.below(4) }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: dice.next()) }
  }

  private mutating func text() -> String { dice.pick(["", "a", "grün", "日本", "x\u{1B}[2J"]) }

  /// Numbers at the edges of each width, up to the limit.
  mutating func number(_ limit: UInt64) -> UInt64 {
    let edges: [UInt64] = [
      0, 1, 23, 24, 255, 256, 65_535, 65_536, 0xFFFF_FFFF, 1 << 32, limit - 1, limit,
    ]
    return min(limit, dice.oneIn(2) ? dice.pick(edges) : dice.next() % limit)
  }

  mutating func digest() -> Digest { Digest(bytes(32)) ?? .zero }

  private mutating func replica() -> ReplicaID {
    ReplicaID(high: UInt64(dice.below(3)), low: dice.oneIn(5) ? .max : 7)
  }

  mutating func dot() -> Dot { Sample.dot(replica(), 1 + number(Dot.sequenceLimit - 1)) }

  mutating func vector() -> VersionVector {
    var vector = VersionVector()
    for _ in 0..<dice.below(5) { vector.insert(dot()) }
    return vector
  }

  mutating func path() -> TreePath {
    var path = Sample.path(dice.oneIn(4) ? "%web%" : "/w")
    for _ in 0..<dice.below(4) {
      let name = dice.oneIn(8) ? 255 : 1 + dice.below(3)
      let component = bytes(name).map { $0 == 0 || $0 == 47 || $0 == 46 ? 45 : $0 }
      path = path.child(component) ?? path
    }
    return path
  }

  // MARK: Records

  private mutating func timestamp() -> Timestamp {
    Timestamp(
      seconds: dice.pick([0, -1, .min, .max, 4_000_000_000]),
      nanoseconds: dice.pick([0, 999_999_999]))
  }

  mutating func content() -> Content {
    switch dice.below(6) {
    case 4:
      .device(
        DeviceNode(
          isBlock: dice.oneIn(2), major: UInt32(dice.below(4_096)),
          minor: UInt32(dice.below(1 << 20))))
    case 0: .absent
    case 1: .directory
    case 2: .fifo
    case 3: .symlink(target: bytes(dice.oneIn(5) ? 4_095 : 3).map { $0 == 0 ? 1 : $0 })
    default:
      .file(
        FileContent(
          digest: digest(), size: number(ValueLimits.fileSize), modified: timestamp(),
          isBirth: dice.oneIn(2)))
    }
  }

  private mutating func principal() -> Principal {
    dice.oneIn(2)
      ? .number(dice.pick([0, 1, 60_001, .max]))
      : .name(dice.pick([[0x61], [0xFF], [0x2D, 0x31]]))
  }

  mutating func attributes() -> Attributes {
    Attributes(
      mode: Mode(bits: UInt16(dice.below(0o10000))),
      owner: Owner(user: principal(), group: principal()), acl: acl())
  }

  private mutating func acl() -> AccessList {
    if dice.oneIn(2) { return .none }
    func entries(_ random: inout RandomMessages) -> [AccessEntry] {
      var out = [AccessEntry(.owningGroup, permissions: UInt8(random.dice.below(8)))]
      if random.dice.oneIn(2) { out.append(AccessEntry(.user, random.principal(), permissions: 5)) }
      return out
    }
    return AccessList(access: entries(&self), inherited: dice.oneIn(3) ? entries(&self) : [])
  }

  mutating func record() -> Record {
    var record = Record(vector: vector())
    if dice.oneIn(3) {
      let dot = dot()
      let attributes = attributes()
      record.vector.insert(dot)
      record.content = Register(dot, content())
      record.mode = Register(dot, attributes.mode)
      record.owner = Register(dot, attributes.owner)
      record.acl = Register(dot, attributes.acl)
      return record
    }
    record.content = register { $0.content() }
    record.mode = register { $0.attributes().mode }
    record.owner = register { $0.attributes().owner }
    record.acl = register { $0.acl() }
    for dot in record.dots { record.vector.insert(dot) }
    return record
  }

  private mutating func register<Value>(
    _ value: (inout RandomMessages) -> Value
  ) -> Register<Value> {
    let dots = Set((0..<dice.below(4)).map { _ in dot() }).sorted()
    let siblings = dots.map { Register<Value>.Sibling(dot: $0, value: value(&self)) }
    return Register(sorted: siblings) ?? Register()
  }

  // MARK: Parts

  private mutating func want() -> Want {
    var want = Want(
      number: number(.max), group: group(), path: path(), digest: digest(),
      size: number(ValueLimits.fileSize))
    if dice.below(3) == 0 { want.offset = dice.next() % (want.size + 1) }
    if dice.below(3) == 0 { want.former = digest() }
    return want
  }

  private mutating func piece() -> ContentPiece {
    ContentPiece(
      number: number(.max), kind: dice.pick([.part, .last, .refusal, .copy, .hole]),
      bytes: bytes(dice.below(300)))
  }

  private mutating func row() -> ListingRow {
    ListingRow(path: path(), content: content(), attributes: attributes())
  }

  private mutating func summary() -> Summary {
    var summary = Summary()
    summary.installed = number(.max)
    summary.removed = number(.max)
    summary.conflicts = number(.max)
    summary.pending = number(.max)
    summary.problems = list(Limits.problems) { $0.text() }
    summary.changes = list(5) { Summary.Change(path: $0.path(), isRemoval: $0.dice.oneIn(2)) }
    summary.refusals = list(3) {
      Summary.Refusal(group: $0.group(), path: $0.path(), text: $0.text())
    }
    return summary
  }

  private mutating func look() -> LookScope {
    if dice.oneIn(2) { return dice.pick([.everything, .rereading]) }
    return .parts(list(3) { $0.list(3) { $0.path() } })
  }

  private mutating func greeting() -> Greeting {
    Greeting(
      purpose: dice.pick([.synchronise, .forecast, .verify]), look: look(),
      replica: replica(), last: number(Dot.sequenceLimit),
      meeting: Meeting(
        peerReplica: dice.oneIn(2) ? nil : replica(), count: number(Dot.sequenceLimit),
        nonces: list(Meeting.memory) { $0.bytes(Meeting.nonceBytes) },
        confirmed: bytes(dice.pick([0, Meeting.nonceBytes])), fresh: bytes(16)),
      groups: list(3) { $0.groupGreeting() }, ownHost: dice.pick(["a", "host-2"]),
      seconds: number(Dot.sequenceLimit))
  }

  private mutating func groupGreeting() -> GroupGreeting {
    let known = Set(list(4) { $0.replica() }).sorted()
    // Members often know the same.
    let vectors = [vector(), vector(), vector()]
    return GroupGreeting(
      configuration: digest(), refusal: text(), knowledge: vectors[0],
      replicas: known.map { KnownReplica(replica: $0, host: "h") },
      exchanged: Set(list(4) { $0.replica() }).sorted(),
      members: ["x", "y", "z", "zz"].map {
        KnownMember(host: $0, replica: replica(), knowledge: dice.pick(vectors))
      },
      retired: known.map {
        RetiredReplica(
          replica: $0, host: "h", last: number(Dot.sequenceLimit), seconds: number(5), by: "x")
      })
  }
}
