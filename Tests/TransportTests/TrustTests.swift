import Model
import Testing
import Transport

/// No cryptography: 32 bytes that depend on every byte of the input and are never the same twice
/// for two inputs of a test.
private struct Toy: Sealing {
  func digest(_ message: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    for lane in 0..<4 {
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325 &+ UInt64(lane)
      for byte in message { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
      hash ^= hash >> 29
      appendBigEndian(hash &* 0x9E37_79B9_7F4A_7C15, to: &out)
    }
    return out
  }

  func authenticationCode(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    digest([UInt8(truncatingIfNeeded: key.count)] + key + message)
  }

  func random(_ count: Int) -> [UInt8] { [UInt8](repeating: 0xAA, count: count) }
}

private let key = Array("correct horse battery staple".utf8)
private let otherKey = Array("another key of enough letters".utf8)
private let exporter = [UInt8](repeating: 0xE0, count: 32)

private func group(_ name: String, _ members: Set<String>, _ keys: [UInt8]...) -> GroupSecret {
  GroupSecret(name: name, members: members, keys: keys)
}

private func trust(
  _ name: String, _ secrets: [GroupSecret], versions: ClosedRange<UInt32> = 1...1
) -> Trust {
  Trust(ownName: name, secrets: secrets, sealing: Toy(), versions: versions)
}

private let web = group("web", ["h1", "h2"], key)

@Suite struct `A hello` {
  static let golden: [UInt8] =
    [0xA5, 0x01, 0x82, 0x01, 0x03, 0x02, 0x62, 0x68, 0x31, 0x03, 0x62, 0x68, 0x32]
    + [0x04, 0x58, 0x20] + [UInt8](repeating: 0xAA, count: 32)
    + [0x05, 0x81, 0x58, 0x20] + [UInt8](repeating: 0xBB, count: 32)

  let client = ClientHello(
    versions: 1...3, client: "h1", server: "h2", nonce: [UInt8](repeating: 0xAA, count: 32),
    proofs: [[UInt8](repeating: 0xBB, count: 32)])

  @Test func `of a client has these bytes`() throws {
    #expect(client.encoded() == Self.golden)
    #expect(try ClientHello(decoding: Self.golden) == client)
  }

  @Test func `without proofs is one pair shorter`() {
    #expect(client.encoded(withProofs: false) == [0xA4] + Self.golden[1..<48])
  }

  @Test func `of a server has these bytes`() throws {
    let server = ServerHello(
      versions: 1...1, server: "h2", nonce: client.nonce, proofs: client.proofs)
    let golden =
      [0xA4, 0x01, 0x82, 0x01, 0x01, 0x03, 0x62, 0x68, 0x32] + Self.golden[13...]
    #expect(server.encoded() == golden)
    #expect(try ServerHello(decoding: golden) == server)
  }

  @Test func `is refused if it is cut anywhere or longer`() {
    for count in 0..<Self.golden.count {
      #expect(throws: WireFault.self) { try ClientHello(decoding: Array(Self.golden[..<count])) }
    }
    #expect(throws: WireFault.self) { try ClientHello(decoding: Self.golden + [0]) }
  }

  @Test func `decodes only what encodes to the same bytes`() {
    for index in Self.golden.indices {
      for bit in 0..<8 {
        var mutant = Self.golden
        mutant[index] ^= 1 << UInt8(bit)
        if let hello = try? ClientHello(decoding: mutant) {
          #expect(hello.encoded() == mutant)
        }
      }
    }
  }

  @Test(arguments: [[0x00, 0x01], [0x02, 0x01]] as [[UInt8]])
  func `with version 0 or an empty range is refused`(_ range: [UInt8]) {
    var bytes = Self.golden
    bytes.replaceSubrange(3..<5, with: range)
    #expect(throws: WireFault(.badValue, at: 2)) { try ClientHello(decoding: bytes) }
  }

  @Test func `with proofs that do not ascend, or none, is refused`() {
    var twice = client
    twice.proofs += client.proofs
    #expect(throws: WireFault.self) { try ClientHello(decoding: twice.encoded()) }
    twice.proofs = []
    #expect(throws: WireFault.self) { try ClientHello(decoding: twice.encoded()) }
  }
}

@Suite struct `Trust between two hosts` {
  private func meet(
    _ client: Trust, _ server: Trust, wanted: String = "h2", serverExporter: [UInt8] = exporter
  ) throws -> (client: [Trust.Proven], server: [Trust.Proven]) {
    let hello = try client.clientHello(to: wanted, exporter: exporter)
    let admitted = try server.check(hello, exporter: serverExporter)
    let answer = server.serverHello(to: admitted, exporter: serverExporter)
    let found = try client.check(answer, to: hello, exporter: exporter)
    return (found.groups, admitted.groups)
  }

  @Test func `lets in a host that holds the key`() throws {
    let met = try meet(trust("h1", [web]), trust("h2", [web]))
    #expect(met.client == [Trust.Proven(group: "web", line: 0)])
    #expect(met.server == met.client)
  }

  @Test func `counts the groups that both have proven, sorted`() throws {
    let mail = group("mail", ["h1", "h2"], otherKey)
    let logs = group("logs", ["h1", "h3"], key)
    let wrong = group("data", ["h1", "h2"], key)
    let wrongThere = group("data", ["h1", "h2"], otherKey)
    let met = try meet(
      trust("h1", [web, wrong, logs, mail]), trust("h2", [mail, wrongThere, web]))
    #expect(met.client.map(\.group) == ["mail", "web"])
    #expect(met.server == met.client)
  }

