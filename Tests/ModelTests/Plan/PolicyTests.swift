import Model
import TestKit
import Testing

let policyMethods = AutoMethod.allCases.filter { $0 != .manual && $0 != .merge }

/// Replicas a, b, c and, in no list, y and z: by letter.
func policyReplica(_ letter: Character) -> ReplicaID {
  let places: [Character: UInt64] = ["a": 1, "b": 2, "c": 3, "y": 25, "z": 26]
  return replica(places[letter] ?? 0)
}

let policyOrder = HostOrder(
  ["a", "b", "c"],
  replicas: [
    policyReplica("a"): "a", policyReplica("b"): "b", policyReplica("c"): "c",
    policyReplica("y"): "y",
  ])

/// One sibling of the table in the specification: `a1 10@5`, `a1 gone`, `c4 10@9 as a1`.
private func policySibling(_ words: String) throws -> Register<Content>.Sibling {
  let parts = words.split(separator: " ")
  func event(_ word: Substring) throws -> Dot {
    dot(policyReplica(try #require(word.first)), try #require(UInt64(word.dropFirst())))
  }
  let own = try event(parts[0])
  if parts[1] == "gone" { return .init(dot: own, value: .absent) }
  if parts[1] == "directory" { return .init(dot: own, value: .directory) }
  let numbers = parts[1].split(separator: "@").compactMap { Int64($0) }
  let same = parts.count > 2 ? try event(parts[3]) : own
  let bytes = Array(repeating: UInt8(same.sequence), count: 16) + same.replica.bytes
  return .init(
    dot: own,
    value: .file(
      FileContent(
        digest: try #require(Digest(bytes)), size: UInt64(numbers[0]),
        modified: Timestamp(seconds: numbers[1], nanoseconds: 0), isBirth: false)))
}

@Suite struct `A policy` {
  @Test func `chooses what the specification says`() throws {
    let rows = SessionPage("spec/versions.md").rows(under: "7. Policies").filter { $0.count == 8 }
    #expect(rows.count == 8)
    for row in rows {
      var record = Record(vector: VersionVector())
      for words in row[0].split(separator: ", ") {
        let sibling = try policySibling(String(words))
        record.vector.insert(sibling.dot)
        record.content.replace([], with: sibling.dot, sibling.value)
      }
      for (method, winner) in zip(policyMethods, row.dropFirst()) {
        let chosen = record.decided(by: method, policyOrder)?.content
        let expected = try policySibling(
          try #require(
            row[0].split(separator: ", ").first { $0.hasPrefix(winner) }.map(String.init)))
        #expect(chosen == expected.value, "\(row[0]), \(method)")
      }
    }
  }

  /// Whatever the order of joins, and whoever of the losers is there or not.
  @Test(arguments: policyMethods)
  func `is a total order`(method: AutoMethod) throws {
    var dice = Dice(seed: 7)
    var count = 0
    for _ in 0..<3000 {
      let three = [dice.record(), dice.record(), dice.record()]
      let record = three[0].joined(three[1]).joined(three[2])
      let choice = record.decided(by: method, policyOrder)
      for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let other = three[order[0]].joined(three[order[1]].joined(three[order[2]]))
        #expect(other.decided(by: method, policyOrder) == choice)
      }
      guard let winner = choice?.content else { continue }
      count += 1
      #expect(record.content.siblings.contains { $0.value == winner })
      for loser in record.content.siblings where !loser.value.agrees(with: winner) {
        var fewer = record
        fewer.content = try #require(
          Register(sorted: record.content.siblings.filter { $0.dot != loser.dot }))
        let again = fewer.content.settled ?? fewer.decided(by: method, policyOrder)?.content
        #expect(again == winner || again?.agrees(with: winner) == true)
      }
    }
    #expect(count > 500)
  }

  @Test func `gives attributes with the content that they came with`() {
    var record = record(dot(a, 1), file(1), mode: mode(1)).joined(
      TestKit.record(dot(b, 1), file(2), mode: mode(2)))
    #expect(record.decided(by: .bigger, policyOrder)?.mode == mode(2))
    #expect(record.decided(by: .smaller, policyOrder)?.mode == mode(1))
    // The winner did not write the mode.
    record.mode = register([dot(a, 2): mode(4), dot(c, 1): mode(5)])
    #expect(record.decided(by: .bigger, policyOrder)?.mode == mode(4))
    #expect(record.decided(by: .right, policyOrder)?.mode == mode(5))
    // An event that says the same did.
    record.content.replace([], with: dot(c, 1), file(2))
    #expect(record.decided(by: .bigger, policyOrder)?.mode == mode(5))
  }

  @Test func `decides attributes alone by hosts or by the greater dot`() {
    var record = record(dot(a, 1), file(1))
    record.mode = register([dot(a, 5): mode(1), dot(b, 9): mode(2), dot(c, 7): mode(3)])
    for method in policyMethods {
      let expected = method == .left ? mode(1) : method == .right ? mode(3) : mode(2)
      let choice = record.decided(by: method, policyOrder)
      #expect(choice == ResolvedValues(mode: expected), "\(method)")
    }
  }

  @Test func `leaves open what is no choice between events`() {
    let two = record(dot(a, 1), file(1)).joined(record(dot(b, 1), file(2)))
    #expect(two.decided(by: .manual, policyOrder) == nil)
    #expect(two.decided(by: .merge, policyOrder) == nil)
    let settled = record(dot(a, 1), file(1)).joined(record(dot(b, 1), file(1)))
    let twins = record(dot(a, 1), file(1)).joined(record(dot(a, 1), file(2)))
    for method in policyMethods {
      #expect(settled.decided(by: method, policyOrder) == nil)
      #expect(twins.decided(by: method, policyOrder) == nil, "an alarm is no choice")
    }
  }
}
