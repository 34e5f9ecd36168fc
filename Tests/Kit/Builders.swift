package import Model

/// A replica from a small number: numbers and replicas sort alike.
package func replica(_ number: UInt64) -> ReplicaID { ReplicaID(high: number, low: 0) }

package let a = replica(1)
package let b = replica(2)
package let c = replica(3)

/// A dot; traps if there is no such number.
package func dot(_ replica: ReplicaID, _ sequence: UInt64) -> Dot {
  guard let dot = Dot(replica, sequence) else { preconditionFailure("no dot \(sequence)") }
  return dot
}

/// A vector from the highest number of each replica.
package func vector(_ numbers: [ReplicaID: UInt64]) -> VersionVector {
  var vector = VersionVector()
  for (replica, sequence) in numbers where sequence > 0 { vector.insert(dot(replica, sequence)) }
  return vector
}

/// A register from its siblings, in any order.
package func register<Value: RegisterValue>(_ siblings: [Dot: Value]) -> Register<Value> {
  var register = Register<Value>()
  for (dot, value) in siblings { register.replace([], with: dot, value) }
  return register
}

/// A file whose bytes are told apart by one number.
package func file(_ number: Int, isBirth: Bool = false) -> Content {
  guard let digest = Digest([UInt8](repeating: UInt8(number), count: Digest.byteCount)) else {
    preconditionFailure("no digest of \(number)")
  }
  return .file(
    FileContent(
      digest: digest, size: UInt64(number), modified: Timestamp(seconds: 0, nanoseconds: 0),
      isBirth: isBirth))
}

package func mode(_ number: Int) -> Mode { Mode(bits: UInt16(number)) }

package func owner(_ number: Int) -> Owner {
  Owner(user: .number(UInt32(number)), group: .number(UInt32(number)))
}

/// An access list that names one user; 0: none.
package func acl(_ number: Int) -> AccessList {
  if number == 0 { return .none }
  return AccessList(access: [
    AccessEntry(.user, .number(UInt32(number)), permissions: 4)
  ])
}

/// What a look at the disk found.
package func observation(
  _ content: Content, mode: Mode = mode(0), owner: Owner = owner(0), acl: AccessList = .none
) -> Observation {
  let never = Timestamp(seconds: 0, nanoseconds: 0)
  return Observation(
    content: content, mode: mode, owner: owner, acl: acl,
    stat: FileStat(
      kind: .file, device: 1, inode: 1, size: 0, modified: never, changed: never, mode: 0,
      uid: 0, gid: 0, links: 1))
}

/// A record with one event in all four registers.
package func record(_ dot: Dot, _ content: Content, mode: Mode = mode(0)) -> Record {
  var record = Record(vector: vector([dot.replica: dot.sequence]))
  record.content = Register(dot, content)
  record.mode = Register(dot, mode)
  record.owner = Register(dot, owner(0))
  record.acl = Register(dot, AccessList.none)
  return record
}

/// A disk that shows all that a settled record says.
package func shown(_ record: Record) -> Shown { Shown.nothing.displaying(record) }
