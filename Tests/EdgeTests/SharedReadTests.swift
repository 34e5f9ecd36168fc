import Model
@testable import ModelEdge
import TestKit
import Testing

@Suite struct `What sessions read at once` {
  private let bench: Workbench
  private let shared = SharedReads()

  init() throws { bench = try Workbench() }

  private func disk() throws -> LinuxDisk { try bench.disk(sharing: shared) }

  @Test func `is read by the first of them alone`() throws {
    let path = try bench.path("f")
    bench.shell("printf text > f; printf other > g")
    let (one, two) = (try disk(), try disk())
    let stat = try #require(try one.stat(path))
    func read(_ disk: LinuxDisk) throws -> [UInt8] {
      try disk.read(path, stat: stat, offset: 0, count: 100)
    }
    shared.begin()
    #expect(try read(one) == Array("text".utf8))
    bench.shell("mv f away")
    #expect(throws: DiskTrouble.self, "one session keeps nothing") { try read(try disk()) }
    bench.shell("mv away f")
    shared.begin()
    let moved = try #require(try two.stat(path))
    #expect(try two.read(path, stat: moved, offset: 0, count: 100) == Array("text".utf8))
    bench.shell("rm f")
    let third = try disk()
    #expect(try third.read(path, stat: moved, offset: 0, count: 100) == Array("text".utf8))
    // Another version of the file is not what is at hand.
    bench.shell("mv g f")
    let new = try #require(try third.stat(path))
    #expect(try third.read(path, stat: new, offset: 0, count: 100) == Array("other".utf8))
    shared.end()
    #expect(throws: DiskTrouble.self, "the last one keeps nothing") {
      try disk().read(path, stat: moved, offset: 0, count: 100)
    }
  }

  @Test func `is bounded`() throws {
    let shared = SharedReads()
    shared.begin()
    shared.begin()
    var stat = FileStat(
      kind: .file, device: 1, inode: 1, size: 200_000,
      modified: Timestamp(seconds: 1, nanoseconds: 0),
      changed: Timestamp(seconds: 1, nanoseconds: 0), mode: 0o644, uid: 0, gid: 0, links: 1)
    let path = try bench.path("f")
    for inode in 1...500 {
      stat.inode = UInt64(inode)
      shared.keep([UInt8](repeating: 0, count: 200_000), path, stat)
    }
    #expect(shared.content(path, stat) != nil)
    let kept = (1...500).count { inode in
      stat.inode = UInt64(inode)
      return shared.content(path, stat) != nil
    }
    #expect(kept > 30 && kept < 90)
  }
}
