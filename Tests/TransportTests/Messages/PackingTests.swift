import Model
import TestKit
import Testing
import Transport

@Suite struct `A packed frame` {
  private func fault(_ bytes: [UInt8]) -> WireFault.What? {
    wireFault { () throws(WireFault) in _ = try PackedFrame(encoded: bytes) }
  }

  @Test func `is what it was`() throws {
    let frame = PackedFrame(size: 70_000, bytes: [UInt8](repeating: 7, count: 900))
    #expect(PackedFrame.isPacked(frame.encoded))
    #expect(try PackedFrame(encoded: frame.encoded) == frame)
    #expect(!PackedFrame.isPacked(Message.alive.encoded))
    // As `spec/wire.cddl` promises.
    #expect(
      PackedFrame(size: 1_000, bytes: [1, 2, 3]).encoded
        == [0x83, 0x10, 0x19, 0x03, 0xE8, 0x43, 1, 2, 3])
    #expect(!PackedFrame.isPacked([]))
  }

  @Test func `is no message, and so never holds another packed frame`() {
    let frame = PackedFrame(size: 1, bytes: [1])
    #expect(throws: WireFault.self) { try Message(encoded: frame.encoded) }
  }

  @Test func `says no more than a frame may hold, and no more than bytes can hold`() {
    let some = [UInt8](repeating: 0, count: 1_048)
    #expect(fault(PackedFrame(size: Limits.frameBytes + 1, bytes: some).encoded) == .tooLarge)
    #expect(fault(PackedFrame(size: Limits.frameBytes, bytes: some).encoded) == .badValue)
    #expect(
      fault(PackedFrame(size: Limits.frameBytes, bytes: some + [0]).encoded) == nil)
    #expect(fault(PackedFrame(size: 0, bytes: some).encoded) == .badValue)
    #expect(fault(PackedFrame(size: 9, bytes: []).encoded) == .badValue)
  }

  @Test func `is refused cut off anywhere, and with something behind it`() {
    let whole = PackedFrame(size: 500, bytes: Array(0..<100)).encoded
    for end in whole.indices { #expect(fault(Array(whole[..<end])) != nil) }
    #expect(fault(whole + [0]) != nil)
  }
}

/// Milliseconds are those of a clock that the test turns.
@Suite struct `Packing` {
  /// Sends frames of 100 kB and says how many were packed.
  private func packed(
    _ frames: Int, _ choice: inout PackingChoice, lineMegabytes: Double, share: Double,
    lineShare: Double? = 1, packMegabytes: Double = 500
  ) -> Int {
    var count = 0
    for _ in 0..<frames {
      let size = 100_000
      var sent = size
      if choice.packs(size) {
        let shorter = Int(Double(size) * share)
        choice.notePacked(size, to: shorter, nanoseconds: Double(size) * 1_000 / packMegabytes)
        if choice.takes(shorter, for: size) { (sent, count) = (shorter, count + 1) }
      }
      choice.noteSent(
        sent, nanoseconds: Double(sent) * 1_000 / lineMegabytes, lineShare: lineShare)
    }
    return count
  }

  private func expect(
    _ count: Int, _ isRight: (Int) -> Bool, at place: SourceLocation = #_sourceLocation
  ) {
    #expect(isRight(count), "\(count) were packed", sourceLocation: place)
  }

  @Test func `begins on a slow line, and ends where it brings nothing`() {
    var choice = PackingChoice()
    expect(packed(100, &choice, lineMegabytes: 10, share: 0.4), { $0 > 90 })
    // What cannot be made shorter is tried now and then.
    expect(packed(100, &choice, lineMegabytes: 10, share: 1), { $0 == 0 })
    expect(packed(100, &choice, lineMegabytes: 10, share: 0.4), { $0 > 60 })
  }

  @Test func `does not begin on a fast line`() {
    var choice = PackingChoice()
    expect(packed(1_000, &choice, lineMegabytes: 3_000, share: 0.1), { $0 == 0 })
  }

  @Test func `is tried on a line that is about as fast, and left`() {
    var choice = PackingChoice()
    expect(packed(320, &choice, lineMegabytes: 380, share: 0.7, packMegabytes: 200), { $0 <= 11 })
  }

  @Test(arguments: [0, nil])
  func `does not begin where it is the peer who is slow`(lineShare: Double?) {
    var choice = PackingChoice()
    expect(packed(100, &choice, lineMegabytes: 1, share: 0.1, lineShare: lineShare), { $0 == 0 })
  }

  @Test func `is left where it brings little, or more than is taken`() {
    let choice = PackingChoice()
    #expect(choice.takes(87_499, for: 100_000) && !choice.takes(87_500, for: 100_000))
    #expect(choice.takes(100, for: 100_000) && !choice.takes(99, for: 100_000))
  }

  @Test func `is as it was asked for`() {
    var always = PackingChoice(.always)
    expect(packed(10, &always, lineMegabytes: 3_000, share: 0.4), { $0 == 10 })
    var never = PackingChoice(.never)
    expect(packed(10, &never, lineMegabytes: 1, share: 0.4), { $0 == 0 })
    var small = PackingChoice(.always)
    let isPacked = small.packs(PackingChoice.leastBytes - 1)
    #expect(!isPacked)
  }
}
