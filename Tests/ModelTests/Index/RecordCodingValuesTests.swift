import Model
import Testing

private func write(_ body: (inout CBORWriter) -> Void) -> CBORReader {
  var out = CBORWriter()
  body(&out)
  return CBORReader(out.bytes)
}

@Suite struct `A value in CBOR` {
  @Test func `reads as it was written`() throws {
    for seed in 0..<5000 {
      var chance = RecordChance(UInt64(seed))
      let (content, mode, owner) = (chance.content(), chance.mode(), chance.owner())
      let (acl, time) = (chance.acl(), chance.timestamp())
      var reader = write {
        $0.write(content)
        $0.write(mode)
        $0.write(owner)
        $0.write(acl)
        $0.write(time)
      }
      #expect(try reader.readContent() == content)
      #expect(try reader.readMode() == mode)
      #expect(try reader.readOwner() == owner)
      #expect(try reader.readAccessList() == acl)
      #expect(try reader.readTimestamp() == time)
      #expect(reader.isAtEnd)
    }
  }

  @Test func `is a link's text of 1 to 4095 bytes without byte 0`() throws {
    for target in [[], [UInt8](repeating: 97, count: 4096), [97, 0]] {
      var reader = write { $0.bytes(target) }
      #expect(throws: WireFault.self) { try reader.readContent() }
    }
    var reader = write { $0.bytes([UInt8](repeating: 97, count: 4095)) }
    #expect(throws: Never.self) { try reader.readContent() }
  }

  @Test(arguments: ["", "a\nb", "a:b", "#1", "a\u{0}"])
  func `is no name that a system table could misread`(_ name: String) {
    var reader = write { $0.bytes(Array(name.utf8)) }
    #expect(throws: WireFault.self) { try reader.readPrincipal() }
  }

  @Test func `is a name of at most 256 bytes`() {
    var reader = write { $0.bytes([UInt8](repeating: 97, count: 257)) }
    #expect(throws: WireFault.self) { try reader.readPrincipal() }
  }

  @Test func `is a number that fits a user's`() {
    var reader = write { $0.uint(1 << 32) }
    #expect(throws: WireFault.self) { try reader.readPrincipal() }
  }

  @Test func `is no file of more than two to the 62 bytes`() {
    func file(_ size: UInt64, _ nanoseconds: UInt64) -> CBORReader {
      write {
        $0.array(5)
        $0.bytes([UInt8](repeating: 1, count: 32))
        $0.uint(size)
        $0.int(-1)
        $0.uint(nanoseconds)
        $0.bool(false)
      }
    }
    var (good, large, late) = (file(1 << 62, 0), file(1 << 62 + 1, 0), file(1, 1_000_000_000))
    #expect(throws: Never.self) { try good.readContent() }
    #expect(throws: WireFault.self) { try large.readContent() }
    #expect(throws: WireFault.self) { try late.readContent() }
  }

  @Test func `is a mode of twelve bits`() {
    var reader = write { $0.uint(0o10000) }
    #expect(throws: WireFault.self) { try reader.readMode() }
  }

  @Test func `is an access list in its order, without repetition`() {
    func list(_ tags: [UInt64]) -> CBORReader {
      write {
        $0.array(2)
        $0.array(tags.count)
        for tag in tags {
          $0.array(2)
          $0.uint(tag)
          $0.uint(7)
        }
        $0.array(0)
      }
    }
    var good = list([1, 4, 32])
    #expect(throws: Never.self) { try good.readAccessList() }
    // Out of order, twice, a user without a name, no tag, and an empty list in place of null.
    for tags: [UInt64] in [[4, 1], [4, 4], [2], [3], []] {
      var bad = list(tags)
      #expect(throws: WireFault.self) { try bad.readAccessList() }
    }
  }

  @Test func `is an access list of at most 1024 entries`() {
    func list(_ count: Int) -> CBORReader {
      write {
        $0.write(
          AccessList(
            access: (0..<count).map { AccessEntry(.user, .number(UInt32($0)), permissions: 1) }))
      }
    }
    var (good, long) = (list(1024), list(1025))
    #expect(throws: Never.self) { try good.readAccessList() }
    #expect(throws: WireFault.self) { try long.readAccessList() }
  }
}
