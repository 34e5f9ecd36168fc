import Model
import Testing

@Suite struct `The difference of two configurations` {
  private func words(_ here: String, _ there: String) -> String? {
    guard let mine = read(group(here)).config?.groups.first,
      let theirs = read(group(there)).config?.groups.first
    else { return nil }
    return ConfigurationDifference(here: mine.canonicalText, there: theirs.canonicalText)
      .words(peer: "b")
  }

  @Test(arguments: [
    ("include /x;", "include /x;", ""),
    ("include /x; exclude /x/a;", "include /x;", "only here: `exclude /x/a`"),
    ("include /x;", "include /x /y;", "only on b: `include /y`"),
    (
      "include /x; ignore uid;", "include /x; auto left;",
      "only here: `auto none`, `ignore uid`; only on b: `auto left`"
    ),
    ("include /x /y;", "include /y /x;", "in another order: `include /x`"),
    (
      "include /x /1 /2 /3 /4 /5;", "include /x;",
      "only here: `include /1`, `include /2`, `include /3` and 2 more"
    ),
  ])
  func `names what only one of them has`(here: String, there: String, words: String) {
    #expect(self.words(here, there) == words)
  }

  @Test func `shows no control bytes of another host`() {
    let found = ConfigurationDifference(here: "a\n", there: "a\n\u{1b}[2J\n").words(peer: "b")
    #expect(found == "only on b: `\\x1b[2J`" || !found.contains("\u{1b}"), "\(found)")
    #expect(ConfigurationDifference(here: "", there: "").words(peer: "b") == "")
  }
}
