import Model
import TestKit
import Testing

@Suite struct `A unified diff` {
  private func diff(_ old: String, _ new: String, context: Int = 3) -> String {
    let bytes = unifiedDiff(
      old: textBytes(old), new: textBytes(new), oldLabel: "old", newLabel: "new",
      context: context)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func `of equal texts is empty`() { #expect(diff("a\n", "a\n") == "") }

  @Test func `has ranges as diff writes them`() {
    #expect(diff("", "a\n") == "--- old\n+++ new\n@@ -0,0 +1 @@\n+a\n")
    #expect(diff("a\n", "") == "--- old\n+++ new\n@@ -1 +0,0 @@\n-a\n")
    #expect(diff("a\nb\nc\n", "a\nX\nc\n", context: 0) == "--- old\n+++ new\n@@ -2 +2 @@\n-b\n+X\n")
    #expect(
      diff("a\nb\nc\n", "a\nX\nY\nc\n", context: 1)
        == "--- old\n+++ new\n@@ -1,3 +1,4 @@\n a\n-b\n+X\n+Y\n c\n")
  }

  @Test func `says where a line feed is missing`() {
    let missing = "\\ No newline at end of file\n"
    #expect(diff("a\n", "a") == "--- old\n+++ new\n@@ -1 +1 @@\n-a\n+a\n" + missing)
    #expect(
      diff("a\nb", "X\nb") == "--- old\n+++ new\n@@ -1,2 +1,2 @@\n-a\n+X\n b\n" + missing)
  }

  @Test func `joins hunks whose context touches`() {
    let old = (1...20).map { "\($0)\n" }
    var (near, far) = (old, old)
    (near[5], near[12], far[5], far[13]) = ("X\n", "X\n", "X\n", "X\n")
    func hunks(_ new: [String]) -> Int {
      diff(old.joined(), new.joined()).split(separator: "\n").count { $0.hasPrefix("@@") }
    }
    #expect(hunks(near) == 1)
    #expect(hunks(far) == 2)
  }

  @Test func `has labels that cannot break out of their line`() {
    let bytes = unifiedDiff(
      old: [], new: [65, 10], oldLabel: "a\nb\u{1B}", newLabel: "c\u{202E}")
    #expect(
      String(decoding: bytes, as: UTF8.self).hasPrefix(
        "--- a\\nb\\x1b\n+++ c\\xe2\\x80\\xae\n"))
  }
}

@Suite struct `Two texts side by side` {
  private func rows(_ old: String, _ new: String, context: Int = 1) -> [String] {
    sideBySide(old: textBytes(old), new: textBytes(new), context: context).map { row in
      let (left, right) = (row.oldNumber.map { "\($0)" }, row.newNumber.map { "\($0)" })
      return "\(row.kind) \(left ?? "-") \(right ?? "-")"
    }
  }

  @Test func `pair what was changed and leave out what is far away`() {
    #expect(
      rows("1\n2\n3\n4\n5\n6\n", "1\n2\nX\nY\n4\n5\n6\n") == [
        "gap(1) - -", "same 2 2", "changed 3 3", "added - 4", "same 4 5", "gap(2) - -",
      ])
    #expect(rows("1\n2\n", "1\n") == ["same 1 1", "removed 2 -"])
    #expect(rows("1\n", "1\n") == [])
  }

  @Test(arguments: 0..<5)
  func `hold every line of both, in order`(seed: UInt64) {
    var chance = TextChance(seed: seed)
    for _ in 0..<200 {
      let (old, new, _) = chance.triple(lines: 12, edits: 4)
      let rows = sideBySide(old: old, new: new, context: 99)
      guard old != new else {
        #expect(rows.isEmpty)
        continue
      }
      #expect(rows.flatMap { Array($0.old) } == old)
      #expect(rows.flatMap { Array($0.new) } == new)
      for row in rows where row.kind == .same { #expect(row.old == row.new) }
      for row in rows where row.kind == .changed { #expect(row.old != row.new) }
    }
  }
}
