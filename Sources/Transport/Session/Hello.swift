package import Model

/// The first and only words before authentication: who calls, whom, and proofs of shared keys.
///
/// Both are CBOR maps with numbers for keys. Proofs stand last, so that a hello *without proofs* is
/// the same map with one pair fewer; a proof covers it. This form is the same in every version.
package struct ClientHello: Hashable, Sendable {
  /// The protocol versions that the client speaks.
  package var versions: ClosedRange<UInt32>
  /// The client's own name.
  package var client: String
  /// The name of the host that it wants to reach.
  package var server: String
  /// `Limits.nonceBytes` random bytes.
  package var nonce: [UInt8]
  /// One proof for each shared group, ascending, so that their order says nothing.
  package var proofs: [[UInt8]] = []

  package init(
    versions: ClosedRange<UInt32>, client: String, server: String, nonce: [UInt8],
    proofs: [[UInt8]] = []
  ) {
    self.versions = versions
    self.client = client
    self.server = server
    self.nonce = nonce
    self.proofs = proofs
  }

  /// `{1: [oldest, newest], 2: client, 3: server, 4: nonce, 5: proofs}`; without proofs no 5.
  package func encoded(withProofs: Bool = true) -> [UInt8] {
    var out = CBORWriter()
    out.map(withProofs ? 5 : 4)
    out.uint(1)
    writeVersions(versions, to: &out)
    out.uint(2)
    out.text(client)
    out.uint(3)
    out.text(server)
    out.uint(4)
    out.bytes(nonce)
    if withProofs { writeProofs(proofs, to: &out) }
    return out.bytes
  }

  /// Throws unless the bytes are exactly what `encoded()` writes for some hello.
  package init(decoding bytes: [UInt8]) throws(WireFault) {
    var reader = CBORReader(bytes)
    try reader.expectMap(5)
    try reader.expectKey(1)
    versions = try reader.readVersions()
    try reader.expectKey(2)
    client = try reader.readName()
    try reader.expectKey(3)
    server = try reader.readName()
    try reader.expectKey(4)
    nonce = try reader.readExactly(Limits.nonceBytes)
    proofs = try reader.readProofs()
    try reader.finish()
  }
}

/// The server's answer, sent only to a client that has proven a group key.
package struct ServerHello: Hashable, Sendable {
  /// The protocol versions that the server speaks; the highest in both ranges is spoken.
  package var versions: ClosedRange<UInt32>
  /// The server's own name, which must be the one the client wanted.
  package var server: String
  /// `Limits.nonceBytes` random bytes.
  package var nonce: [UInt8]
  /// One proof for each group that the client has proven, ascending.
  package var proofs: [[UInt8]] = []

  package init(
    versions: ClosedRange<UInt32>, server: String, nonce: [UInt8], proofs: [[UInt8]] = []
  ) {
    self.versions = versions
    self.server = server
    self.nonce = nonce
    self.proofs = proofs
  }

  /// `{1: [oldest, newest], 3: server, 4: nonce, 5: proofs}`; without proofs no 5.
  package func encoded(withProofs: Bool = true) -> [UInt8] {
    var out = CBORWriter()
    out.map(withProofs ? 4 : 3)
    out.uint(1)
    writeVersions(versions, to: &out)
    out.uint(3)
    out.text(server)
    out.uint(4)
    out.bytes(nonce)
    if withProofs { writeProofs(proofs, to: &out) }
    return out.bytes
  }

  /// Throws unless the bytes are exactly what `encoded()` writes for some hello.
  package init(decoding bytes: [UInt8]) throws(WireFault) {
    var reader = CBORReader(bytes)
    try reader.expectMap(4)
    try reader.expectKey(1)
    versions = try reader.readVersions()
    try reader.expectKey(3)
    server = try reader.readName()
    try reader.expectKey(4)
    nonce = try reader.readExactly(Limits.nonceBytes)
    proofs = try reader.readProofs()
    try reader.finish()
  }
}

private func writeVersions(_ versions: ClosedRange<UInt32>, to out: inout CBORWriter) {
  out.array(2)
  out.uint(UInt64(versions.lowerBound))
  out.uint(UInt64(versions.upperBound))
}

private func writeProofs(_ proofs: [[UInt8]], to out: inout CBORWriter) {
  out.uint(5)
  out.array(proofs.count)
  for proof in proofs { out.bytes(proof) }
}

extension CBORReader {
  fileprivate mutating func expectMap(_ pairs: Int) throws(WireFault) {
    let start = offset
    let count = try readMapHeader(max: pairs)
    guard count == pairs else { throw WireFault(.missing, at: start) }
  }

  fileprivate mutating func expectKey(_ key: UInt64) throws(WireFault) {
    let start = offset
    guard try readUInt() == key else { throw WireFault(.unknownKey, at: start) }
  }

  // Version 0 does not exist.
  fileprivate mutating func readVersions() throws(WireFault) -> ClosedRange<UInt32> {
    let start = offset
    guard try readArrayHeader(max: 2) == 2 else { throw WireFault(.missing, at: start) }
    let oldest = UInt32(truncatingIfNeeded: try readUInt(max: UInt64(UInt32.max)))
    let newest = UInt32(truncatingIfNeeded: try readUInt(max: UInt64(UInt32.max)))
    guard oldest >= 1, oldest <= newest else { throw WireFault(.badValue, at: start) }
    return oldest...newest
  }

  fileprivate mutating func readName() throws(WireFault) -> String {
    let start = offset
    let name = try readText(max: Limits.nameBytes)
    guard !name.isEmpty else { throw WireFault(.badValue, at: start) }
    return name
  }

  fileprivate mutating func readExactly(_ count: Int) throws(WireFault) -> [UInt8] {
    let start = offset
    let bytes = try readBytes(max: count)
    guard bytes.count == count else { throw WireFault(.badValue, at: start) }
    return bytes
  }

  fileprivate mutating func readProofs() throws(WireFault) -> [[UInt8]] {
    try expectKey(5)
    let start = offset
    let count = try readArrayHeader(max: Limits.proofs)
    guard count >= 1 else { throw WireFault(.badValue, at: start) }
    var proofs: [[UInt8]] = []
    proofs.reserveCapacity(count)
    for _ in 0..<count {
      let place = offset
      let proof = try readExactly(Limits.proofBytes)
      if let last = proofs.last, !last.lexicographicallyPrecedes(proof) {
        throw WireFault(.badOrder, at: place)
      }
      proofs.append(proof)
    }
    return proofs
  }
}
