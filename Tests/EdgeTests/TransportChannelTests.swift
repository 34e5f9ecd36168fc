import Glibc
import Model
import Testing
import Transport

@testable import TransportEdge

@Suite struct `A channel` {
  private func pair() throws -> (client: Channel, server: Channel) {
    let meeting = try Meeting(party("h1"), party("h2"))
    return (try meeting.client.get(), try meeting.server.get())
  }

  @Test func `knows the peer and the groups that both have proven`() throws {
    let all = secret("all", ["h1", "h2", "h3"], otherGroupKey)
    let pins = (MemoryPins(), MemoryPins())
    let one = try party(
      "h1", secrets: [webSecret, all, secret("x", ["h1"], groupKey)], pins: pins.0)
    let two = try party(
      "h2", secrets: [all, secret("web", ["h1", "h2"], otherGroupKey)], pins: pins.1)
    let meeting = try Meeting(one, two)
    let client = try meeting.client.get().peer
    let server = try meeting.server.get().peer
    #expect(client.name == "h2")
    #expect(server.name == "h1")
    #expect(client.groups == ["all"])
    #expect(server.groups == ["all"])
    #expect(client.fingerprint == two.identity.fingerprint)
    #expect(server.fingerprint == one.identity.fingerprint)
    #expect(client.address.hasPrefix("127.0.0.1:"))
    #expect(client.version == 1)
    #expect(pins.0.all == ["h2": two.identity.fingerprint])
    #expect(pins.1.all == ["h1": one.identity.fingerprint])
  }

  @Test func `knows that the peer uses an old key line`() throws {
    let rotated = secret("web", ["h1", "h2"], otherGroupKey, groupKey)
    let meeting = try Meeting(party("h1"), party("h2", secrets: [rotated]))
    #expect(try meeting.client.get().peer.groupsOnOldKey == [])
    #expect(try meeting.server.get().peer.groupsOnOldKey == ["web"])
  }

  @Test func `carries frames both ways and counts bytes`() throws {
    let (client, server) = try pair()
    try client.send([1, 2, 3])
    let failure = #expect(throws: Failure.self) {
      try client.send([UInt8](repeating: 7, count: Limits.frameBytes + 1))
    }
    #expect(failure?.remedy.contains("--group") == true)
    try client.send([UInt8](repeating: 7, count: Limits.frameBytes))
    try client.flush()
    #expect(try server.receive() == [1, 2, 3])
    #expect(try server.receive() == [UInt8](repeating: 7, count: Limits.frameBytes))
    try server.send([4])
    try server.flush()
    #expect(try client.receive() == [4])
    #expect(client.bytesOut == server.bytesIn)
    #expect(client.bytesIn == server.bytesOut)
    #expect(client.bytesOut > UInt64(Limits.frameBytes))
  }

  @Test func `carries much in both directions at once`() throws {
    let (client, server) = try pair()
    let sealing = GnuTLSSealing()
    @Sendable func pour(_ channel: Channel, _ salt: Int) throws(Failure) -> [UInt8] {
      var sum: [UInt8] = []
      for round in 0..<48 {
        let sizes = [1, 16_379, 16_380, 16_381, 100_000, Limits.frameBytes]
        let frame = sealing.random(sizes[(round + salt) % sizes.count])
        sum = sealing.digest(sum + frame)
        try channel.send(frame)
      }
      try channel.flush()
      return sum
    }
    @Sendable func drain(_ channel: Channel) throws(Failure) -> [UInt8] {
      var sum: [UInt8] = []
      for _ in 0..<48 {
        guard let frame = try channel.receive() else { break }
        sum = sealing.digest(sum + frame)
      }
      return sum
    }
    let workers = [
      Worker { Result { () throws(Failure) in try pour(client, 0) } },
      Worker { Result { () throws(Failure) in try drain(server) } },
      Worker { Result { () throws(Failure) in try pour(server, 3) } },
      Worker { Result { () throws(Failure) in try drain(client) } },
    ]
    let sums = try workers.map { try $0.value.get() }
    #expect(sums[0] == sums[1])
    #expect(sums[2] == sums[3])
    #expect(sums[0] != sums[2])
  }

  @Test func `ends with nil when the peer closes`() throws {
    let (client, server) = try pair()
    try client.send([1])
    try client.flush()
    client.close()
    client.close()
    #expect(try server.receive() == [1])
    #expect(try server.receive() == nil)
    #expect(try server.receive() == nil)
    #expect(throws: Failure.self) { try client.send([1]) }
    #expect(try client.receive() == nil)
  }

  @Test func `closed here ends a receive that waits`() throws {
    let (client, server) = try pair()
    let waiting = Worker { Result { () throws(Failure) in try client.receive() } }
    client.close()
    #expect(try waiting.value.get() == nil)
    #expect(try server.receive() == nil)
  }

  @Test func `closed here ends a send that waits`() throws {
    let (client, server) = try pair()
    let sending = Worker {
      Result { () throws(Failure) in
        while true { try client.send([UInt8](repeating: 0, count: Limits.frameBytes)) }
      }
    }
    while client.bytesOut < 256 << 10 { usleep(1000) }
    client.close()
    #expect(sending.value.failure?.kind == .unavailable)
    withExtendedLifetime(server) {}
  }

  @Test func `ends with a failure when nothing happens for too long`() throws {
    let listener = try Listener(addresses: ["127.0.0.1"], port: 0)
    let two = try party("h2")
    let answering = Worker { answer(listener, two) }
    var hasty = ample
    hasty.idleSeconds = 0.2
    let client = try connect(
      to: "h2", address: "127.0.0.1", port: listener.port, party: party("h1"), deadlines: hasty)
    let server = try answering.value.get()
    let failure = #expect(throws: Failure.self) { try client.receive() }
    #expect(failure?.kind == .unavailable)
    #expect("\(failure!)".hasPrefix("h2: connection lost: no byte came or went"))
    let stuck = #expect(throws: Failure.self) {
      while true { try client.send([UInt8](repeating: 0, count: Limits.frameBytes)) }
    }
    #expect(stuck?.kind == .unavailable)
    withExtendedLifetime(server) {}
  }

  @Test(arguments: [
    [0, 0, 0, 0], [0, 0x10, 0, 1], [0x7F, 255, 255, 255], [0x80, 0, 0, 0], [255, 255, 255, 255],
  ])
  func `ends at a frame of a length that is not allowed`(_ header: [UInt8]) throws {
    let listener = try Listener(addresses: ["127.0.0.1"], port: 0)
    let two = try party("h2")
    let answering = Worker { answer(listener, two) }
    let client = try RawClient(port: listener.port, party: party("h1"))
    try client.sendFrame(client.hello().encoded())
    let server = try answering.value.get()
    try client.send(header + [1, 2, 3])
    let failure = #expect(throws: Failure.self) { try server.receive() }
    #expect(failure?.kind == .protocolFault)
    #expect(throws: Failure.self) { try server.receive() }
  }

  @Test func `cut within a frame or without a goodbye is a failure`() throws {
    for plain: [UInt8] in [[], [0, 0], [0, 0, 0, 9, 1, 2]] {
      let listener = try Listener(addresses: ["127.0.0.1"], port: 0)
      let two = try party("h2")
      let answering = Worker { answer(listener, two) }
      var client: RawClient? = try RawClient(port: listener.port, party: party("h1"))
      try client?.sendFrame(client!.hello().encoded())
      let server = try answering.value.get()
      try client?.send(plain)
      client = nil
      let failure = #expect(throws: Failure.self) { try server.receive() }
      #expect(failure?.kind == .unavailable)
    }
  }
}

