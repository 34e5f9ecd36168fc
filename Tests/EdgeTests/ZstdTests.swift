import Testing
import Transport

@testable import TransportEdge

@Suite struct `What is packed` {
  private let text = Array(String(repeating: "the same words again; ", count: 4_000).utf8)

  private func packed() throws -> [UInt8] { try #require(Zstd.packed(text)) }

  @Test func `is shorter, and comes out as it was`() throws {
    let bytes = try packed()
    #expect(bytes.count < text.count / 8)
    #expect(Zstd.unpacked(PackedFrame(size: text.count, bytes: bytes)) == text)
  }

  @Test func `is nothing if it is longer or shorter than said`() throws {
    let bytes = try packed()
    for size in [1, text.count - 1, text.count + 1, Limits.frameBytes] {
      #expect(Zstd.unpacked(PackedFrame(size: size, bytes: bytes)) == nil)
    }
  }

  @Test func `is nothing if it is damaged`() throws {
    let bytes = try packed()
    for end in [0, 1, 4, bytes.count / 2, bytes.count - 1] {
      #expect(Zstd.unpacked(PackedFrame(size: text.count, bytes: Array(bytes[..<end]))) == nil)
    }
    var other = bytes
    other[0] ^= 1
    #expect(Zstd.unpacked(PackedFrame(size: text.count, bytes: other)) == nil)
    let noise = (0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 167) }
    #expect(Zstd.unpacked(PackedFrame(size: 1_000_000, bytes: noise)) == nil)
  }

  /// 1 GiB of zeros in 33 kB: no more than the 1 MiB that was said is ever held.
  @Test func `is nothing if it would burst`() throws {
    var bomb: [UInt8] = []
    let zeros = try #require(Zstd.packed([UInt8](repeating: 0, count: 1 << 20)))
    for _ in 0..<1_024 { bomb += zeros }
    #expect(bomb.count < 1 << 20)
    #expect(Zstd.unpacked(PackedFrame(size: 1 << 20, bytes: bomb)) == nil)
  }
}
