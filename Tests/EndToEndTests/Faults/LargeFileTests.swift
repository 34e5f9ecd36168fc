import Foundation
import Testing

/// Of a large file goes over the wire what the other side lacks.
@Suite struct `A large file` {
  private static let size = 12 << 20

  private func random(_ seed: UInt64) -> [UInt8] {
    var dice = Dice(seed: seed)
    return (0..<(Self.size / 8)).flatMap { _ in
      withUnsafeBytes(of: dice.next()) { Array($0) }
    }
  }

  /// Syncs a with b and says how many bytes a has sent.
  private func sent(_ lab: Lab) throws -> Double {
    let peer = try #require(try lab.json("a", "sync")["peers"].items.first)
    return try #require(peer["bytes_out"].number)
  }

  private func parts(_ lab: Lab) throws -> [Name] {
    try Tree.names(lab.state("b") + "/staging").filter { $0.description.hasPrefix("part-") }
  }

  @Test func `is not sent again for an edit`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base([:])
    var bytes = random(1)
    try lab.write("a", "f", bytes: bytes)
    #expect(try sent(lab) > Double(Self.size))
    bytes.insert(7, at: 0)
    try lab.write("a", "f", bytes: bytes)
    #expect(try sent(lab) < 150_000)
    bytes.replaceSubrange((5 << 20)..<(6 << 20), with: random(2)[..<(1 << 20)])
    try lab.write("a", "f", bytes: bytes)
    #expect(try sent(lab) < 1_300_000)
    try lab.expectEqualTrees()
    #expect(try parts(lab).isEmpty)
  }

  @Test(arguments: [("always", 1.0, 3.0e6), ("never", 8.0e6, 9.0e6)])
  func `of words is packed if that is asked for`(
    asked: String, least: Double, most: Double
  ) throws {
    let lab = try Lab(["a", "b"])
    for host in lab.hosts { lab.wrappers[host] = ["env", "CONCORD_COMPRESS=\(asked)"] }
    try lab.base([:])
    var dice = Dice(seed: 9)
    var words: [UInt8] = []
    while words.count < 8 << 20 { words += Array("word \(dice.next() % 5_000) ".utf8) }
    try lab.write("a", "words", bytes: words)
    let bytes = try sent(lab)
    #expect(bytes > least && bytes < most, "\(bytes)")
    try lab.expectEqualTrees()
  }

  @Test func `of one letter is taken, although it is next to nothing when it is packed`() throws {
    let lab = try Lab(["a", "b"])
    lab.wrappers["a"] = ["env", "CONCORD_COMPRESS=always"]
    try lab.base([:])
    try lab.write("a", "letter", String(repeating: "x", count: 3 << 20))
    try lab.sync("a")
    try lab.expectEqualTrees()
  }

  @Test func `with holes costs what is in it, and has them on the other side`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base([:])
    let path = lab.path("a", "disk.img")
    let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    defer { close(file) }
    let data = Array(random(4)[..<(1 << 20)])
    let bytes = data.withUnsafeBytes { pwrite(file, $0.baseAddress, data.count, 300 << 20) }
    #expect(bytes == data.count && ftruncate(file, 700 << 20) == 0)
    #expect(try sent(lab) < 1_300_000)
    var seen = stat()
    #expect(stat(lab.path("b", "disk.img"), &seen) == 0)
    #expect(seen.st_size == 700 << 20 && seen.st_blocks < 4 << 11)
    try lab.expectEqualTrees()
  }

  @Test func `is gone on with after its receiver was killed`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base([:])
    try lab.down()
    try lab.write("a", "f", bytes: random(3))
    try lab.up(
      "b",
      wrapper: [
        "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=pwrite64", "-e",
        "inject=pwrite64:signal=KILL:when=150",
      ], mayEnd: true)
    _ = try lab.run("a", "sync")
    try lab.kill9("b")
    #expect(try parts(lab).count == 1)
    try lab.up("b")
    #expect(try sent(lab) < Double(Self.size) * 0.75)
    try lab.expectEqualTrees()
    #expect(try parts(lab).isEmpty)
  }
}
