import Model

/// Who may talk to this host: makes and checks hellos, proofs and pins (`spec/trust.md`).
///
/// Pure: it decides on values and leaves the socket, the key files and the pins' store to others.
package struct Trust: Sendable {
  /// The TLS application protocol.
  package static let protocolName = "concord/1"
  /// The label of the TLS exporter whose value binds each proof to its connection.
  package static let exporterLabel = "EXPORTER-concord-1-auth"
  /// The protocol versions that this release speaks.
  package static let versions: ClosedRange<UInt32> = 1...1

  /// A group of which both sides have been found members, and the line of the key that showed it.
  package struct Proven: Hashable, Sendable {
    package var group: String
    /// Index in `GroupSecret.keys`.
    package var line: Int

    package init(group: String, line: Int) {
      self.group = group
      self.line = line
    }
  }

  /// What a server knows of a client whose proofs are right.
  package struct Admitted: Sendable {
    package var hello: ClientHello
    /// Sorted by name, one at least.
    package var groups: [Proven]
  }

  package let ownName: String
  private let secrets: [GroupSecret]
  private let sealing: any Sealing
  private let versions: ClosedRange<UInt32>

  /// `secrets` are this host's groups; those that it is not a member of count for nothing.
  package init(
    ownName: String, secrets: [GroupSecret], sealing: any Sealing,
    versions: ClosedRange<UInt32> = Trust.versions
  ) {
    self.ownName = ownName
    self.secrets = secrets.filter { $0.members.contains(ownName) }.sorted { $0.name < $1.name }
    self.sealing = sealing
    self.versions = versions
  }

  /// The context of the exporter: the digests of the client's and the server's public key.
  package static func exporterContext(
    clientKey: [UInt8], serverKey: [UInt8], sealing: any Sealing
  ) -> [UInt8] {
    sealing.digest(clientKey) + sealing.digest(serverKey)
  }

  /// `sha256:` and the hexadecimal digest of a SubjectPublicKeyInfo.
  package static func fingerprint(of publicKey: [UInt8], sealing: any Sealing) -> String {
    "sha256:" + hexadecimal(sealing.digest(publicKey))
  }

  /// Whether any group of this host has `name` as a member too.
  package func sharesGroup(with name: String) -> Bool {
    secrets.contains { $0.members.contains(name) }
  }

  // MARK: the client

  /// The client's hello for `server`, with a proof by the active key of each shared group.
  package func clientHello(to server: String, exporter: [UInt8]) throws(Refusal) -> ClientHello {
    guard server != ownName else { throw .ownName }
    var hello = ClientHello(
      versions: versions, client: ownName, server: server,
      nonce: sealing.random(Limits.nonceBytes))
    let digest = sealing.digest(hello.encoded(withProofs: false))
    for secret in secrets where secret.members.contains(server) {
      guard let key = secret.keys.first else { continue }
      hello.proofs.append(
        proof(
          .client, key: key, group: secret.name, exporter: exporter, digest: digest,
          client: ownName, server: server))
    }
    guard !hello.proofs.isEmpty else { throw .unlisted(server) }
    guard hello.proofs.count <= Limits.proofs else { throw .tooManyGroups(hello.proofs.count) }
    hello.proofs.sort { $0.lexicographicallyPrecedes($1) }
    return hello
  }

  /// The groups that the server has proven and the version to speak, or why it is refused.
  package func check(
    _ answer: ServerHello, to hello: ClientHello, exporter: [UInt8]
  ) throws(Refusal) -> (groups: [Proven], version: UInt32) {
    guard answer.server == hello.server else { throw .otherName(answer.server) }
    let digest = sealing.digest(hello.encoded() + answer.encoded(withProofs: false))
    let found = match(
      answer.proofs, .server, peer: answer.server, exporter: exporter, digest: digest,
      client: hello.client, server: answer.server)
    // A server proves only what the client has proven: each of its proofs has a meaning here.
    guard !found.isEmpty, found.count == answer.proofs.count else {
      throw .unproven(answer.server)
    }
    return (found, try commonVersion(with: answer.versions))
  }

  // MARK: the server

  /// The groups that a client has proven, or why it is refused.
  package func check(_ hello: ClientHello, exporter: [UInt8]) throws(Refusal) -> Admitted {
    let digest = sealing.digest(hello.encoded(withProofs: false))
    // Matched before anything is refused, so that each refusal has cost the same.
    let found = match(
      hello.proofs, .client, peer: hello.client, exporter: exporter, digest: digest,
      client: hello.client, server: ownName)
    guard hello.server == ownName else { throw .wantedOther(hello.server) }
    guard hello.client != ownName else { throw .ownName }
    guard sharesGroup(with: hello.client) else { throw .unlisted(hello.client) }
    guard !found.isEmpty else { throw .unproven(hello.client) }
    return Admitted(hello: hello, groups: found)
  }

  /// The answer to a client that `check` has let in: proofs by the key lines that it has used.
  package func serverHello(to admitted: Admitted, exporter: [UInt8]) -> ServerHello {
    var answer = ServerHello(
      versions: versions, server: ownName, nonce: sealing.random(Limits.nonceBytes))
    let hello = admitted.hello
    let digest = sealing.digest(hello.encoded() + answer.encoded(withProofs: false))
    for proven in admitted.groups {
      guard let secret = secrets.first(where: { $0.name == proven.group }),
        secret.keys.indices.contains(proven.line)
      else { continue }
      answer.proofs.append(
        proof(
          .server, key: secret.keys[proven.line], group: secret.name, exporter: exporter,
          digest: digest, client: hello.client, server: ownName))
    }
    answer.proofs.sort { $0.lexicographicallyPrecedes($1) }
    return answer
  }

  /// The highest version in both ranges. Called after both sides have proven themselves.
  package func commonVersion(with theirs: ClosedRange<UInt32>) throws(Refusal) -> UInt32 {
    guard theirs.overlaps(versions) else { throw .versions(theirs: theirs, ours: versions) }
    return min(theirs.upperBound, versions.upperBound)
  }

  // MARK: proofs

  // The groups with both names as members for which one of `proofs` is right, sorted by name.
  //
  // Every line of every group is tried, member or not, and compared in constant time: how long a
  // refusal takes tells a stranger neither names nor groups.
  private func match(
    _ proofs: [[UInt8]], _ role: ProofRole, peer: String, exporter: [UInt8], digest: [UInt8],
    client: String, server: String
  ) -> [Proven] {
    var found: [Proven] = []
    for secret in secrets {
      var line: Int?
      for (index, key) in secret.keys.enumerated() {
        let expected = proof(
          role, key: key, group: secret.name, exporter: exporter, digest: digest,
          client: client, server: server)
        let right = contains(proofs, expected)
        if right && line == nil { line = index }
      }
      if let line, secret.members.contains(peer) {
        found.append(Proven(group: secret.name, line: line))
      }
    }
    return found
  }

  private func contains(_ proofs: [[UInt8]], _ expected: [UInt8]) -> Bool {
    var found = false
    for proof in proofs where equalInConstantTime(proof, expected) { found = true }
    return found
  }

  private func proof(
    _ role: ProofRole, key: [UInt8], group: String, exporter: [UInt8], digest: [UInt8],
    client: String, server: String
  ) -> [UInt8] {
    Self.proof(
      role, key: key, group: group, exporter: exporter, digest: digest, client: client,
      server: server, sealing: sealing)
  }
}
