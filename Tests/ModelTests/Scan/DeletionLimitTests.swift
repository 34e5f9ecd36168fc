import Model
import TestKit
import Testing

@Suite struct `A limit to deletions` {
  private func question(_ statement: String, of count: Int, gone: Int) throws -> Question? {
    let host = MemoryHost(
      "a", number: 1, hosts: ["a", "b"], statements: "include /w; \(statement)")
    // The root counts as one.
    for number in 1..<count { host.tree.write(memoryPath("/w/\(number)"), "text") }
    try host.scan()
    for number in 1...gone { host.tree.remove(memoryPath("/w/\(number)")) }
    return try host.scan(ScanRequest()).question
  }

  @Test(arguments: [
    ("max-delete 3;", 3, false), ("max-delete 3;", 4, true), ("max-delete 0;", 1, true),
    ("max-delete 10%;", 10, false), ("max-delete 10%;", 11, true),
    ("max-delete 3 10%;", 4, true), ("max-delete 30 10%;", 11, true),
    ("max-delete 90;", 80, false), ("max-delete 100%;", 98, false), ("", 50, false),
    ("", 51, true),
  ])
  func `is what the group says, in place of the usual one`(
    _ statement: String, _ gone: Int, _ isAsked: Bool
  ) throws {
    let question = try question(statement, of: 100, gone: gone)
    #expect((question != nil) == isAsked, "\(statement) \(gone)")
  }

  @Test func `is named with its place in the question`() throws {
    let limit = "max-delete 3 of group g, c:1:1"
    #expect(
      try question("max-delete 3;", of: 10, gone: 4)
        == .massDeletion(gone: 4, known: 10, limit: limit))
  }
}
