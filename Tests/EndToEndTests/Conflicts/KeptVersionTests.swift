import Glibc
import Testing

/// Every host keeps all versions of a conflict, outside its tree.
@Suite struct `Versions of a conflict are kept` {
  private let first = [UInt8](repeating: 1, count: 300_000)
  private let second = [UInt8](repeating: 2, count: 300_001)

  /// a and b have edited at once, and all have met; then only c is left.
  private func alone() throws -> Lab {
    let lab = try Lab()
    try lab.base(["f": "base", "g": "x"])
    try lab.write("a", "f", bytes: first)
    try lab.write("b", "f", bytes: second)
    try lab.sync("c", exits: 0, 1)
    try lab.sync("c", exits: 1)
    try lab.down()
    return lab
  }

  @Test(arguments: ["a", "b"])
  func `so that a third host settles it alone`(_ winner: String) throws {
    let lab = try alone()
    let id = try lab.expectConflict("f", on: ["c"])
    try lab.resolve("c", id, "--host", winner)
    #expect(try lab.bytes("c", "f") == (winner == "a" ? first : second))
    try lab.up()
    try lab.settle()
    try lab.expectEqualTrees()
    #expect(try lab.bytes("b", "f") == (winner == "a" ? first : second))
  }

  @Test func `where nobody else can read them, and never in the tree`() throws {
    let lab = try alone()
    #expect(try lab.tool("stat", "-c", "%a", lab.state("c")) == "700\n")
    #expect(try lab.tool("stat", "-c", "%s", lab.state("c") + "/contents.db") != "0\n")
    #expect(try Tree.names(lab.root("c")).map(\.description) == ["f", "g", "keep"])
  }

  @Test func `and are fetched again if their file was damaged`() throws {
    let lab = try alone()
    try lab.tool("rm", "-f", lab.state("c") + "/contents.db-wal")
    try lab.put("this is no database, and never was one", in: lab.state("c") + "/contents.db")
    let told = try lab.run("c", "conflicts", "show", lab.path("c", "f"))
    #expect(told.out.contains("its content is not here"), "\(told)")
    try lab.up()
    try lab.sync("c", exits: 1)
    try lab.down()
    let now = try lab.run("c", "conflicts", "show", lab.path("c", "f"))
    #expect(!now.out.contains("its content is not here"), "\(now)")
    let winner = try lab.bytes("c", "f") == first ? "b" : "a"
    try lab.resolve("c", lab.path("c", "f"), "--host", winner)
    #expect(try lab.bytes("c", "f") == (winner == "a" ? first : second))
  }

  @Test func `unless they are too large, and that is said`() throws {
    let lab = try Lab()
    try lab.base(["f": "base"])
    try lab.write("a", "f", "small")
    try lab.write("b", "f", "")
    #expect(truncate(lab.path("b", "f"), 65 << 20) == 0)
    try lab.sync("a", exits: 0, 1)
    try lab.sync("a", exits: 1)
    try lab.down()
    let told = try lab.run("a", "conflicts", "show", lab.path("a", "f"))
    #expect(told.out.contains("its content is not here"), "\(told)")
    #expect(told.out.contains("live here"), "\(told)")
    // Who chooses it waits for it.
    try lab.resolve("a", lab.path("a", "f"), "--host", "b")
    #expect(try lab.read("a", "f") == "small")
    try lab.up()
    try lab.settle()
    #expect(lab.sight("a", "f")?.size == 65 << 20)
  }
}
