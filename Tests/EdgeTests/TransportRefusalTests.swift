import Glibc
import Model
import Testing
import Transport

@testable import TransportEdge

@Suite struct `A meeting is refused` {
  /// What the client's operator reads when the server says nothing about its reason.
  private func isSilentRefusal(_ failure: Failure?) -> Bool {
    failure?.kind == .permission
      && failure?.reason.hasPrefix("it closed the connection during authentication") == true
      && failure?.remedy.contains("`concord host accept h1 sha256:") == true
  }

  @Test func `with a wrong group key`() throws {
    let pins = MemoryPins()
    let wrong = secret("web", ["h1", "h2"], otherGroupKey)
    let meeting = try Meeting(party("h1"), party("h2", secrets: [wrong], pins: pins))
    #expect(isSilentRefusal(meeting.client.failure))
    #expect(meeting.server.failure?.reason.contains("does not hold the key") == true)
    #expect(pins.all.isEmpty)
  }

  @Test func `with a name that is not listed`() throws {
    let other = secret("web", ["h2", "h3"], groupKey)
    let meeting = try Meeting(party("h1"), party("h2", secrets: [other]))
    #expect(isSilentRefusal(meeting.client.failure))
    #expect(meeting.server.failure?.reason.contains("no group of this host lists h1") == true)
  }

  @Test func `by the server with another key than the pinned one`() throws {
    let pins = MemoryPins(["h1": "sha256:00"])
    let one = try party("h1")
    let meeting = try Meeting(one, party("h2", pins: pins))
    #expect(isSilentRefusal(meeting.client.failure))
    let text = "\(try #require(meeting.server.failure))"
    #expect(text.contains(one.identity.fingerprint) && text.contains("sha256:00"))
    #expect(text.contains("`concord host accept h1 \(one.identity.fingerprint)`"))
    #expect(pins.all == ["h1": "sha256:00"])
  }

  @Test func `by the client with another key than the pinned one`() throws {
    let two = try party("h2")
    let meeting = try Meeting(party("h1", pins: MemoryPins(["h2": "sha256:00"])), two)
    let failure = try #require(meeting.client.failure)
    #expect(failure.kind == .permission)
    #expect(failure.reason.contains(two.identity.fingerprint))
    #expect(failure.remedy.contains("`concord host accept h2 \(two.identity.fingerprint)`"))
    #expect(meeting.server.failure?.reason == "the client refuses this host; its own log says why")
  }

  @Test func `at the address of another host`() throws {
    let three = try party("h3", secrets: [secret("web", ["h1", "h2", "h3"], groupKey)])
    let known = MemoryPins(["h2": "sha256:00", "h3": three.identity.fingerprint])
    let meeting = try Meeting(party("h1", pins: known), three)
    #expect(meeting.client.failure?.reason.hasPrefix("reached h3 (sha256:") == true)
    #expect(meeting.client.failure?.remedy == "correct the address of h2 in the configuration")
    let unknown = try Meeting(party("h1"), three)
    #expect(isSilentRefusal(unknown.client.failure))
    #expect(unknown.server.failure?.reason == "it wants h2, and this host is h3")
  }

  @Test func `with a key that is pinned for another host`() throws {
    let two = try party("h2")
    let clone = MemoryPins(["h3": two.identity.fingerprint])
    let meeting = try Meeting(party("h1", pins: clone), two)
    #expect(meeting.client.failure?.reason.hasSuffix("is pinned for h3") == true)
    let one = try party("h1")
    let pins = MemoryPins(["h3": one.identity.fingerprint])
    let other = try Meeting(one, party("h2", pins: pins))
    #expect(isSilentRefusal(other.client.failure))
    #expect(other.server.failure?.reason.hasSuffix("is pinned for h3") == true)
    #expect(pins.all == ["h3": one.identity.fingerprint])
  }

  @Test func `with this host's own key`() throws {
    let one = try party("h1")
    var two = one
    two.ownName = "h2"
    let meeting = try Meeting(one, two)
    #expect(meeting.client.failure?.reason == "it shows this host's own key")
    #expect(meeting.server.failure != nil)
  }

  @Test func `if the operator must agree to a new key first`() throws {
    let meeting = try Meeting(party("h1"), party("h2", pins: MemoryPins(refusesNew: true)))
    #expect(isSilentRefusal(meeting.client.failure))
    #expect(meeting.server.failure?.reason == "the operator must agree")
  }

  @Test func `before a word is sent, if no group is shared`() throws {
    let meeting = try Meeting(party("h1", secrets: []), party("h2"))
    #expect(meeting.client.failure?.reason.hasPrefix("no group of this host lists h2") == true)
  }

  @Test func `in the same way on the wire, whatever the reason`() throws {
    let wrong = secret("web", ["h1", "h2"], otherGroupKey)
    let all = secret("web", ["h1", "h2", "h3"], groupKey)
    var seen: Set<[Int]> = []
    for (server, wanted) in [
      (try party("h2", secrets: [wrong]), "h2"),
      (try party("h2", secrets: [secret("web", ["h2", "h3"], groupKey)]), "h2"),
      (try party("h2", secrets: [all]), "h3"),
      (try party("h2", secrets: []), "h2"),
      (try party("h2", pins: MemoryPins(["h1": "sha256:00"])), "h2"),
      (try party("h2"), "garbage"),
      (try party("h2"), "huge"),
    ] {
      let listener = try Listener(addresses: ["127.0.0.1"], port: 0)
      let answering = Worker { answer(listener, server) }
      let client = try RawClient(port: listener.port, party: party("h1", secrets: [all]))
      switch wanted {
      case "garbage": try client.sendFrame([0xA5, 0xFF, 1, 2, 3])
      case "huge": try client.send([0, 0, 0x40, 1])
      default: try client.sendFrame(client.hello(to: wanted).encoded())
      }
      let end = client.rest()
      #expect(answering.value.failure != nil)
      seen.insert([end.plain.count, Int(end.code), client.bytesIn])
    }
    #expect(seen.count == 1)
  }
}

