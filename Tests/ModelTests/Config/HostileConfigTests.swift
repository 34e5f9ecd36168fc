import Model
import Testing

/// Whatever the bytes: an answer, faults with places inside the file, and no configuration beside a
/// fault.
@Suite struct `A hostile configuration` {
  private static let valid = """
    prefix p { on a*: /srv/p; on *: /q; }
    group g {
      host a b@10.0.0.1:30866 (c@[::1]:1);
      key /etc/k; include /etc %p%/[a-z]*.conf "/x y"; exclude *.o **/../[; compare /c;
      auto younger; auto left *.x /y; backup-directory /b; backup-generations 3;
      action { pattern /etc; exec "x"; logfile /l; do-local; }
    }
    config d; nossl a b; ignore uid; lock-timeout 9; tempdir /t; database /d; held-size 3M; # end
    """

  private func survive(_ bytes: [UInt8]) {
    let result = parseConfig(bytes, file: "c") { _ in .success(bytes.reversed()) }
    #expect((result.config == nil) == !result.faults.isEmpty)
    #expect(result.faults.count <= 100)
    for fault in result.faults {
      #expect(fault.position.line >= 1 && fault.position.column >= 1)
      #expect(fault.description.utf8.allSatisfy { $0 >= 0x20 || $0 == 0x0A })
      #expect(fault.caret <= fault.sourceLine.count)
    }
    guard let config = result.config else { return }
    _ = checkConfig(config, host: "a")
    _ = notes(config)
    #expect(read(config.text()).config?.text() == config.text())
  }

  @Test(arguments: 0..<50)
  func `of random bytes is survived`(seed: UInt64) {
    var chance = Chance(seed: seed)
    for _ in 0..<20 {
      survive((0..<Int.random(in: 0...200, using: &chance)).map { _ in chance.nextByte() })
    }
  }

  @Test(arguments: 0..<50)
  func `of random words is survived`(seed: UInt64) {
    var chance = Chance(seed: seed)
    let words = [
      "group", "g", "{", "}", "host", "a", "b", ";", ";", "include", "/x", "/x/*", "key", "k", "(",
      ")", "@", "[::1]:3", ":", "prefix", "on", "%p%", "config", "d", "\"", "\"s\"", "#", "\n",
      "auto",
      "none", "action", "exec", "exclude", "*.o", "ignore", "uid", "[", "\\", "nossl",
      "lock-timeout", "left", "merge", "history", "held-size", "3K", "0",
    ]
    for _ in 0..<20 {
      let text = (0..<Int.random(in: 0...60, using: &chance)).map { _ in
        words.randomElement(using: &chance) ?? ""
      }.joined(separator: " ")
      survive(Array(text.utf8))
    }
  }

  @Test(arguments: 0..<50)
  func `with random mutations is survived`(seed: UInt64) {
    var chance = Chance(seed: seed)
    for _ in 0..<20 {
      var bytes = Array(Self.valid.utf8)
      for _ in 0..<Int.random(in: 1...8, using: &chance) {
        let place = Int.random(in: 0..<bytes.count, using: &chance)
        switch Int.random(in: 0..<4, using: &chance) {
        case 0: bytes[place] = chance.nextByte()
        case 1: bytes.remove(at: place)
        case 2:
          bytes.insert(
            Array("{}();:@\"#\n\\*[%/".utf8).randomElement(using: &chance) ?? 0, at: place)
        default: bytes.removeSubrange(place..<min(place + 20, bytes.count))
        }
        if bytes.isEmpty { bytes = [0x20] }
      }
      survive(bytes)
    }
  }

  // In quadratic time 100 kB of these would take minutes.
  @Test(arguments: [
    "{", "}", "(", ")", ";", "@", ":", "\"", "[", "\\", "a ", "group { ", "group g{ ", "\"\n", "# ",
    "action{", "host a; ", "include /", "group g { host a; key k; include /x;\n", "config c;",
    "é\n",
  ])
  func `of one thing over and over takes linear time`(piece: String) {
    let count = 60_000 / piece.utf8.count
    survive(Array(String(repeating: piece, count: count).utf8))
    let lines = 100_000 / (piece.utf8.count + 1)
    survive(Array(String(repeating: piece + "\n", count: lines).utf8))
  }

  @Test func `of as many rules and groups as there may be is judged in time`() throws {
    let rules = (0..<1000).map { "/a/b\($0)" }.joined(separator: " ")
    let others = (0..<200).map { "group g\($0) { host a b\($0); key k; include /a/c\($0); }" }
    let text = "group g { host a; key k; include \(rules); }" + others.joined(separator: "\n")
    #expect(check(text) == [])
  }

  @Test func `of more rules or groups than that is refused`() {
    let rules = String(repeating: "/x ", count: 10_001)
    #expect(
      faults(group("include\n\(rules.dropLast());")) == [
        "c:2:30001: there are more than 10000 patterns; name directories or use wildcards"
      ])
    let groups = (0..<1001).map { "group g\($0) { host a; key k; include /x; }" }
    #expect(
      faults(groups.joined(separator: "\n")) == [
        "c:1001:1: there are more than 1000 groups; join some"
      ])
  }
}

extension Chance {
  fileprivate mutating func nextByte() -> UInt8 { UInt8(truncatingIfNeeded: next()) }
}
