import Glibc
import Model
@testable import ModelEdge
import Testing

@Suite struct `An installation` {
  let bench: Workbench
  let disk: LinuxDisk

  init() throws {
    bench = try Workbench()
    disk = try bench.disk()
  }

  @Test func `creates each kind of object`() throws {
    let modified = Timestamp(seconds: 1_000_000_000, nanoseconds: 999_999_999)
    let directory = try bench.path("d")
    let file = try bench.path("d/f")
    let link = try bench.path("d/l")
    let fifo = try bench.path("d/p")
    let batch = [
      Installation(directory, .directory, mode: 0o2750),
      Installation(file, try disk.staged("text", for: file), mode: 0o640, modified: modified),
      Installation(link, .symlink(target: Array("../else\u{1B}".utf8))),
      Installation(fifo, .fifo, mode: 0o620),
    ]
    let prepared = try disk.prepare(batch).map { try $0.get() }
    try disk.flush()
    #expect(bench.entries(bench.root).isEmpty)
    let outcomes = disk.install(prepared)
    disk.settle()
    for (item, outcome) in zip(prepared, outcomes) {
      let seen = try disk.observe(item.installation.path, known: nil)
      #expect(seen.attributes == item.applied)
      #expect(item.held.isEmpty)
      if seen.content != .directory { #expect(outcome == .installed(seen.stat)) }
    }
    #expect(try disk.observe(file, known: nil).stat.modified == modified)
    #expect(
      try disk.observe(link, known: nil).content == .symlink(target: Array("../else\u{1B}".utf8)))
    #expect(bench.staged.isEmpty)
  }

  @Test func `replaces and removes each kind of object`() throws {
    let path = try bench.path("x")
    let bodies: [() throws -> Installation.Body] = [
      { try disk.staged("one", for: path) }, { .directory }, { .symlink(target: [65]) },
      { try disk.staged("two", for: path) }, { .fifo }, { .directory },
      { try disk.staged("three", for: path) }, { .nothing }, { .symlink(target: [66]) },
      { .nothing }, { .directory }, { .nothing }, { .fifo }, { .nothing },
    ]
    for body in bodies {
      let expected = try disk.stat(path)
      let outcome = try disk.put(Installation(path, try body(), over: expected))
      #expect(outcome == .installed(try disk.stat(path)))
    }
    #expect(try disk.stat(path) == nil)
    #expect(bench.staged.isEmpty)
  }

  @Test func `leaves alone what was edited since the plan`() throws {
    let path = try bench.path("f")
    bench.shell("echo old > f")
    let plan = try disk.stat(path)
    let replacement = try disk.prepared(
      Installation(path, try disk.staged("new", for: path), over: plan))
    let removal = try disk.prepared(Installation(path, .nothing, over: plan))
    bench.shell("echo edited > f")
    #expect(disk.install([replacement, removal]) == [.overtaken, .overtaken])
    disk.settle()
    #expect(bench.text("f") == "edited\n")
    #expect(bench.staged.isEmpty)
  }

  @Test func `notices an edit whose size and time were put back`() throws {
    let path = try bench.path("f")
    bench.shell("echo old > f; touch -d @1000 f")
    let plan = try disk.stat(path)
    bench.shell("echo bad > f; touch -d @1000 f")
    let outcome = try disk.put(
      Installation(path, try disk.staged("new", for: path), over: plan))
    #expect(outcome == .overtaken)
    #expect(bench.text("f") == "bad\n")
  }

  @Test func `does not displace a file that somebody has open for writing`() throws {
    let path = try bench.path("f")
    bench.shell("echo old > f")
    let plan = try disk.stat(path)
    // Closed on exec: a shell that another test starts must not become a writer.
    let writer = try #require(fopen(bench.root + "/f", "ae"))
    let install = Installation(path, try disk.staged("new", for: path), over: plan)
    #expect(try disk.put(install) == .overtaken)
    #expect(try disk.put(Installation(path, .nothing, over: disk.stat(path))) == .overtaken)
    fputs("late\n", writer)
    fclose(writer)
    #expect(bench.text("f") == "old\nlate\n")
    let again = Installation(path, try disk.staged("new", for: path), over: try disk.stat(path))
    #expect(try disk.put(again) == .installed(disk.stat(path)))
    #expect(bench.text("f") == "new")
  }

  @Test func `does not mind another number of the device`() throws {
    let path = try bench.path("f")
    bench.shell("echo old > f; ln f g")
    var plan = try #require(try disk.stat(path))
    plan.device += 1
    plan.links = 1
    let install = Installation(path, try disk.staged("new", for: path), over: plan)
    #expect(try disk.put(install) == .installed(disk.stat(path)))
    #expect(bench.text("g") == "old\n")
  }

