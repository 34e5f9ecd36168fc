package import Model

extension Dice {
  /// A vector over replicas a, b and c with numbers up to `limit`.
  package mutating func vector(limit: Int = 3) -> VersionVector {
    var numbers: [ReplicaID: UInt64] = [:]
    for replica in [a, b, c] { numbers[replica] = UInt64(below(limit + 1)) }
    return TestKit.vector(numbers)
  }

  /// A record that holds, in each register, any of the events that it has seen.
  ///
  /// An event has the same value wherever it stands, unless `twins` are asked for: then it may have
  /// another one, or both.
  package mutating func record(twins: Bool = false) -> Record {
    let vector = vector()
    let dots = (0..<4).map { _ in events(of: vector) }
    let one = record(vector, dots, twins: twins)
    return twins ? one.joined(record(vector, dots, twins: true)) : one
  }

  private mutating func events(of vector: VersionVector) -> [Dot] {
    var out: [Dot] = []
    for entry in vector.entries {
      for sequence in 1...entry.sequence where chance(50) {
        out.append(TestKit.dot(entry.replica, sequence))
      }
    }
    return out
  }

  private mutating func record(_ vector: VersionVector, _ dots: [[Dot]], twins: Bool) -> Record {
    var record = Record(vector: vector)
    record.content = register(dots[0], twins: twins) { file($0) }
    record.mode = register(dots[1], twins: twins) { mode($0) }
    record.owner = register(dots[2], twins: twins) { ownerWithTwoFaces($0) }
    record.acl = register(dots[3], twins: twins) { acl($0) }
    return record
  }

  private mutating func register<Value: RegisterValue>(
    _ dots: [Dot], twins: Bool, _ value: (Int) -> Value
  ) -> Register<Value> {
    var values: [Dot: Value] = [:]
    for dot in dots {
      let number = Int(dot.sequence + dot.replica.high) % 3 + 1
      values[dot] = value(twins ? number + below(2) : number)
    }
    return TestKit.register(values)
  }
}

/// Owners that look alike on a screen and are not: the superuser's number and a user named `root`.
private func ownerWithTwoFaces(_ number: Int) -> Owner {
  let root: Principal = number % 2 == 0 ? .number(0) : .name(Array("root".utf8))
  return Owner(user: root, group: number < 3 ? root : .number(0))
}
