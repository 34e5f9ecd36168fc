import Glibc
import Model
import ModelEdge
import Testing

@Suite struct `A root on another file system` {
  @Test func `is served from a hidden directory of its own, which goes away`() throws {
    let bench = try Workbench(mount: "tmpfs -o size=4m")
    let path = try bench.path("f")
    do {
      let disk = try bench.disk()
      let item = try disk.prepared(Installation(path, try disk.staged("new", for: path)))
      #expect(bench.entries(bench.root).count == 1)
      #expect(try disk.list(bench.anchor).isEmpty)
      #expect(try bench.disk().list(bench.anchor).isEmpty)
      bench.shell("test $(stat -c %a:%u .concord-*) = 700:0")
      #expect(disk.install([item])[0] != .overtaken)
      disk.settle()
      #expect(bench.entries(bench.root) == ["f"])
      let more = Installation(path, try disk.staged("more", for: path), over: try disk.stat(path))
      #expect(try disk.put(more) == .installed(disk.stat(path)))
      #expect(bench.text("f") == "more")
    }
    #expect(bench.entries(bench.root) == ["f"])
    #expect(bench.staged.isEmpty)
  }

  @Test func `is recovered and cleared by the next run`() throws {
    let bench = try Workbench(mount: "tmpfs -o size=4m")
    let path = try bench.path("f")
    bench.shell("echo old > f")
    var dead: LinuxDisk? = try bench.disk()
    let body = try #require(try dead?.staged("new", for: path))
    let item = try #require(
      try dead?.prepared(Installation(path, body, over: try dead?.stat(path) ?? nil)))
    dead = nil
    #expect(bench.entries(bench.root).count == 2)
    let next = try bench.disk()
    #expect(try next.list(bench.anchor).map(\.name) == [Array("f".utf8)])
    #expect(next.recover(path, token: item.token) == .undone)
    next.clearStaging()
    #expect(bench.entries(bench.root) == ["f"])
  }

  @Test func `that is full says so and nothing is left of the attempt`() throws {
    let bench = try Workbench(mount: "tmpfs -o size=1m")
    let path = try bench.path("f")
    let disk = try bench.disk()
    #expect(throws: DiskTrouble.self) { try disk.stage(for: path, size: 2 << 20) }
    let handle = try disk.stage(for: path, size: 100)
    let block = [UInt8](repeating: 7, count: 1 << 20)
    #expect(throws: DiskTrouble.full("no space left on device")) {
      for _ in 0..<3 { try disk.append(block, to: handle) }
    }
    #expect(throws: DiskTrouble.self) { try disk.finish(handle) }
    disk.drop(handle)
    disk.settle()
    #expect(bench.entries(bench.root).isEmpty)
    try disk.put(Installation(path, try disk.staged("small", for: path)))
    #expect(bench.text("f") == "small")
  }

  @Test func `below a root is seen and not entered`() throws {
    let bench = try Workbench()
    bench.shell("mkdir m b s; echo in > s/f; mount -t tmpfs none m; mount --bind s b; echo x > m/f")
    defer { bench.shell("umount m b") }
    let disk = try bench.disk()
    #expect(try disk.list(bench.anchor).map(\.name) == ["b", "m", "s"].map { Array($0.utf8) })
    for name in ["m", "b"] {
      #expect(throws: DiskTrouble.otherFileSystem) { try disk.list(bench.path(name)) }
      #expect(throws: DiskTrouble.otherFileSystem) { try disk.stat(bench.path(name + "/f")) }
      #expect(throws: DiskTrouble.otherFileSystem) {
        try disk.observe(bench.path(name), known: nil)
      }
      let path = try bench.path(name + "/g")
      let outcome = try disk.put(Installation(path, try disk.staged("x", for: path)))
      #expect(outcome == .failed(.otherFileSystem))
    }
  }

  @Test func `without access lists gives no more than the list would`() throws {
    let bench = try Workbench(mount: "ramfs")
    let disk = try bench.disk()
    let path = try bench.path("f")
    let list = AccessList(access: [
      AccessEntry(.owningGroup, permissions: 4),
      AccessEntry(.user, .name(Array("shop".utf8)), permissions: 0),
      AccessEntry(.user, .name(Array("alice".utf8)), permissions: 7),
    ])
    let item = try disk.putAndCompare(
      Installation(path, try disk.staged("x", for: path), mode: 0o674, acl: list))
    #expect(item.applied.mode.bits == 0o600)
    #expect(item.held.map(\.attribute) == [.acl, .mode])
  }
}