  @Test func `does not take a name that something else has taken`() throws {
    let path = try bench.path("f")
    let file = try disk.prepared(Installation(path, try disk.staged("new", for: path)))
    let other = try disk.prepared(Installation(path, .directory))
    bench.shell("echo mine > f")
    #expect(disk.install([file, other]) == [.overtaken, .overtaken])
    disk.settle()
    #expect(bench.text("f") == "mine\n")
    #expect(try disk.put(Installation(path, .nothing)) == .overtaken)
    #expect(bench.staged.isEmpty)
  }

  @Test func `neither removes nor replaces a directory with something in it`() throws {
    let path = try bench.path("d")
    bench.shell("mkdir d; echo kept > d/f")
    let plan = try disk.stat(path)
    #expect(try disk.put(Installation(path, .nothing, over: plan)) == .notEmpty)
    let file = Installation(path, try disk.staged("new", for: path), over: plan)
    #expect(try disk.put(file) == .notEmpty)
    #expect(bench.text("d/f") == "kept\n")
    #expect(bench.staged.isEmpty)
  }

  @Test func `fails where its directory is gone`() throws {
    let path = try bench.path("d/f")
    bench.shell("mkdir d")
    let item = try disk.prepared(Installation(path, try disk.staged("new", for: path)))
    bench.shell("rmdir d")
    #expect(disk.install([item]) == [.failed(.vanished)])
    disk.settle()
    #expect(bench.staged.isEmpty)
  }

  @Test func `follows no link that was put in the way`() throws {
    let path = try bench.path("d/f")
    bench.shell("mkdir d; mkdir ../outside; echo old > d/f; echo out > ../outside/f")
    let plan = try disk.stat(path)
    let items = try [
      disk.prepared(Installation(path, try disk.staged("new", for: path), over: plan)),
      disk.prepared(Installation(path, .nothing, over: plan)),
      disk.prepared(Installation(try bench.path("d/g"), .directory)),
    ]
    bench.shell("mv d e; ln -s ../outside d")
    #expect(
      disk.install(items) == [.failed(.notConfined), .failed(.notConfined), .failed(.notConfined)])
    disk.settle()
    #expect(bench.entries(bench.base + "/outside") == ["f"])
    #expect(bench.text("e/f") == "old\n")
    #expect(throws: DiskTrouble.notConfined) { try disk.observe(path, known: nil) }
    #expect(throws: DiskTrouble.notConfined) { try disk.list(bench.path("d")) }
  }

  @Test func `does not write into a directory that was moved away`() throws {
    let path = try bench.path("d/f")
    bench.shell("mkdir d")
    _ = try disk.list(bench.path("d"))
    bench.shell("mv d gone; mkdir d")
    #expect(try disk.put(Installation(path, try disk.staged("x", for: path))) != .overtaken)
    #expect(bench.entries(bench.root + "/gone").isEmpty)
    #expect(bench.text("d/f") == "x")
  }

  @Test func `works on a root that is a single file`() throws {
    let anchor = try #require(TreePath("%conf%"))
    bench.shell("echo old > conf; ln -s conf link")
    let single = try LinuxDisk(
      roots: [Root(anchor: anchor, localPath: Array((bench.root + "/conf").utf8))],
      stateDirectory: Array(bench.state.utf8), names: Names(source: bench.names))
    let body = try single.staged("new", for: anchor)
    #expect(try single.put(Installation(anchor, body, over: single.stat(anchor))) != .overtaken)
    #expect(bench.text("conf") == "new")
    #expect(
      try single.put(Installation(anchor, .nothing, over: single.stat(anchor))) == .installed(nil))
    #expect(single.rootState(anchor) == .missing)
  }

  @Test func `keeps a sparse file sparse`() throws {
    let path = try bench.path("sparse")
    let handle = try disk.stage(for: path, size: 64 << 20)
    let zeros = [UInt8](repeating: 0, count: 1 << 20)
    for _ in 0..<63 { try disk.append(zeros, to: handle) }
    try disk.append(Array("end".utf8), to: handle)
    let (digest, size) = try disk.finish(handle)
    #expect(size == 63 << 20 + 3)
    try disk.put(Installation(path, .staged(handle)))
    bench.shell("test $(du -k sparse | cut -f1) -lt 100")
    guard case .file(let content) = try disk.observe(path, known: nil).content else {
      Issue.record("no file")
      return
    }
    #expect(content.digest == digest)
  }

  @Test func `takes more files than descriptors may be open`() throws {
    disk.descriptorLimit = 20
    let items = try (0..<300).map { number in
      let path = try bench.path("f\(number)")
      return Installation(path, try disk.staged("\(number)", for: path))
    }
    let prepared = try disk.prepare(items).map { try $0.get() }
    try disk.flush()
    #expect(disk.install(prepared).allSatisfy { if case .installed = $0 { true } else { false } })
    disk.settle()
    #expect(bench.entries(bench.root).count == 300)
    #expect(bench.text("f0") == "0" && bench.text("f299") == "299")
    #expect(bench.staged.isEmpty)
  }
}
