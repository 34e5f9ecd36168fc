import Model
import TestKit
import Testing
import Transport

@Suite struct `Messages by chance` {
  @Test func `come back as they were and have one encoding`() throws {
    for seed in 1...6_000 as ClosedRange<UInt64> {
      var random = RandomMessages(seed)
      let message = random.message()
      let bytes = message.encoded
      let back = try Message(encoded: bytes)
      guard back == message, back.encoded == bytes else {
        Issue.record("seed \(seed): \(message) came back as \(back)")
        return
      }
    }
  }

  @Test func `never trap when they are garbage`() {
    var dice = SessionDice(1)
    for _ in 0..<30_000 {
      var bytes = (0..<(1 + dice.below(40))).map { _ in UInt8(truncatingIfNeeded: dice.next()) }
      // Most random bytes end at the first one: begin as a message does.
      if !dice.oneIn(3) {
        bytes[0] = 0x81 + UInt8(dice.below(5))
        if bytes.count > 1 { bytes[1] = UInt8(dice.below(14)) }
      }
      check(bytes, "garbage")
    }
  }

  @Test func `never trap when they were changed on the way`() {
    for seed in 1...30_000 as ClosedRange<UInt64> {
      var random = RandomMessages(seed)
      let original =
        random.dice.oneIn(2)
        ? random.message().encoded : unhex(random.dice.pick(goldenMessages).hex)
      check(mutated(original, &random.dice), "seed \(seed)")
    }
  }

  /// What is accepted is what the writer would have written.
  private func check(_ bytes: [UInt8], _ name: String) {
    guard let message = try? Message(encoded: bytes) else { return }
    if message.encoded != bytes {
      Issue.record("\(name): \(hexadecimal(bytes)) was taken as \(hexadecimal(message.encoded))")
    }
  }

  private func mutated(_ original: [UInt8], _ dice: inout SessionDice) -> [UInt8] {
    var bytes = original
    for _ in 0...dice.below(3) {
      guard !bytes.isEmpty else { return bytes }
      let place = dice.below(bytes.count)
      switch dice.below(5) {
      case 0: bytes[place] ^= 1 << UInt8(dice.below(8))
      case 1: bytes[place] = dice.pick([0, 0x17, 0x18, 0x1B, 0x40, 0x5B, 0x80, 0x9B, 0xF6, 0xFF])
      case 2: bytes.remove(at: place)
      case 3: bytes.insert(UInt8(truncatingIfNeeded: dice.next()), at: place)
      default: bytes.removeLast(min(bytes.count, dice.below(9)))
      }
    }
    return bytes
  }
}
