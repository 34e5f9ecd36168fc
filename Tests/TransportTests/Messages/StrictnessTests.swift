import Model
import TestKit
import Testing
import Transport

private func fault(_ bytes: [UInt8]) -> WireFault.What? {
  wireFault { () throws(WireFault) in _ = try Message(encoded: bytes) }
}

/// A question for a path of these bytes.
private func want(_ key: [UInt8]) -> [UInt8] {
  written {
    $0.array(2)
    $0.uint(4)
    $0.array(1)
    $0.array(5)
    $0.uint(1)
    $0.uint(0)
    $0.bytes(key)
    $0.bytes(Sample.digest.bytes)
    $0.uint(5)
  }
}

private let unsoundKeys: [(String, [UInt8])] = [
  ("empty", []), ("only a slash", [0]), ("a slash for a separator", Array("/w".utf8)),
  ("relative", Array("w".utf8)), ("dot", [0, 46]), ("dot-dot", [0, 46, 46]),
  ("dot-dot further down", [0, 119, 0, 46, 46, 0, 101]), ("dot at the end", [0, 119, 0, 46]),
  ("an empty component", [0, 119, 0, 0, 120]), ("a slash at the end", [0, 119, 0]),
  ("a slash within a name", [0, 119, 47, 120]), ("an empty prefix", [37, 37]),
  ("a prefix without its end", Array("%web".utf8) + [0, 120]),
  ("a component of 256 bytes", [0] + [UInt8](repeating: 120, count: 256)),
  ("64 KiB", [0, 120].repeated(to: 65_536)),
  ("above the limit by one", [0, 120].repeated(to: 32_770)),
]

extension [UInt8] {
  fileprivate func repeated(to count: Int) -> [UInt8] {
    var out: [UInt8] = []
    while out.count + self.count <= count { out += self }
    return out
  }
}

@Suite struct `A reader of messages` {
  @Test func `takes sound paths, up to the limit`() throws {
    let longest = [0, 120].repeated(to: TreePath.byteLimit)
    #expect(longest.count == TreePath.byteLimit)
    for key in [[0, 119], longest, Array("%web%".utf8) + [0, 255], [0, 46, 46, 46]] {
      let message = try Message(encoded: want(key))
      #expect(message.encoded == want(key))
    }
  }

  @Test(arguments: unsoundKeys.map(\.0)) func `refuses a path that is`(_ name: String) throws {
    let key = try #require(unsoundKeys.first { $0.0 == name }).1
    #expect(fault(want(key)) == (key.count > TreePath.byteLimit ? .tooLarge : .badValue))
  }

