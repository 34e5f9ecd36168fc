import Model
import Testing
import Transport

@Suite struct `A frame's header` {
  @Test func `is the length in four bytes, most significant first`() throws {
    var out: [UInt8] = [7]
    Frame.appendHeader(0x010203, to: &out)
    #expect(out == [7, 0, 1, 2, 3])
    #expect(try Frame.length(of: out[1...]) == 0x010203)
  }

  @Test func `allows one byte and the limit`() throws {
    #expect(try Frame.length(of: [0, 0, 0, 1]) == 1)
    #expect(try Frame.length(of: [0, 0x10, 0, 0]) == Limits.frameBytes)
  }

  @Test(arguments: [[0, 0, 0, 0], [0, 0x10, 0, 1], [0x80, 0, 0, 0], [255, 255, 255, 255]])
  func `allows nothing else`(_ header: [UInt8]) {
    #expect(throws: WireFault.self) { try Frame.length(of: header) }
  }

  @Test func `has a lower limit before authentication`() {
    #expect(throws: WireFault(.tooLarge, at: 0)) {
      try Frame.length(of: [0, 0, 0x40, 1], limit: Limits.helloFrameBytes)
    }
  }
}

@Suite struct `Bytes` {
  @Test func `go out in network order`() {
    var out: [UInt8] = []
    appendBigEndian(UInt64(0x0102_0304_0506_0708), to: &out)
    appendBigEndian(UInt16(0xFFFE), to: &out)
    #expect(out == [1, 2, 3, 4, 5, 6, 7, 8, 0xFF, 0xFE])
  }

  @Test func `are compared to the last one`() {
    #expect(equalInConstantTime([1, 2, 3], [1, 2, 3]))
    #expect(!equalInConstantTime([1, 2, 3], [1, 2, 4]))
    #expect(!equalInConstantTime([1, 2, 3], [1, 2]))
    #expect(equalInConstantTime([], []))
  }

  // RFC 4648, section 10.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
    ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
  ])
  func `become base64`(_ text: String, _ expected: String) {
    #expect(base64(Array(text.utf8)) == expected)
  }
}
