import Model

extension CBORWriter {
  mutating func write(_ greeting: Greeting) {
    array(8)
    uint(UInt64(greeting.purpose.rawValue))
    write(greeting.look)
    bytes(greeting.replica.bytes)
    uint(greeting.last)
    write(greeting.meeting)
    array(greeting.groups.count)
    for group in greeting.groups { write(group) }
    text(greeting.ownHost)
    uint(greeting.seconds)
  }

  private mutating func write(_ look: LookScope) {
    switch look {
    case .everything: uint(0)
    case .rereading: uint(1)
    case .parts(let groups):
      array(groups.count)
      for paths in groups {
        array(paths.count)
        for path in paths { bytes(path.key) }
      }
    }
  }

  private mutating func write(_ meeting: Meeting) {
    array(5)
    bytes(meeting.peerReplica?.bytes ?? [])
    uint(meeting.count)
    bytes(meeting.nonces.flatMap { $0 })
    bytes(meeting.confirmed)
    bytes(meeting.fresh)
  }

  private mutating func write(_ group: GroupGreeting) {
    array(7)
    bytes(group.configuration.bytes)
    text(group.refusal.limited(to: Limits.textBytes))
    write(group.knowledge)
    array(group.replicas.count)
    for known in group.replicas {
      array(2)
      bytes(known.replica.bytes)
      text(known.host)
    }
    array(group.exchanged.count)
    for replica in group.exchanged { bytes(replica.bytes) }
    write(group.members, beside: group.knowledge)
    array(group.retired.count)
    for retired in group.retired {
      array(5)
      bytes(retired.replica.bytes)
      text(retired.host)
      uint(retired.last)
      uint(retired.seconds)
      text(retired.by)
    }
  }

  mutating func write(_ vector: VersionVector) {
    array(vector.entries.count)
    for entry in vector.entries {
      array(2)
      bytes(entry.replica.bytes)
      uint(entry.sequence)
    }
  }
}

extension CBORReader {
  mutating func readGreeting() throws(WireFault) -> Greeting {
    let start = offset
    try readArrayHeader(exactly: 8)
    guard let purpose = Purpose(rawValue: UInt8(try readUInt(max: 255))) else {
      throw WireFault(.wrongType, at: start)
    }
    let look = try readLook()
    let replica = try readReplica()
    let last = try readUInt(max: Dot.sequenceLimit)
    let meeting = try readMeeting()
    let groups = try readList(Limits.groups) { reader throws(WireFault) in
      try reader.readGroupGreeting()
    }
    let host = try readText(max: Limits.nameBytes)
    let seconds = try readUInt(max: Dot.sequenceLimit)
    return Greeting(
      purpose: purpose, look: look, replica: replica, last: last, meeting: meeting,
      groups: groups, ownHost: host, seconds: seconds)
  }

  private mutating func readLook() throws(WireFault) -> LookScope {
    guard majorType == 4 else {
      return try readUInt(max: 1) == 0 ? .everything : .rereading
    }
    return .parts(
      try readList(Limits.groups) { reader throws(WireFault) in
        try reader.readList(Limits.lookParts) { reader throws(WireFault) in
          try reader.readPath()
        }
      })
  }

  private mutating func readMeeting() throws(WireFault) -> Meeting {
    try readArrayHeader(exactly: 5)
    let start = offset
    let replica = try readBytes(max: ReplicaID.byteCount)
    guard replica.isEmpty || replica.count == ReplicaID.byteCount else {
      throw WireFault(.wrongType, at: start)
    }
    return Meeting(
      peerReplica: ReplicaID(replica), count: try readUInt(max: Dot.sequenceLimit),
      nonces: try readNonces(), confirmed: try readBytes(max: Meeting.nonceBytes),
      fresh: try readBytes(max: 32))
  }

  private mutating func readNonces() throws(WireFault) -> [[UInt8]] {
    let start = offset
    let bytes = try readBytes(max: Meeting.memory * Meeting.nonceBytes)
    guard let nonces = Meeting.nonces(bytes) else { throw WireFault(.badValue, at: start) }
    return nonces
  }

  private mutating func readGroupGreeting() throws(WireFault) -> GroupGreeting {
    try readArrayHeader(exactly: 7)
    let configuration = try readDigest()
    let refusal = try readText(max: Limits.textBytes)
    let knowledge = try readVector()
    let replicas = try readList(Limits.vectorEntries) { reader throws(WireFault) in
      try reader.readArrayHeader(exactly: 2)
      return KnownReplica(
        replica: try reader.readReplica(), host: try reader.readText(max: Limits.nameBytes))
    }
    let exchanged = try readList(Limits.vectorEntries) { reader throws(WireFault) in
      try reader.readReplica()
    }
    let members = try readMembers(beside: knowledge)
    return GroupGreeting(
      configuration: configuration, refusal: refusal, knowledge: knowledge, replicas: replicas,
      exchanged: exchanged, members: members, retired: try readRetired())
  }

  private mutating func readRetired() throws(WireFault) -> [RetiredReplica] {
    var last: ReplicaID?
    return try readList(Limits.vectorEntries) { reader throws(WireFault) in
      try reader.readArrayHeader(exactly: 5)
      let start = reader.offset
      let replica = try reader.readReplica()
      if let last, last >= replica { throw WireFault(.badOrder, at: start) }
      last = replica
      return RetiredReplica(
        replica: replica, host: try reader.readText(max: Limits.nameBytes),
        last: try reader.readUInt(max: Dot.sequenceLimit),
        seconds: try reader.readUInt(max: Dot.sequenceLimit),
        by: try reader.readText(max: Limits.nameBytes))
    }
  }

  mutating func readVector() throws(WireFault) -> VersionVector {
    let start = offset
    let entries = try readList(Limits.vectorEntries) { reader throws(WireFault) in
      try reader.readArrayHeader(exactly: 2)
      return VersionVector.Entry(
        replica: try reader.readReplica(), sequence: try reader.readUInt(max: Dot.sequenceLimit))
    }
    guard let vector = VersionVector(sorted: entries) else {
      throw WireFault(.badOrder, at: start)
    }
    return vector
  }

  mutating func readReplica() throws(WireFault) -> ReplicaID {
    let start = offset
    guard let replica = ReplicaID(try readSlice(max: ReplicaID.byteCount)) else {
      throw WireFault(.wrongType, at: start)
    }
    return replica
  }

  /// An array of at most `max` elements.
  mutating func readList<Element>(
    _ max: Int, _ read: (inout CBORReader) throws(WireFault) -> Element
  ) throws(WireFault) -> [Element] {
    let count = try readArrayHeader(max: max)
    var out: [Element] = []
    // Each element takes a byte at least: no more is reserved than the peer has really sent.
    out.reserveCapacity(min(count, remaining))
    for _ in 0..<count { out.append(try read(&self)) }
    return out
  }
}
