import Model
import TestKit
import Testing

@Suite struct `A union of texts` {
  private func union(_ base: String?, _ a: String, _ b: String) -> String {
    let bytes = union3(base: base.map { textBytes($0) }, a: textBytes(a), b: textBytes(b))
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func `is the merge where nothing overlaps`() {
    #expect(union("1\n2\n3\n", "A\n2\n3\n", "1\n2\nB\n") == "A\n2\nB\n")
  }

  @Test func `has both sides where they overlap, the lesser first`() {
    #expect(union("1\n3\n", "1\nb\n3\n", "1\na\n3\n") == "1\na\nb\n3\n")
    #expect(union("", "b\nc\n", "a\n") == "a\nb\nc\n")
  }

  @Test func `has lines that both sides added once`() {
    #expect(union("1\n", "1\nx\ny\n", "1\nx\nz\n") == "1\nx\ny\nz\n")
  }

  @Test func `without a base has common lines once`() {
    #expect(union(nil, "1\n2\n3\n", "1\nX\n3\n") == "1\n2\nX\n3\n")
    #expect(union(nil, "", "x\n") == "x\n")
    #expect(union(nil, "x\n", "x\n") == "x\n")
  }

  @Test func `never glues two lines together`() {
    #expect(union("", "b", "a") == "a\nb")
    #expect(union(nil, "b\n", "a") == "a\nb\n")
    #expect(union("", "a", "a\nb") == "a\nb")
  }

  @Test(arguments: 0..<10)
  func `is the same both ways and has every line of both sides`(seed: UInt64) {
    var chance = TextChance(seed: seed, choice: seed % 2 == 0 ? 5 : 40)
    for _ in 0..<500 {
      let (base, a, b) = chance.triple(lines: 12, edits: 5)
      for base in [base, nil] {
        let text = union3(base: base, a: a, b: b)
        #expect(union3(base: base, a: b, b: a) == text)
        let lines = Set(text.split(separator: 10))
        let known = Set((base ?? []).split(separator: 10))
        for line in a.split(separator: 10) + b.split(separator: 10) where !known.contains(line) {
          #expect(lines.contains(line), "\(line) in \(text)")
        }
      }
      #expect(union3(base: base, a: base, b: b) == b)
      #expect(union3(base: base, a: a, b: a) == a)
      #expect(union3(base: nil, a: a, b: a) == a)
    }
  }
}
