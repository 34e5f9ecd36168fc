import Model
import TestKit
import Testing

@Suite struct `Text of a page` {
  @Test(arguments: [
    ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    ("\"><img src=x onerror=alert(1)>", "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"),
    ("' onload='x", "&#39; onload=&#39;x"), ("</style>&amp;", "&lt;/style&gt;&amp;amp;"),
    ("a\u{1B}[2Jb\u{202E}c\u{2066}", "a\\x1b[2Jb\\xe2\\x80\\xaec\\xe2\\x81\\xa6"),
    ("größer\n", "größer\\n"),
  ])
  func `opens no tag and moves no text`(given: String, shown: String) {
    #expect(htmlText(given) == shown)
    #expect(htmlText(given.utf8) == shown)
  }

  @Test func `tells a name's backslash from an escape`() {
    #expect(htmlText(Array(#"\x1b"#.utf8)) == #"\\x1b"#)
    #expect(htmlText([0x1B]) == #"\x1b"#)
    // Words were escaped before.
    #expect(htmlText(#"\x1b"#) == #"\x1b"#)
    #expect(htmlText([0xFF, 0xC3]) == #"\xff\xc3"#)
  }

  @Test func `marks the escapes in a line of a file`() {
    #expect(htmlLine(Array("\tif (a<b) \\n\r".utf8)) == "\tif (a&lt;b) \\n<i>\\r</i>")
    #expect(htmlLine([0, 0xFF]) == "<i>\\x00</i><i>\\xff</i>")
  }

  @Test(arguments: 0..<20)
  func `of random bytes holds none that mean anything to a browser`(seed: UInt64) {
    var dice = Dice(seed: seed)
    for _ in 0..<100 {
      let bytes = (0..<dice.below(60)).map { _ in
        dice.chance(30) ? dice.pick(Array("<>&\"'\\/\u{0}".utf8)) : UInt8(dice.below(256))
      }
      for text in [htmlText(bytes), htmlText(String(decoding: bytes, as: UTF8.self))] {
        #expect(!text.utf8.contains { $0 < 0x20 || $0 == 0x7F || [60, 62, 34, 39].contains($0) })
      }
      let line = htmlLine(bytes)
      let tags = line.utf8.split(separator: 60, omittingEmptySubsequences: false).dropFirst()
      let (open, close) = (Array("i>\\".utf8), Array("/i>".utf8))
      #expect(tags.allSatisfy { $0.starts(with: open) || $0.starts(with: close) })
    }
  }
}
