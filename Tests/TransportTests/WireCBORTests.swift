import Model
import Testing
import Transport

private func bytes(_ hex: String) -> [UInt8] {
  let digits = hex.utf8.map { $0 < 0x40 ? $0 - 0x30 : $0 - 0x57 }
  return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

private func fault(_ hex: String, _ body: (inout CBORReader) throws -> Void) -> WireFault? {
  var reader = CBORReader(bytes(hex))
  do {
    try body(&reader)
    return nil
  } catch {
    return error as? WireFault
  }
}

// RFC 8949, appendix A: the rows that deterministic CBOR without floats and tags has.
private let unsignedNumbers: [(UInt64, String)] = [
  (0, "00"), (1, "01"), (10, "0a"), (23, "17"), (24, "1818"), (25, "1819"), (100, "1864"),
  (1000, "1903e8"), (1_000_000, "1a000f4240"), (1_000_000_000_000, "1b000000e8d4a51000"),
  (.max, "1bffffffffffffffff"),
]
private let signedNumbers: [(Int64, String)] = [
  (-1, "20"), (-10, "29"), (-24, "37"), (-25, "3818"), (-100, "3863"), (-1000, "3903e7"),
  (.min, "3b7fffffffffffffff"), (.max, "1b7fffffffffffffff"), (0, "00"),
]
private let texts: [(String, String)] = [
  ("", "60"), ("a", "6161"), ("IETF", "6449455446"), ("\"\\", "62225c"), ("\u{fc}", "62c3bc"),
  ("\u{6c34}", "63e6b0b4"), ("\u{10151}", "64f0908591"),
]

@Suite struct `CBOR writing and reading` {
  @Test(arguments: unsignedNumbers) func `an unsigned number`(_ value: UInt64, _ hex: String)
    throws
  {
    #expect(written { $0.uint(value) } == bytes(hex))
    var reader = CBORReader(bytes(hex))
    #expect(try reader.readUInt() == value)
    try reader.finish()
  }

  @Test(arguments: signedNumbers) func `a signed number`(_ value: Int64, _ hex: String) throws {
    #expect(written { $0.int(value) } == bytes(hex))
    var reader = CBORReader(bytes(hex))
    #expect(try reader.readInt() == value)
    try reader.finish()
  }

  @Test(arguments: texts) func `a text`(_ value: String, _ hex: String) throws {
    #expect(written { $0.text(value) } == bytes(hex))
    var reader = CBORReader(bytes(hex))
    #expect(try reader.readText(max: 4) == value)
    try reader.finish()
  }

  @Test func `byte strings, simple values and containers`() throws {
    #expect(written { $0.bytes([1, 2, 3, 4]) } == bytes("4401020304"))
    let nested = written {
      $0.map(2)
      $0.text("a")
      $0.uint(1)
      $0.text("b")
      $0.array(2)
      $0.bool(true)
      $0.null()
    }
    #expect(nested == bytes("a26161016162" + "82f5f6"))
    var reader = CBORReader(nested)
    #expect(try reader.readMapHeader(max: 2) == 2)
    #expect(try reader.readText(max: 1) == "a")
    #expect(try reader.readUInt() == 1)
    #expect(try reader.readText(max: 1) == "b")
    #expect(try reader.readArrayHeader(max: 2) == 2)
    #expect(!reader.isNull)
    #expect(try reader.readBool())
    #expect(reader.isNull)
    try reader.readNull()
    #expect(reader.isAtEnd)
    try reader.finish()
  }

  @Test func `heads stay shortest round each change of width`() throws {
    for edge: UInt64 in [23, 24, 255, 256, 65_535, 65_536, 0xFFFF_FFFF, 0x1_0000_0000] {
      var reader = CBORReader(written { $0.uint(edge) })
      #expect(try reader.readUInt() == edge)
    }
  }

  @Test func `a writer goes on after a header and can be used again`() {
    var writer = CBORWriter(after: [9, 9])
    writer.reserve(100)
    writer.uint(1)
    #expect(writer.bytes == [9, 9, 1])
    writer.removeAll()
    writer.bytes([1, 2, 3][1...])
    #expect(writer.bytes == [0x42, 2, 3])
  }
}

@Suite struct `The CBOR reader refuses` {
  @Test(arguments: ["1800", "1817", "190018", "1900ff", "1a0000ffff", "1b00000000ffffffff"])
  func `a number that is not in its shortest form`(_ hex: String) {
    #expect(fault(hex) { _ = try $0.readUInt() } == WireFault(.notShortest, at: 0))
  }

  @Test(arguments: ["", "18", "19ff", "1a0102", "1b01020304050607"])
  func `a number that ends too early`(_ hex: String) {
    #expect(fault(hex) { _ = try $0.readUInt() } == WireFault(.truncated, at: 0))
  }

  @Test(arguments: ["5f", "7f", "9f", "bf"]) func `indefinite lengths`(_ hex: String) {
    let found = [
      fault(hex) { _ = try $0.readBytes(max: 9) }, fault(hex) { _ = try $0.readText(max: 9) },
      fault(hex) { _ = try $0.readArrayHeader(max: 9) },
      fault(hex) { _ = try $0.readMapHeader(max: 9) },
    ]
    #expect(found.contains(WireFault(.indefinite, at: 0)))
  }

  @Test func `another type`() {
    #expect(fault("20") { _ = try $0.readUInt() }?.what == .wrongType)
    #expect(fault("40") { _ = try $0.readText(max: 1) }?.what == .wrongType)
    #expect(fault("60") { _ = try $0.readBytes(max: 1) }?.what == .wrongType)
    #expect(fault("f6") { _ = try $0.readBool() }?.what == .wrongType)
    #expect(fault("f4") { try $0.readNull() }?.what == .wrongType)
    #expect(fault("1c") { _ = try $0.readUInt() }?.what == .wrongType)
    #expect(fault("40") { _ = try $0.readInt() }?.what == .wrongType)
  }

  @Test func `what is beyond its limit, before it looks for the bytes`() {
    #expect(fault("19ffff") { _ = try $0.readUInt(max: 9) }?.what == .tooLarge)
    #expect(fault("1bffffffffffffffff") { _ = try $0.readInt() }?.what == .tooLarge)
    #expect(fault("3b8000000000000000") { _ = try $0.readInt() }?.what == .tooLarge)
    #expect(fault("5bffffffffffffffff") { _ = try $0.readBytes(max: .max) }?.what == .tooLarge)
    #expect(fault("5b7fffffffffffffff") { _ = try $0.readBytes(max: .max) }?.what == .truncated)
    #expect(fault("4401020304") { _ = try $0.readBytes(max: 3) }?.what == .tooLarge)
    #expect(fault("83010203") { _ = try $0.readArrayHeader(max: 2) }?.what == .tooLarge)
    #expect(fault("9a00ffffff") { _ = try $0.readArrayHeader(max: .max) }?.what == .truncated)
    #expect(fault("a201020304") { _ = try $0.readMapHeader(max: 1) }?.what == .tooLarge)
    #expect(fault("a2010203") { _ = try $0.readMapHeader(max: 9) }?.what == .truncated)
  }

  @Test(arguments: ["61ff", "62c080", "63eda080", "64f4908080"])
  func `a text that is not UTF-8`(_ hex: String) {
    #expect(fault(hex) { _ = try $0.readText(max: 9) } == WireFault(.badText, at: 0))
  }

  @Test func `keys out of order or twice, and bytes after the end`() {
    let twoKeys: (inout CBORReader) throws -> Void = { reader in
      var key: UInt64?
      _ = try reader.readKey(after: &key)
      _ = try reader.readKey(after: &key)
    }
    #expect(fault("0102", twoKeys) == nil)
    #expect(fault("0201", twoKeys) == WireFault(.badOrder, at: 1))
    #expect(fault("0101", twoKeys) == WireFault(.badOrder, at: 1))
    #expect(
      fault("0100") {
        _ = try $0.readUInt(); try $0.finish()
      } == WireFault(.trailing, at: 1))
  }

  @Test func `random bytes without a trap`() {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
    for _ in 0..<20_000 {
      let length = Int(next() % 24)
      var reader = CBORReader((0..<length).map { _ in UInt8(truncatingIfNeeded: next() >> 24) })
      var last: UInt64?
      for _ in 0..<8 {
        let before = reader.offset
        switch next() % 8 {
        case 0: _ = try? reader.readUInt()
        case 1: _ = try? reader.readInt()
        case 2: _ = try? reader.readBytes(max: .max)
        case 3: _ = try? reader.readText(max: .max)
        case 4: _ = try? reader.readArrayHeader(max: .max)
        case 5: _ = try? reader.readMapHeader(max: .max)
        case 6: _ = try? reader.readKey(after: &last)
        default: _ = try? reader.readBool()
        }
        if reader.offset < before || reader.remaining < 0 { Issue.record("went back") }
      }
    }
  }
}
