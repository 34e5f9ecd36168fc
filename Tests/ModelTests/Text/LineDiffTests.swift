import Model
import TestKit
import Testing

@Suite struct `A diff of lines` {
  private func hunks(_ old: String, _ new: String) -> [String] {
    lineDiff(TextLines(textBytes(old)), TextLines(textBytes(new))).map { "\($0.old) \($0.new)" }
  }

  @Test func `keeps line feeds with their lines`() {
    let text = TextLines(textBytes("a\r\n\n\u{0}b"))
    #expect(text.count == 3)
    #expect((0..<4).map { Array(text[$0]) } == [[0x61, 13, 10], [10], [0, 0x62], []])
    #expect(TextLines([]).count == 0)
    #expect(TextLines([10]).count == 1)
    #expect(Array(text[1..<9]) == [10, 0, 0x62])
  }

  @Test func `names what was replaced, inserted and removed`() {
    #expect(hunks("a\nb\nc\n", "a\nb\nc\n") == [])
    #expect(hunks("", "") == [])
    #expect(hunks("", "a\n") == ["0..<0 0..<1"])
    #expect(hunks("a\nb\nc\n", "a\nX\nc\n") == ["1..<2 1..<2"])
    #expect(hunks("a\nc\n", "a\nb\nc\n") == ["1..<1 1..<2"])
    #expect(hunks("a\nb\nc\n", "b\n") == ["0..<1 0..<0", "2..<3 1..<1"])
    // The same letters without a line feed are another line.
    #expect(hunks("a\nb\n", "a\nb") == ["1..<2 1..<2"])
    #expect(hunks("a\r\n", "a\n") == ["0..<1 0..<1"])
  }

  @Test func `puts what may stand in several places as far down as it can`() {
    #expect(hunks("x\nx\ny\n", "x\nx\nx\ny\n") == ["2..<2 2..<3"])
    #expect(hunks("x\nx\nx\ny\n", "x\nx\ny\n") == ["2..<3 2..<2"])
    #expect(hunks("{\n}\n", "{\n}\n{\n}\n") == ["2..<2 2..<4"])
  }

  /// The length of the longest common subsequence, by the book.
  private func common(_ old: TextLines, _ new: TextLines) -> Int {
    var row = Array(repeating: 0, count: new.count + 1)
    for x in 0..<old.count {
      var diagonal = 0
      for y in 0..<new.count {
        let above = row[y + 1]
        row[y + 1] = old[x] == new[y] ? diagonal + 1 : max(above, row[y])
        diagonal = above
      }
    }
    return row[new.count]
  }

  @Test(arguments: 0..<20)
  func `is right and as short as can be`(seed: UInt64) {
    var chance = TextChance(seed: seed, choice: seed < 10 ? 3 : 9)
    for _ in 0..<150 {
      let from = chance.text(lines: chance.dice.below(25))
      let to =
        chance.dice.chance(50)
        ? chance.edited(from, edits: 6) : chance.text(lines: chance.dice.below(25))
      let (old, new) = (TextLines(chance.bytes(from)), TextLines(chance.bytes(to)))
      let hunks = lineDiff(old, new)
      #expect(textApplied(hunks, old, new) == new.bytes)
      #expect(old.count - hunks.map(\.old.count).reduce(0, +) == common(old, new))
      for (one, next) in zip(hunks, hunks.dropFirst()) {
        #expect(one.old.upperBound < next.old.lowerBound)
        #expect(one.new.upperBound < next.new.lowerBound)
      }
    }
  }

  private func manyLines(_ count: Int, _ line: (Int) -> String) -> TextLines {
    TextLines((0..<count).flatMap { Array(line($0).utf8) + [10] })
  }

  @Test func `of a hundred thousand lines without a common one is one hunk`() {
    let (old, new) = (manyLines(100_000) { "a\($0)" }, manyLines(100_000) { "b\($0)" })
    #expect(lineDiff(old, new) == [Hunk(old: 0..<100_000, new: 0..<100_000)])
  }

  @Test func `of a hundred thousand equal lines finds how many are new`() {
    let (old, new) = (manyLines(100_000) { _ in "x" }, manyLines(100_003) { _ in "x" })
    #expect(lineDiff(old, new) == [Hunk(old: 100_000..<100_000, new: 100_000..<100_003)])
  }

  @Test func `gives up a search that would take too long, and is right all the same`() {
    // Both have the same lines, in orders that have nothing to do with each other.
    let old = manyLines(20_000) { "\($0)" }
    let new = manyLines(20_000) { "\($0 * 7_919 % 20_000)" }
    let hunks = lineDiff(old, new)
    #expect(textApplied(hunks, old, new) == new.bytes)
    #expect(hunks.count < 10)
    #expect(lineDiff(old, new) == hunks)
  }

  @Test func `finds a few changes in a hundred thousand lines`() {
    let old = manyLines(100_000) { "line \($0 % 1_000)" }
    let new = manyLines(100_000) { $0 % 9_999 == 5 ? "new" : "line \($0 % 1_000)" }
    #expect(lineDiff(old, new).count == 11)
    #expect(textApplied(lineDiff(old, new), old, new) == new.bytes)
  }
}