  @Test func `refuses a wrong key`() {
    let wrong = trust("h2", [group("web", ["h1", "h2"], otherKey)])
    #expect(throws: Refusal.unproven("h1")) { try meet(trust("h1", [web]), wrong) }
  }

  @Test func `refuses the right key of a group of another name`() {
    let other = trust("h2", [group("mail", ["h1", "h2"], key)])
    #expect(throws: Refusal.unproven("h1")) { try meet(trust("h1", [web]), other) }
  }

  @Test func `refuses a host that is listed nowhere, even with the right key`() {
    let server = trust("h2", [group("web", ["h2", "h3"], key)])
    #expect(throws: Refusal.unlisted("h1")) { try meet(trust("h1", [web]), server) }
  }

  @Test func `does not count a group that lacks the peer, even with the right key`() throws {
    let server = trust("h2", [web, group("mail", ["h2", "h3"], otherKey)])
    let client = trust("h1", [web, group("mail", ["h1", "h2"], otherKey)])
    #expect(try meet(client, server).server.map(\.group) == ["web"])
  }

  @Test func `does not count a group that lacks this host`() {
    let stray = group("web", ["h1", "h3"], key)
    #expect(throws: Refusal.unlisted("h1")) { try meet(trust("h1", [web]), trust("h2", [stray])) }
  }

  @Test func `sends nothing to a host that it shares no group with`() {
    #expect(throws: Refusal.unlisted("h3")) {
      try trust("h1", [web]).clientHello(to: "h3", exporter: exporter)
    }
  }

  @Test func `refuses a client that wants another host`() {
    let all = group("web", ["h1", "h2", "h3"], key)
    #expect(throws: Refusal.wantedOther("h3")) {
      try meet(trust("h1", [all]), trust("h2", [all]), wanted: "h3")
    }
  }

  @Test func `refuses a peer of its own name`() {
    #expect(throws: Refusal.ownName) { try meet(trust("h2", [web]), trust("h2", [web])) }
    let hello = ClientHello(versions: 1...1, client: "h2", server: "h2", nonce: [], proofs: [])
    #expect(throws: Refusal.ownName) { try trust("h2", [web]).check(hello, exporter: exporter) }
  }

  @Test func `refuses a hello from another connection`() {
    #expect(throws: Refusal.unproven("h1")) {
      try meet(
        trust("h1", [web]), trust("h2", [web]),
        serverExporter: [UInt8](repeating: 0xE1, count: 32))
    }
  }

  @Test func `refuses its own proofs sent back`() throws {
    let client = trust("h1", [web])
    let hello = try client.clientHello(to: "h2", exporter: exporter)
    let echo = ServerHello(
      versions: 1...1, server: "h2", nonce: hello.nonce, proofs: hello.proofs)
    #expect(throws: Refusal.unproven("h2")) {
      try client.check(echo, to: hello, exporter: exporter)
    }
  }

  @Test func `refuses a server proof among right ones that it cannot check`() throws {
    let client = trust("h1", [web])
    let server = trust("h2", [web])
    let hello = try client.clientHello(to: "h2", exporter: exporter)
    let admitted = try server.check(hello, exporter: exporter)
    var answer = server.serverHello(to: admitted, exporter: exporter)
    answer.proofs.append([UInt8](repeating: 0xFF, count: 32))
    #expect(throws: Refusal.unproven("h2")) {
      try client.check(answer, to: hello, exporter: exporter)
    }
  }

  @Test func `refuses a hello with anything changed`() throws {
    let server = trust("h2", [group("web", ["h1", "h2", "h3"], key)])
    let hello = try trust("h1", [web]).clientHello(to: "h2", exporter: exporter)
    var changed = hello
    changed.versions = 1...2
    #expect(throws: Refusal.unproven("h1")) { try server.check(changed, exporter: exporter) }
    changed = hello
    changed.client = "h3"
    #expect(throws: Refusal.unproven("h3")) { try server.check(changed, exporter: exporter) }
    changed = hello
    changed.nonce[0] ^= 1
    #expect(throws: Refusal.unproven("h1")) { try server.check(changed, exporter: exporter) }
  }

  @Test func `refuses a server of another name`() throws {
    let client = trust("h1", [web])
    let hello = try client.clientHello(to: "h2", exporter: exporter)
    let answer = ServerHello(versions: 1...1, server: "h3", nonce: hello.nonce, proofs: [])
    #expect(throws: Refusal.otherName("h3")) {
      try client.check(answer, to: hello, exporter: exporter)
    }
  }

  @Test func `accepts a second line and answers with it`() throws {
    let new = group("web", ["h1", "h2"], otherKey, key)
    let met = try meet(trust("h1", [web]), trust("h2", [new]))
    #expect(met.server == [Trust.Proven(group: "web", line: 1)])
    #expect(met.client == [Trust.Proven(group: "web", line: 0)])
    let back = try meet(
      trust("h1", [new]), trust("h2", [group("web", ["h1", "h2"], key, otherKey)]))
    #expect(back.server == [Trust.Proven(group: "web", line: 1)])
  }

  @Test func `speaks the highest common version`() throws {
    #expect(try trust("h1", [web], versions: 1...3).commonVersion(with: 2...9) == 3)
    #expect(throws: Refusal.versions(theirs: 4...9, ours: 1...3)) {
      try trust("h1", [web], versions: 1...3).commonVersion(with: 4...9)
    }
  }

  @Test func `says why it refuses in one line`() {
    let failure = Refusal.unproven("h\n1").failure(place: "192.0.2.1:5", ownName: "h2")
    #expect(
      "\(failure)" == "192.0.2.1:5: not authenticated: h\\n1 does not hold the key of any group it"
        + " shares with h2; copy the group's key file from one of the two to the other")
    #expect(failure.kind == .permission)
  }
}