@Suite struct `A stranger` {
  private func served(_ deadlines: Deadlines = ample, _ talk: (Int32) -> Void) throws -> Failure? {
    let listener = try Listener(addresses: ["127.0.0.1"], port: 0)
    let two = try party("h2")
    let answering = Worker { answer(listener, two, deadlines) }
    let socket = dial(listener.port)
    defer { close(socket) }
    talk(socket)
    return answering.value.failure
  }

  private func say(_ socket: Int32, _ bytes: [UInt8]) {
    _ = send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  @Test func `who says nothing is let go`() throws {
    #expect(try served(short) { _ in }?.kind == .unavailable)
  }

  @Test func `who hangs up is let go`() throws {
    #expect(try served { shutdown($0, Int32(SHUT_WR)) }?.kind == .unavailable)
  }

  @Test(arguments: ["GET / HTTP/1.1\r\nHost: h2\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "CONFIG \n"])
  func `who speaks something else is refused`(_ text: String) throws {
    #expect(try served { say($0, Array(text.utf8)) }?.kind == .protocolFault)
  }

  @Test func `who sends random bytes is refused`() throws {
    let sealing = GnuTLSSealing()
    for _ in 0..<20 {
      let failure = try served { socket in
        say(socket, sealing.random(300))
        shutdown(socket, Int32(SHUT_WR))
      }
      #expect(failure != nil)
    }
  }

  @Test func `who knows TLS 1.2 only is refused`() throws {
    // A ClientHello of TLS 1.2: one cipher suite (ECDHE-ECDSA-AES256-GCM), no extension.
    let body: [UInt8] =
      [3, 3] + [UInt8](repeating: 0x5A, count: 32) + [0, 0, 2, 0xC0, 0x2C, 1, 0]
    let count = UInt8(body.count)
    let record: [UInt8] = [0x16, 3, 1, 0, count + 4, 1, 0, 0, count] + body
    #expect(try served { say($0, record) }?.kind == .protocolFault)
  }

  @Test func `who trickles bytes is cut at the deadline`() throws {
    // Each byte would renew a deadline for the next one; this one is absolute.
    let failure = try served(short) { socket in
      let record: [UInt8] = [0x16, 3, 1, 1, 0]
      for byte in record + [UInt8](repeating: 1, count: 60) {
        say(socket, [byte])
        usleep(10_000)
      }
    }
    #expect(failure != nil)
  }
}

@Suite struct `A host that is not reached` {
  private func failure(_ address: String, _ port: UInt16) throws -> Failure? {
    let one = try party("h1")
    return Result { () throws(Failure) in
      try connect(to: "h2", address: address, port: port, party: one, deadlines: short)
    }.failure
  }

  @Test func `refuses the connection`() throws {
    let port = try Listener(addresses: ["127.0.0.1"], port: 0).port
    let failure = try failure("127.0.0.1", port)
    #expect(failure?.kind == .unavailable)
    #expect(failure?.place == "h2 (127.0.0.1 port \(port))")
    #expect(failure?.reason == "connection refused")
    #expect(failure?.remedy.contains("`concord serve`") == true)
  }

  @Test func `has no address`() throws {
    let failure = try failure("no..name", 30865)
    #expect(failure?.kind == .unavailable)
    #expect(failure?.reason.hasPrefix("the address no..name is not found: ") == true)
  }

  @Test func `accepts and says nothing`() throws {
    let listener = try Listener(addresses: ["127.0.0.1"], port: 0)
    let failure = try failure("127.0.0.1", listener.port)
    #expect(failure?.kind == .unavailable)
    #expect(failure?.reason == "it accepts and says nothing for 0.2 s")
  }

  @Test func `closes without a word`() throws {
    let listener = try Listener(addresses: ["127.0.0.1"], port: 0)
    let closing = Worker { Result { () throws(Failure) in close(try listener.next() ?? -1) } }
    let failure = try failure("127.0.0.1", listener.port)
    _ = closing.value
    #expect(failure?.kind == .unavailable)
    #expect(failure?.reason == "it closed the connection without a word")
  }

  @Test func `is another program`() throws {
    let listener = try Listener(addresses: ["127.0.0.1"], port: 0)
    let talking = Worker { () -> Int32 in
      guard let socket = try? listener.next() else { return -1 }
      let banner = Array("220 mail.example ESMTP ready\r\n".utf8)
      _ = send(socket, banner, banner.count, Int32(MSG_NOSIGNAL))
      return socket
    }
    let failure = try failure("127.0.0.1", listener.port)
    close(talking.value)
    #expect(failure?.kind == .protocolFault)
    #expect(failure?.remedy.hasPrefix("see whether another program") == true)
  }
}
