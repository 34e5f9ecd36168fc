import Model

/// Random values from a seed (SplitMix64): a failure names the seed that shows it again.
struct RecordChance: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
  mutating func oneIn(_ limit: Int) -> Bool { below(limit) == 0 }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
  }
}

// Entries of every kind, the odd ones too.
extension RecordChance {
  mutating func replica() -> ReplicaID { ReplicaID(high: UInt64(below(5)), low: 7) }

  mutating func dot() -> Dot {
    let sequence = oneIn(20) ? Dot.sequenceLimit : UInt64(1 + below(oneIn(2) ? 5 : 100_000))
    return Dot(replica(), sequence) ?? Dot(replica(), 1)!
  }

  mutating func timestamp() -> Timestamp {
    Timestamp(
      seconds: oneIn(9) ? .random(in: .min ... .max, using: &self) : Int64(below(2_000_000_000)),
      nanoseconds: UInt32(below(1_000_000_000)))
  }

  mutating func digest() -> Digest { Digest(bytes(32))! }

  mutating func content() -> Content {
    switch below(9) {
    case 4:
      .device(
        DeviceNode(
          isBlock: oneIn(2), major: UInt32(below(4_096)), minor: UInt32(below(1 << 20))))
    case 0: .absent
    case 1: .directory
    case 2: .fifo
    case 3: .symlink(target: (0..<(1 + below(40))).map { _ in UInt8(1 + below(255)) })
    default:
      .file(
        FileContent(
          digest: digest(), size: oneIn(9) ? 1 << 62 : UInt64(below(100_000)),
          modified: timestamp(), isBirth: oneIn(2)))
    }
  }

  mutating func mode() -> Mode { Mode(bits: UInt16(below(4096))) }

  mutating func principal() -> Principal {
    oneIn(3) ? .number(UInt32(below(70_000))) : .name(Array("user\(below(20))".utf8))
  }

  mutating func owner() -> Owner {
    let numbers = Owner.Numbers(user: UInt32(below(70_000)), group: UInt32(below(70_000)))
    return Owner(user: principal(), group: principal(), numbers: oneIn(2) ? numbers : nil)
  }

  mutating func acl() -> AccessList {
    if !oneIn(3) { return .none }
    func entries(_ chance: inout RecordChance) -> [AccessEntry] {
      let named = Set((0..<chance.below(4)).map { _ in chance.principal() }).sorted()
      return [AccessEntry(.owningGroup, permissions: 5)]
        + named.map { AccessEntry(chance.oneIn(2) ? .user : .group, $0, permissions: 6) }
    }
    return AccessList(access: entries(&self), inherited: oneIn(2) ? entries(&self) : [])
  }

  mutating func register<Value>(_ value: (inout RecordChance) -> Value) -> Register<Value> {
    let dots = Set((0..<(oneIn(4) ? below(4) : 1)).map { _ in dot() }).sorted()
    return Register(sorted: dots.map { .init(dot: $0, value: value(&self)) })!
  }

  mutating func record() -> Record {
    var record = Record(vector: VersionVector())
    if oneIn(2) {
      let dot = dot()
      record.content = Register(dot, content())
      record.mode = Register(dot, mode())
      record.owner = Register(dot, owner())
      record.acl = Register(dot, acl())
    } else {
      record.content = register { $0.content() }
      record.mode = register { $0.mode() }
      record.owner = register { $0.owner() }
      record.acl = register { $0.acl() }
    }
    // A vector that lacks its dots is never made; it must survive all the same.
    if !oneIn(10) { for dot in record.dots { record.vector.insert(dot) } }
    for _ in 0..<(oneIn(2) ? 0 : below(5)) { record.vector.insert(dot()) }
    return record
  }

  mutating func shown(_ record: Record) -> Shown {
    if oneIn(4) { return .nothing }
    func value<V>(_ register: Register<V>, _ chance: inout RecordChance, _ other: V) -> ShownValue<
      V
    > {
      if let settled = register.settled, !chance.oneIn(5) {
        return ShownValue(dots: register.dots, value: settled)
      }
      return ShownValue(dots: chance.oneIn(2) ? [] : [chance.dot()], value: other)
    }
    let content = value(record.content, &self, content())
    if content.value.isAbsent && !oneIn(5) { return Shown(content: content, attributes: nil) }
    return Shown(
      content: content,
      attributes: ShownAttributes(
        mode: value(record.mode, &self, mode()), owner: value(record.owner, &self, owner()),
        acl: value(record.acl, &self, acl())))
  }

  mutating func stat(_ shown: Shown) -> FileStat {
    var stat = FileStat(
      kind: FileStat.Kind(rawValue: UInt8(1 + below(6)))!, device: 0, inode: next(),
      size: oneIn(2) ? next() : 4096, modified: timestamp(), changed: timestamp(),
      mode: UInt16(below(4096)), uid: UInt32(below(70_000)), gid: .max, links: 0)
    if case .file(let file) = shown.content.value, !oneIn(4) {
      (stat.kind, stat.size, stat.modified) = (.file, file.size, file.modified)
      stat.mode = shown.attributes?.mode.value.bits ?? 0
    }
    if oneIn(3) { stat.changed = stat.modified }
    return stat
  }

  mutating func path() -> TreePath {
    var path = TreePath(oneIn(2) ? "/\(below(3))" : "%web%")!
    for _ in 0..<below(4) { path = path.child([UInt8(46 + below(3)), 97] + bytes8()) ?? path }
    return path
  }

  private mutating func bytes8() -> [UInt8] {
    bytes(below(4)).filter { $0 != 0 && $0 != UInt8(ascii: "/") }
  }

  mutating func entry() -> Entry {
    let record = record()
    let shown = shown(record)
    var entry = Entry(
      path: path(), record: record, shown: shown, state: EntryState(rawValue: Int64(below(128))))
    if oneIn(2) { entry.seen = stat(shown) }
    if oneIn(4) { entry.held = [Held(.owner, "user \"shop\" is unknown here"), Held(.mode, "")] }
    if oneIn(4) { entry.decided = decision() }
    return entry
  }

  mutating func decision() -> Entry.Decision {
    let dots = Set((0..<(1 + below(4))).map { _ in dot() }).sorted()
    var values = ResolvedValues()
    if oneIn(2) { values.content = content() }
    if oneIn(2) { values.mode = mode() }
    if oneIn(2) { values.owner = owner() }
    if oneIn(2) || values.fields.isEmpty { values.acl = acl() }
    return Entry.Decision(
      values: values, dots: dots, isMerged: values.content != nil && oneIn(3))
  }
}
