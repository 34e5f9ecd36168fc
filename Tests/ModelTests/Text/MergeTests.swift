import Model
import TestKit
import Testing

@Suite struct `A merge of three texts` {
  private func merge(_ base: String, _ a: String, _ b: String) -> MergeResult {
    merge3(base: textBytes(base), a: textBytes(a), b: textBytes(b))
  }

  private func merged(_ text: String, _ a: Int, _ b: Int, _ common: Int) -> MergeResult {
    .merged(bytes: textBytes(text), hunksFromA: a, hunksFromB: b, common: common)
  }

  @Test func `takes the changes of both sides`() {
    #expect(
      merge("1\n2\n3\n4\n", "A\n2\n3\n4\n", "1\n2\n3\nB\n") == merged("A\n2\n3\nB\n", 1, 1, 0))
    #expect(
      merge("1\n2\n3\n4\n", "2\n3\n4\n", "1\n2\n3\n4\n5\n") == merged("2\n3\n4\n5\n", 1, 1, 0))
  }

  @Test func `counts equal changes once`() {
    #expect(merge("1\n2\n3\n", "1\nX\n3\n", "1\nX\n3\n") == merged("1\nX\n3\n", 0, 0, 1))
    #expect(merge("1\n", "1\n2\n", "1\n2\n") == merged("1\n2\n", 0, 0, 1))
    #expect(merge("1\n2\n", "", "") == merged("", 0, 0, 1))
  }

  @Test func `overlaps where both changed the same line`() {
    #expect(
      merge("1\n2\n3\n", "1\nA\n3\n", "1\nB\nC\n3\n")
        == .overlaps([Overlap(base: 1..<2, a: 1..<2, b: 1..<3)]))
  }

  @Test func `overlaps where the changed lines touch`() {
    #expect(
      merge("1\n2\n3\n4\n", "1\nA\n3\n4\n", "1\n2\nB\n4\n")
        == .overlaps([Overlap(base: 1..<3, a: 1..<3, b: 1..<3)]))
    // With a line between them they do not.
    #expect(merge("1\n2\n3\n", "A\n2\n3\n", "1\n2\nB\n") == merged("A\n2\nB\n", 1, 1, 0))
  }

  @Test func `overlaps where both inserted something else in one place`() {
    #expect(
      merge("1\n2\n", "1\nA\n2\n", "1\nB\n2\n")
        == .overlaps([Overlap(base: 1..<1, a: 1..<2, b: 1..<2)]))
    #expect(merge("", "a", "b") == .overlaps([Overlap(base: 0..<0, a: 0..<1, b: 0..<1)]))
  }

  @Test func `overlaps where one deleted what the other changed`() {
    #expect(
      merge("1\n2\n3\n", "1\n3\n", "1\nB\n3\n")
        == .overlaps([Overlap(base: 1..<2, a: 1..<1, b: 1..<2)]))
  }

  @Test func `does not rest on which of equal lines is the new one`() {
    // The line that a added may be any of the three; b changed what stands before the first.
    #expect(
      merge("1\nx\nx\n2\n", "1\nx\nx\nx\n2\n", "B\nx\nx\n2\n")
        == .overlaps([Overlap(base: 0..<3, a: 0..<4, b: 0..<3)]))
  }

  @Test func `tells the last line with a line feed from the one without`() {
    #expect(merge("1\n2\n3", "1\n2\n3\n", "A\n2\n3") == merged("A\n2\n3\n", 1, 1, 0))
    #expect(
      merge("1\n2", "1\n2\n", "1\n2\nB")
        == .overlaps([Overlap(base: 1..<2, a: 1..<2, b: 1..<3)]))
  }

  @Test func `takes bytes that are no text as they are`() {
    let base: [UInt8] = [0, 0xFF, 10, 1, 13, 10, 0xC3, 10]
    let a: [UInt8] = [0, 0xFE, 10, 1, 13, 10, 0xC3, 10]
    let b: [UInt8] = [0, 0xFF, 10, 1, 13, 10, 0xC4]
    let both: [UInt8] = [0, 0xFE, 10, 1, 13, 10, 0xC4]
    #expect(
      merge3(base: base, a: a, b: b)
        == .merged(bytes: both, hunksFromA: 1, hunksFromB: 1, common: 0))
    #expect(looksBinary(base) && !looksBinary([0xFF]) && !looksBinary([]))
    #expect(!isText(base) && !isText([0xFF]) && !isText([0x1B]) && isText([]))
  }

  /// Every line of `part` that is not in `base`, with how often it is more.
  private func gains(_ text: [UInt8], over base: [UInt8]) -> [[UInt8]: Int] {
    var counts: [[UInt8]: Int] = [:]
    for line in text.split(separator: 10) { counts[Array(line), default: 0] += 1 }
    for line in base.split(separator: 10) { counts[Array(line), default: 0] -= 1 }
    return counts.filter { $0.value > 0 }
  }

  @Test(arguments: 0..<20)
  func `is symmetric and loses nothing`(seed: UInt64) {
    var chance = TextChance(seed: seed, choice: seed % 2 == 0 ? 5 : 40)
    var clean = 0
    for _ in 0..<1_000 {
      let (base, a, b) = chance.triple(lines: 14, edits: 4)
      let result = merge3(base: base, a: a, b: b)
      #expect(merge3(base: base, a: b, b: a) == textSwapped(result))
      #expect(bytes(merge3(base: base, a: base, b: b)) == b)
      #expect(bytes(merge3(base: base, a: a, b: a)) == a)
      #expect(bytes(merge3(base: base, a: a, b: base)) == a)
      guard let text = bytes(result) else { continue }
      clean += 1
      for side in [a, b] {
        let more = gains(text, over: base)
        // Other hunks may have taken equal lines away: what is new to the base stays.
        for (line, _) in gains(side, over: base)
        where !base.split(separator: 10).contains(line[...]) {
          #expect(more[line] != nil, "\(line) of \(side) in \(text)")
        }
      }
    }
    #expect(clean > 200)
  }

  private func bytes(_ result: MergeResult) -> [UInt8]? {
    if case .merged(let bytes, _, _, _) = result { bytes } else { nil }
  }

  @Test func `has an outcome that no release changes`() {
    var chance = TextChance(seed: 1, choice: 6)
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for _ in 0..<2_000 {
      let (base, a, b) = chance.triple(lines: 12, edits: 4)
      let union = union3(base: base, a: a, b: b) + union3(base: nil, a: a, b: b)
      for byte in (bytes(merge3(base: base, a: a, b: b)) ?? [1]) + union {
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
      }
    }
    // Hosts of different releases must merge alike: if this number changes, something is wrong.
    #expect(hash == 6_199_533_428_684_593_120)
  }

  @Test func `of a hundred thousand lines ends`() {
    func text(_ line: (Int) -> String) -> [UInt8] {
      (0..<100_000).flatMap { Array(line($0).utf8) + [10] }
    }
    let equal = text { _ in "x" }
    #expect(bytes(merge3(base: equal, a: equal + [120, 10], b: equal)) == equal + [120, 10])
    let (base, a, b) = (text { "\($0)" }, text { "a\($0)" }, text { "b\($0)" })
    let whole = 0..<100_000
    #expect(
      merge3(base: base, a: a, b: b) == .overlaps([Overlap(base: whole, a: whole, b: whole)]))
    #expect(bytes(merge3(base: base, a: a, b: base)) == a)
    let newlines = [UInt8](repeating: 10, count: 100_000)
    #expect(bytes(merge3(base: newlines, a: [], b: newlines)) == [])
    #expect(union3(base: [], a: newlines, b: []) == newlines)
  }
}
