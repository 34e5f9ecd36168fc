import Model
import ModelEdge
import TestKit
import Testing
import Transport

/// Mount points below a root, where the group crosses them.
@Suite struct `A root with mounts in it` {
  private let bench: Workbench
  private let store = MemoryStore(replica: replica(1))

  init() throws {
    bench = try Workbench(mount: "tmpfs -o size=4m")
    bench.shell("mkdir -p d/m && mount -t tmpfs none d/m && echo below > d/m/f")
  }

  private func scan(
    _ option: String = "cross-mounts yes;", _ request: ScanRequest = ScanRequest()
  ) throws -> ScanReport {
    let group = memoryGroup(["a", "b"], "include %web%; \(option)", own: "a")
    return try Scanner.scan(
      group.group, selection: group.selection, store: store,
      disk: try bench.disk(crossesMounts: group.group.crossesMounts), request: request,
      surroundings: MemorySurroundings(seed: 1))
  }

  private func entry(_ name: String) throws -> Entry? {
    try store.entry("g", try bench.path(name))
  }

  @Test func `is not walked below them unless the group says so`() throws {
    let report = try scan("")
    #expect(Set(report.problems.map(\.path)) == [try bench.path("d/m")])
    #expect(try entry("d/m/f") == nil)
    #expect(try scan().problems == [])
    #expect(try entry("d/m/f")?.shown.content.value.kindName == "file")
  }

  @Test func `is written to through staging on each of them, which goes away`() throws {
    let path = try bench.path("d/m/f")
    do {
      let disk = try bench.disk(crossesMounts: true)
      let item = try disk.prepared(
        Installation(path, try disk.staged("new", for: path), over: try disk.stat(path)))
      #expect(bench.entries(bench.root + "/d/m").count == 2)
      #expect(try disk.list(try bench.path("d/m")).map(\.name) == [Array("f".utf8)])
      #expect(disk.install([item])[0] == .installed(try disk.stat(path)))
      disk.settle()
      let deep = try bench.path("d/m/deep")
      _ = try disk.putAndCompare(Installation(deep, .directory))
      let below = try bench.path("d/m/deep/g")
      _ = try disk.putAndCompare(Installation(below, try disk.staged("g", for: below)))
      let beside = try bench.path("d/h")
      _ = try disk.putAndCompare(Installation(beside, try disk.staged("h", for: beside)))
      try disk.put(Installation(below, .nothing, over: try disk.stat(below)))
    }
    #expect(bench.text("d/m/f") == "new")
    #expect(bench.entries(bench.root + "/d/m") == ["deep", "f"])
    #expect(bench.entries(bench.root) == ["d"])
  }

  @Test func `is recovered below a mount by the next run`() throws {
    let path = try bench.path("d/m/f")
    var dead: LinuxDisk? = try bench.disk(crossesMounts: true)
    let body = try #require(try dead?.staged("new", for: path))
    let item = try #require(
      try dead?.prepared(Installation(path, body, over: try dead?.stat(path) ?? nil)))
    dead = nil
    let next = try bench.disk(crossesMounts: true)
    #expect(next.recover(path, token: item.token) == .undone)
    next.clearStaging()
    #expect(bench.entries(bench.root + "/d/m") == ["f"])
  }

  @Test func `loses nothing when one is unmounted, until somebody says so`() throws {
    _ = try scan()
    bench.shell("umount d/m")
    #expect(try scan().question == .unmounted(try bench.path("d/m")))
    let part = ScanRequest(paths: [try bench.path("d/m/f")])
    #expect(try scan("cross-mounts yes;", part).question == .unmounted(try bench.path("d/m")))
    bench.shell("rmdir d/m")
    #expect(try scan().question == .unmounted(try bench.path("d/m")))
    #expect(try entry("d/m/f")?.record.isTombstone == false)
    #expect(try scan("cross-mounts yes;", ScanRequest(acceptsDeletions: true)).question == nil)
    #expect(try entry("d/m/f")?.record.isTombstone == true)
    #expect(try scan().question == nil)
  }

  @Test func `ends where a directory above is mounted again below itself`() throws {
    bench.shell("mkdir d/loop && mount --bind . d/loop")
    defer { bench.shell("umount -l d/loop") }
    let report = try scan()
    #expect(report.problems.map(\.path) == [try bench.path("d/loop")])
    #expect(report.problems.map(\.reason) == ["a directory above it is mounted there again"])
    #expect(report.question == nil)
    #expect(try entry("d/loop/d") == nil)
    #expect(try scan().events == 0)
  }

  @Test func `ends with the whole system mounted in it`() throws {
    bench.shell("mkdir -p d/all && mount --bind / d/all")
    defer { bench.shell("umount -l d/all") }
    let group = memoryGroup(
      ["a", "b"],
      "include %web%; exclude %web%/d/all; include %web%/d/all\(bench.base);"
        + "cross-mounts yes;", own: "a")
    let report = try Scanner.scan(
      group.group, selection: group.selection, store: store,
      disk: try bench.disk(crossesMounts: true), request: ScanRequest(),
      surroundings: MemorySurroundings(seed: 1))
    #expect(report.question == nil)
    #expect(try entry("d/all\(bench.base)/state") != nil)
  }

  @Test func `sees no change in an overlay that copies a file up`() throws {
    bench.shell("mkdir -p lower upper work d/o && echo old > lower/f")
    bench.shell(
      "mount -t overlay none -o lowerdir=lower,upperdir=upper,workdir=work d/o || exit 0")
    guard bench.text("d/o/f") != nil else { return }
    defer { bench.shell("umount -l d/o") }
    _ = try scan()
    let path = try bench.path("d/o/f")
    let before = try entry("d/o/f")?.record
    bench.shell("touch -r lower/f d/o/f")
    _ = try scan()
    #expect(try entry("d/o/f")?.record == before)
    #expect(try scan().events == 0)
    let disk = try bench.disk(crossesMounts: true)
    _ = try disk.put(
      Installation(path, try disk.staged("new", for: path), over: try disk.stat(path)))
    #expect(bench.text("d/o/f") == "new")
    _ = try scan()
    #expect(try entry("d/o/f")?.record != before)
    #expect(try scan().events == 0)
  }
}
