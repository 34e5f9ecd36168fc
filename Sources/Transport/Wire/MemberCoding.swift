import Model

// Most members of a group know the same. So each vector is written once, and then by a number: 0 is
// what the greeting's host knows itself, n the n-th of the vectors in the list.
extension CBORWriter {
  mutating func write(_ members: [KnownMember], beside own: VersionVector) {
    var numbers = [own: UInt64(0)]
    array(members.count)
    for member in members {
      array(3)
      text(member.host)
      bytes(member.replica.bytes)
      if let number = numbers[member.knowledge] {
        uint(number)
      } else {
        write(member.knowledge)
        numbers[member.knowledge] = UInt64(numbers.count)
      }
    }
  }
}

extension CBORReader {
  mutating func readMembers(beside own: VersionVector) throws(WireFault) -> [KnownMember] {
    var vectors = [own]
    var known: Set<VersionVector> = [own]
    return try readList(Limits.members) { reader throws(WireFault) in
      try reader.readArrayHeader(exactly: 3)
      let host = try reader.readText(max: Limits.nameBytes)
      let replica = try reader.readReplica()
      let start = reader.offset
      if reader.majorType == 0 {
        let number = try reader.readUInt(max: UInt64(vectors.count - 1))
        return KnownMember(host: host, replica: replica, knowledge: vectors[Int(number)])
      }
      let vector = try reader.readVector()
      // One way to write it: what was said is not said again.
      guard known.insert(vector).inserted else { throw WireFault(.badValue, at: start) }
      vectors.append(vector)
      return KnownMember(host: host, replica: replica, knowledge: vector)
    }
  }
}
