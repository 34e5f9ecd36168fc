import Model

/// History: the replicas that it names stand once, before it, in the order in which they are named.
///
///     history = [kind, group, [*replica], [*[path, [*step]]], [*stamp]]
///     stamp   = [replica number, first, last, seconds, user]
extension CBORWriter {
  mutating func writeHistory(_ paths: [PathSteps], _ stamps: [Stamp]) {
    var short = Shorthand(ownerLimit: 0)
    var body = CBORWriter(capacity: paths.count * 200 + stamps.count * 32 + 16)
    body.array(paths.count)
    for item in paths {
      body.array(2)
      body.bytes(item.path.key)
      body.array(item.steps.count)
      for step in item.steps { body.write(step, &short) }
    }
    body.array(stamps.count)
    for stamp in stamps {
      body.array(5)
      body.uint(short.number(of: stamp.replica))
      body.uint(stamp.first)
      body.uint(stamp.last)
      body.int(stamp.seconds)
      body.text(stamp.user.limited(to: HistoryLimits.userBytes))
    }
    array(short.replicas.count)
    for replica in short.replicas { bytes(replica.bytes) }
    append(body.bytes)
  }
}

extension CBORReader {
  mutating func readHistory() throws(WireFault) -> ([PathSteps], [Stamp]) {
    let start = offset
    let list = try readList(Limits.vectorEntries) { reader throws(WireFault) in
      try reader.readReplica()
    }
    guard Set(list).count == list.count else { throw WireFault(.badOrder, at: start) }
    // Each number is first named when all below it have been.
    var named: UInt64 = 0
    func replica(_ number: UInt64) -> ReplicaID? {
      guard number <= named, number < UInt64(list.count) else { return nil }
      if number == named { named += 1 }
      return list[Int(number)]
    }
    let paths = try readList(Limits.records) { reader throws(WireFault) in
      try reader.readPathSteps(replica)
    }
    let stamps = try readList(HistoryLimits.runs) { reader throws(WireFault) in
      try reader.readStamp(replica)
    }
    guard named == UInt64(list.count) else { throw WireFault(.missing, at: start) }
    return (paths, stamps)
  }

  private mutating func readPathSteps(
    _ replica: (UInt64) -> ReplicaID?
  ) throws(WireFault) -> PathSteps {
    try readArrayHeader(exactly: 2)
    let path = try readPath()
    let start = offset
    let steps = try readList(HistoryLimits.stepsOfPath) { reader throws(WireFault) in
      try reader.readStep(replica)
    }
    for (left, right) in zip(steps, steps.dropFirst()) where left.dot >= right.dot {
      throw WireFault(.badOrder, at: start)
    }
    return PathSteps(path: path, steps: steps)
  }

  private mutating func readStamp(
    _ replica: (UInt64) -> ReplicaID?
  ) throws(WireFault) -> Stamp {
    try readArrayHeader(exactly: 5)
    let start = offset
    let first = try readDot(replica)
    let last = try readUInt(max: Dot.sequenceLimit)
    guard last >= first.sequence else { throw WireFault(.badOrder, at: start) }
    let seconds = try readInt()
    return Stamp(
      replica: first.replica, first: first.sequence, last: last, seconds: seconds,
      user: try readText(max: HistoryLimits.userBytes))
  }
}