@Suite struct `A server on given descriptors` {
  private func meet(
    _ near: (read: Int32, write: Int32), _ far: (read: Int32, write: Int32)
  ) throws {
    let two = try party("h2")
    let answering = Worker {
      Result { () throws(Failure) in
        try accept(
          readDescriptor: far.read, writeDescriptor: far.write, party: two, deadlines: ample)
      }
    }
    let one = try party("h1")
    let stream = try openStream(.client, near.read, near.write, one, place: "test")
    let handshake = Handshake(
      stream: stream, party: one, address: "test", moment: .after(seconds: 30))
    var phase = Handshake.Phase.tls
    let peer = try handshake.call("h2", &phase)
    stream.setAuthenticated()
    let client = Channel(peer: peer, stream: stream, deadlines: ample)
    let server = try answering.value.get()
    #expect(server.peer.address == "standard input")
    let frame = GnuTLSSealing().random(Limits.frameBytes)
    let sending = Worker {
      Result { () throws(Failure) in
        try client.send(frame)
        try client.flush()
      }
    }
    #expect(try server.receive() == frame)
    try sending.value.get()
    server.close()
    #expect(try client.receive() == nil)
    // The peer's end is closed: this must not kill the process.
    #expect(throws: Failure.self) {
      for _ in 0..<100 {
        try client.send(frame)
        try client.flush()
      }
    }
  }

  @Test func `talks over two pipes, and survives their end`() throws {
    var up: [Int32] = [0, 0]
    var down: [Int32] = [0, 0]
    #expect(pipe(&up) == 0 && pipe(&down) == 0)
    try meet((down[0], up[1]), (up[0], down[1]))
  }

  @Test func `talks over a pair of sockets`() throws {
    var ends: [Int32] = [0, 0]
    #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    try meet((ends[0], ends[0]), (ends[1], ends[1]))
  }
}

@Suite struct `A listener` {
  @Test func `says that a port is taken`() throws {
    let first = try Listener(addresses: ["127.0.0.1"], port: 0)
    let failure = #expect(throws: Failure.self) {
      try Listener(addresses: ["127.0.0.1"], port: first.port)
    }
    #expect(failure?.kind == .busy)
    #expect("\(failure!)".contains("the port is taken; find out by whom with `ss -ltnp"))
  }

  @Test func `takes any address and ends when closed`() throws {
    let listener = try Listener(port: 0)
    #expect(listener.port != 0)
    let waiting = Worker { Result { () throws(Failure) in try listener.next() } }
    close(dial(listener.port))
    let socket = try waiting.value.get()
    #expect(socket != nil)
    if let socket { close(socket) }
    let ending = Worker { Result { () throws(Failure) in try listener.next() } }
    listener.close()
    #expect(try ending.value.get() == nil)
    #expect(try listener.next() == nil)
  }

  @Test func `refuses an address that is not this machine's`() {
    #expect(throws: Failure.self) { try Listener(addresses: ["192.0.2.1"], port: 0) }
  }
}