  @Test func `refuses the same in records, listings and forecasts`() {
    let head = written {
      $0.array(5); $0.uint(1); $0.uint(0); $0.array(0); $0.array(0); $0.array(1)
    }
    let record = written {
      $0.array(3); $0.bytes([0, 46, 46]); $0.uint(0); $0.bytes([0])
    }
    #expect(fault(head + record) == .badValue)
    let listing = written {
      $0.array(3); $0.uint(6); $0.uint(0); $0.array(1)
    }
    let row = written {
      $0.array(5); $0.bytes([0, 119, 0]); $0.uint(1); $0.uint(0); $0.null()
    }
    #expect(fault(listing + row + [0]) == .badValue)
    let deeds = written {
      $0.array(3); $0.uint(8); $0.uint(0); $0.array(1)
    }
    #expect(
      fault(
        deeds
          + written {
            $0.array(2); $0.bytes([]); $0.uint(0)
          }) == .badValue)
  }

  @Test func `refuses every cut and every byte too many`() {
    for row in goldenMessages {
      let bytes = unhex(row.hex)
      for count in bytes.indices { #expect(fault(Array(bytes[..<count])) != nil, "\(row.name)") }
      #expect(fault(bytes + [0]) == .trailing, "\(row.name)")
    }
  }

  @Test func `refuses numbers that are not in their shortest form`() {
    #expect(fault(unhex("82 02 1801")) == .notShortest)
    #expect(fault(unhex("82 1802 01")) == .notShortest)
    #expect(fault(unhex("9802 02 01")) == .notShortest)
    #expect(fault(unhex("82 02 190018")) == .notShortest)
    #expect(fault(unhex("82 05 81 83 01 00 5801 68")) == .notShortest)
  }

  @Test func `refuses wrong kinds and wrong counts`() {
    #expect(fault(unhex("81 0d")) == .wrongType)
    #expect(fault(unhex("81 1bffffffffffffffff")) == .wrongType)
    #expect(fault(unhex("80")) == .truncated)
    #expect(fault(unhex("82 0a 00")) == .wrongType)
    #expect(fault(unhex("81 02")) == .wrongType)
    #expect(fault(unhex("83 02 00 00")) == .wrongType)
    #expect(fault(unhex("9f 0a ff")) == .indefinite)
    #expect(fault(unhex("a1 0a 00")) == .wrongType)
    #expect(fault(unhex("82 04 81 84 01 00 42 0077 05")) == .missing)
  }

  @Test func `refuses questions that say nothing more in more elements, or begin behind the end`() {
    let head = "82 04 81 87 01 00 42 0077 5820" + String(repeating: "dd", count: 32) + "05"
    let former = "5820" + String(repeating: "ee", count: 32)
    #expect(fault(unhex(head + "05 40")) == nil)
    #expect(fault(unhex(head + "00" + former)) == nil)
    #expect(fault(unhex(head + "06 40")) == .tooLarge, "behind the end")
    #expect(fault(unhex(head + "00 40")) == .wrongType, "nothing more")
    #expect(fault(unhex(head + "01 41 ee")) == .wrongType, "no digest")
  }

  @Test func `refuses numbers beyond their limits`() {
    #expect(fault(unhex("82 02 18 80")) == nil, "group 128")
    #expect(fault(unhex("82 02 18 81")) == .tooLarge, "group 129")
    #expect(fault(unhex("82 05 81 83 01 05 40")) == .wrongType, "a kind of piece")
    #expect(fault(unhex("82 05 81 83 01 190100 40")) == .tooLarge, "a kind of piece")
    #expect(fault(unhex("83 08 00 81 82 42 0077 05")) == .wrongType, "a deed")
    #expect(fault(unhex("83 0b 06 60")) == .wrongType, "a reason")
    for (kind, limit) in [(4, Limits.wants), (5, Limits.pieces)] {
      let head = written {
        $0.array(2); $0.uint(UInt64(kind)); $0.array(limit + 1)
      }
      #expect(fault(head + [UInt8](repeating: 0, count: limit + 1)) == .tooLarge)
    }
    let text = String(repeating: "x", count: Limits.textBytes + 1)
    #expect(
      fault(
        written {
          $0.array(3); $0.uint(11); $0.uint(0); $0.text(text)
        }) == .tooLarge)
    let problems = written { $0.array(Limits.problems + 1) } + [UInt8](repeating: 0x60, count: 21)
    #expect(fault(unhex("82 09 87 00 00 00 00") + problems) == .tooLarge)
  }

  @Test func `refuses counts that the bytes cannot hold before it makes room for them`() {
    #expect(fault(unhex("82 04 991000")) == .truncated)
    #expect(fault(unhex("82 05 81 83 01 00 5a000fffff")) == .truncated)
    #expect(fault(unhex("82 05 81 83 01 00 5affffffff")) == .tooLarge)
    #expect(fault(unhex("82 05 81 83 01 00 5bffffffffffffffff")) == .tooLarge)
  }

  @Test func `takes numbers of events up to the limit and none beyond`() throws {
    let limit = Dot.sequenceLimit
    for sequence in [limit - 1, limit] {
      let record = Sample.file(Sample.dot(Sample.one, sequence))
      let message = Message.records(
        group: 0, [PathRecord(path: Sample.path("/w"), record: record)])
      #expect(try Message(encoded: message.encoded) == message)
    }
    for sequence in [0, limit + 1, 1 << 63, .max] {
      let body = written {
        $0.uint(1); $0.uint(0); $0.uint(sequence); $0.uint(1); $0.uint(0)
      }
      #expect(fault(records(body + unhex("820000 f6"))) == .badValue, "\(sequence)")
    }
    var greeting = Sample.greeting
    greeting.last = limit + 1
    #expect(fault(Message.greeting(greeting).encoded) == .tooLarge)
    greeting.last = limit
    greeting.meeting.count = limit + 1
    #expect(fault(Message.greeting(greeting).encoded) == .tooLarge)
  }

  @Test func `takes what a member knows once, and by its number from then on`() throws {
    var greeting = Sample.greeting
    let own = greeting.groups[0].knowledge
    let other = Sample.vector(Sample.dot(Sample.two, 9))
    greeting.groups[0].members = [own, other, other, own].enumerated().map {
      KnownMember(host: "h\($0)", replica: Sample.two, knowledge: $1)
    }
    let bytes = Message.greeting(greeting).encoded
    #expect(try Message(encoded: bytes) == .greeting(greeting))
    // `h2` knows the first vector of the list.
    let name = Array("h2".utf8) + [0x50] + Sample.two.bytes
    let place = try #require(bytes.firstRange(of: name)).upperBound
    #expect(bytes[place] == 1)
    var beyond = bytes
    beyond[place] = 2
    #expect(fault(beyond) == .tooLarge)
    let vector = written {
      $0.array(1); $0.array(2); $0.bytes(Sample.two.bytes); $0.uint(9)
    }
    let twice = Array(bytes[..<place] + vector + bytes[(place + 1)...])
    #expect(fault(twice) == .badValue)
  }

  /// One record of the replica `Sample.one`.
  private func records(_ body: [UInt8]) -> [UInt8] {
    written {
      $0.array(5)
      $0.uint(1)
      $0.uint(0)
      $0.array(1)
      $0.bytes(Sample.one.bytes)
      $0.array(0)
      $0.array(1)
      $0.array(3)
      $0.bytes([0, 119])
      $0.uint(0)
      $0.bytes(body)
    }
  }

  @Test func `refuses what is unsorted or stands twice`() {
    let replica = "50" + hexadecimal(Sample.one.bytes)
    let second = "50" + hexadecimal(Sample.two.bytes)
    let record = "81 83 42 0077 00 45 00 80 80 80 80"
    #expect(fault(unhex("85 01 00 82 \(replica) \(second) 81 84 00 01 01 01 \(record)")) == nil)
    #expect(fault(unhex("85 01 00 82 \(replica) \(replica) 80 80")) == .badOrder)
    #expect(fault(unhex("85 01 00 82 \(replica) \(second) 81 84 01 01 00 01 80")) == .badOrder)
    #expect(fault(unhex("85 01 00 81 \(replica) 81 84 00 01 00 02 80")) == .badOrder)
    #expect(fault(unhex("85 01 00 81 \(replica) 81 83 00 01 00 80")) == .badOrder)
    #expect(fault(unhex("85 01 00 81 \(replica) 80 81 83 42 0077 01 41 00")) == .tooLarge)
    // Two siblings of content, the second with the lesser dot.
    #expect(
      fault(records(unhex("00 82 00 02 00 00 01 01 80 80 80"))) == .badOrder)
    #expect(fault(records(unhex("00 82 00 02 00 f6 00 80 80 80"))) == .badOrder)
  }

  @Test func `refuses values that no disk has`() {
    func body(_ content: String, _ owner: String = "820000", _ acl: String = "f6") -> [UInt8] {
      records(unhex("01 00 01 \(content) 00 \(owner) \(acl)"))
    }
    #expect(fault(body("01")) == nil)
    #expect(fault(body("03")) == .badValue, "a kind of content")
    #expect(fault(body("40")) == .badValue, "an empty link")
    #expect(fault(body("42 6100")) == .badValue, "a link with byte 0")
    #expect(fault(body("01", "82 40 00")) == .badValue, "a name without bytes")
    #expect(fault(body("01", "82 41 23 00")) == .badValue, "a name that begins with #")
    #expect(fault(body("01", "82 42 610a 00")) == .badValue, "a name with a line end")
    #expect(fault(body("01", "820000", "82 80 80")) == .badValue, "an empty list")
    #expect(fault(body("01", "820000", "82 82 82 04 04 82 04 04 80")) == .badOrder, "twice")
    #expect(
      fault(body("01", "820000", "82 81 83 04 04 00 80")) == .badValue, "a principal too many")
    #expect(fault(body("01", "820000", "82 81 82 02 04 80")) == .badValue, "a principal too few")
    #expect(fault(body("01", "820000", "82 81 82 03 04 80")) == .badValue, "an unknown tag")
    #expect(fault(records(unhex("01 00 01 01 19 1000 82 0000 f6"))) == .tooLarge, "mode 010000")
  }
}
