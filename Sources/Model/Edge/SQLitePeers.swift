package import Model

// Replicas, knowledge, peers and members.
extension SQLiteStore {
  package func replicas(_ group: String) throws(Failure) -> [(replica: ReplicaID, host: String)] {
    guard let number = try number(of: group) else { return [] }
    var out: [(replica: ReplicaID, host: String)] = []
    try database.rows(
      "SELECT replica, host FROM grp_replica WHERE grp = ? ORDER BY replica", [.integer(number)]
    ) { row throws(Failure) in
      out.append((try replica(row.blob(0)), row.text(1)))
    }
    return out
  }

  package func learnReplica(
    _ replica: ReplicaID, host: String, group: String
  ) throws(Failure) {
    try write { () throws(Failure) in
      try database.run(
        "INSERT OR REPLACE INTO grp_replica VALUES (?, ?, ?)",
        [.integer(try makeNumber(of: group)), .blob(replica.bytes), .text(host)])
    }
  }

  package func knowledge(_ group: String) throws(Failure) -> VersionVector {
    let bytes = try database.first(
      "SELECT knowledge FROM grp WHERE name = ?", [.text(group)]
    ) { row throws(Failure) in row.optionalBlob(0) }
    guard let bytes = bytes ?? nil else { return VersionVector() }
    return try vector(bytes)
  }

  package func setKnowledge(_ knowledge: VersionVector, _ group: String) throws(Failure) {
    try write { () throws(Failure) in
      try database.run(
        "UPDATE grp SET knowledge = ? WHERE id = ?",
        [.blob(bytes(of: knowledge)), .integer(try makeNumber(of: group))])
    }
  }

  private static let peerColumns = """
    name, fingerprint, replica, meetings, nonces, confirmed, last_met, trouble, trouble_kind, skew
    """

  package func peer(_ name: String) throws(Failure) -> PeerState? {
    try database.first(
      "SELECT \(Self.peerColumns) FROM peer WHERE name = ?", [.text(name)]
    ) { row throws(Failure) in try peer(row) }
  }

  package func peers() throws(Failure) -> [PeerState] {
    var out: [PeerState] = []
    try database.rows("SELECT \(Self.peerColumns) FROM peer ORDER BY name") {
      row throws(Failure) in out.append(try peer(row))
    }
    return out
  }

  package func put(_ peer: PeerState) throws(Failure) {
    try write { () throws(Failure) in
      try database.run(
        "INSERT OR REPLACE INTO peer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
          .text(peer.name), SQLValue(peer.fingerprint), SQLValue(peer.replica?.bytes),
          .integer(Int64(bitPattern: peer.meetings)), .blob(peer.nonces),
          .blob(peer.confirmed), peer.lastMet.map { .integer($0) } ?? .null,
          .text(peer.trouble), .text(peer.troubleKind),
          peer.skewSeconds.map { .integer($0) } ?? .null,
        ])
    }
  }

  private func peer(_ row: SQLRow) throws(Failure) -> PeerState {
    var peer = PeerState(name: row.text(0))
    peer.fingerprint = row.optionalText(1)
    peer.replica = try optionalReplica(row.optionalBlob(2))
    peer.meetings = UInt64(bitPattern: row.integer(3))
    peer.nonces = row.blob(4)
    peer.confirmed = row.blob(5)
    peer.lastMet = row.isNull(6) ? nil : row.integer(6)
    peer.trouble = row.text(7)
    peer.troubleKind = row.text(8)
    peer.skewSeconds = row.isNull(9) ? nil : row.integer(9)
    return peer
  }

  private static let memberColumns = "host, replica, knowledge, exchanged"

  package func member(_ host: String, _ group: String) throws(Failure) -> MemberState? {
    guard let number = try number(of: group) else { return nil }
    return try database.first(
      "SELECT \(Self.memberColumns) FROM member WHERE grp = ? AND host = ?",
      [.integer(number), .text(host)]
    ) { row throws(Failure) in try member(row) }
  }

  package func members(_ group: String) throws(Failure) -> [MemberState] {
    guard let number = try number(of: group) else { return [] }
    var out: [MemberState] = []
    try database.rows(
      "SELECT \(Self.memberColumns) FROM member WHERE grp = ? ORDER BY host",
      [.integer(number)]
    ) { row throws(Failure) in out.append(try member(row)) }
    return out
  }

  package func put(_ member: MemberState, _ group: String) throws(Failure) {
    try write { () throws(Failure) in
      try database.run(
        "INSERT OR REPLACE INTO member VALUES (?, ?, ?, ?, ?)",
        [
          .integer(try makeNumber(of: group)), .text(member.host),
          SQLValue(member.replica?.bytes), SQLValue(member.knowledge.map { bytes(of: $0) }),
          .blob(member.exchangedReplicas.flatMap(\.bytes)),
        ])
    }
  }

  private func member(_ row: SQLRow) throws(Failure) -> MemberState {
    var member = MemberState(host: row.text(0))
    member.replica = try optionalReplica(row.optionalBlob(1))
    if let bytes = row.optionalBlob(2) { member.knowledge = try vector(bytes) }
    var rest = row.blob(3)[...]
    while !rest.isEmpty {
      member.exchangedReplicas.append(try replica(Array(rest.prefix(ReplicaID.byteCount))))
      rest = rest.dropFirst(ReplicaID.byteCount)
    }
    return member
  }

  private func optionalReplica(_ bytes: [UInt8]?) throws(Failure) -> ReplicaID? {
    guard let bytes else { return nil }
    return try replica(bytes)
  }

  private func replica(_ bytes: [UInt8]) throws(Failure) -> ReplicaID {
    guard let replica = ReplicaID(bytes) else { throw database.damage("a replica is cut off") }
    return replica
  }
}
