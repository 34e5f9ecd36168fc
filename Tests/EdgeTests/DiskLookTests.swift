import Glibc
import Model
import ModelEdge
import Testing

@Suite struct `A look at a disk` {
  let bench: Workbench
  let disk: LinuxDisk

  init() throws {
    bench = try Workbench()
    disk = try bench.disk()
  }

  @Test func `lists names of any bytes in path order`() throws {
    let names: [[UInt8]] = [
      [0xFF, 0xFE], Array("a-b".utf8), Array("a".utf8), Array("a.b".utf8),
      Array("\u{1B}[2J\n".utf8),
      [UInt8](repeating: 0x78, count: 255), Array("é".utf8), Array("e\u{301}".utf8), [0x80],
      Array(".concord-0123456789abcdef".utf8),
    ]
    for name in names {
      let path = try #require(bench.anchor.child(name))
      try disk.put(Installation(path, try disk.staged("x", for: path)))
    }
    let listed = try disk.list(bench.anchor)
    #expect(Set(listed.map(\.name)) == Set(names))
    let paths = listed.compactMap { bench.anchor.child($0.name) }
    #expect(paths == paths.sorted())
    for item in listed {
      let path = try #require(bench.anchor.child(item.name))
      #expect(try disk.observe(path, known: nil).stat == item.stat)
    }
  }

  @Test func `walks deeper than the kernel takes a path`() throws {
    var path = bench.anchor
    for _ in 0..<30 {
      path = try #require(path.child([UInt8](repeating: 0x64, count: 200)))
      try disk.put(Installation(path, .directory))
    }
    let file = try #require(path.child(Array("f".utf8)))
    try disk.put(Installation(file, try disk.staged("deep", for: file)))
    #expect(try disk.list(path).map(\.name) == [Array("f".utf8)])
    #expect(try disk.stat(file)?.size == 4)
  }

  @Test func `tells what is missing from what is in the way`() throws {
    bench.shell("echo x > f; ln -s . loop")
    #expect(try disk.stat(bench.path("none")) == nil)
    #expect(try disk.stat(bench.path("none/below")) == nil)
    #expect(try disk.stat(bench.path("f/below")) == nil)
    #expect(throws: DiskTrouble.vanished) { try disk.observe(bench.path("none"), known: nil) }
    #expect(throws: DiskTrouble.notConfined) { try disk.stat(bench.path("loop/f")) }
    #expect(try disk.stat(bench.path("loop"))?.kind == .symlink)
  }

  @Test func `knows a root that is there, missing or out of reach`() throws {
    guard case .present(let stat) = disk.rootState(bench.anchor) else {
      Issue.record("the root is there")
      return
    }
    #expect(stat.kind == .directory)
    rename(bench.root, bench.root + "2")
    #expect(disk.rootState(bench.anchor) == .missing)
    #expect(throws: DiskTrouble.self) { try disk.list(bench.anchor) }
    let far = try LinuxDisk(
      roots: [Root(anchor: bench.anchor, localPath: Array("/tmp/none/at/all".utf8))],
      stateDirectory: Array(bench.state.utf8), names: Names(source: bench.names))
    #expect(far.rootState(bench.anchor) == .unavailable("/tmp/none/at: no such file or directory"))
  }

  @Test func `follows only root's links to a root`() throws {
    bench.shell("mkdir real; ln -s real mine; ln -s real theirs; chown -h 5002 theirs")
    func state(_ name: String) throws -> RootState {
      let local = Array((bench.root + "/" + name + "/x").utf8)
      return try LinuxDisk(
        roots: [Root(anchor: bench.anchor, localPath: local)],
        stateDirectory: Array(bench.state.utf8), names: Names(source: bench.names)
      ).rootState(bench.anchor)
    }
    #expect(try state("mine") == .missing)
    guard case .unavailable(let reason) = try state("theirs") else {
      Issue.record("followed")
      return
    }
    #expect(reason.hasSuffix("the link theirs belongs to user 5002"))
  }

  @Test func `opens no FIFO, socket or device`() throws {
    bench.shell(
      "mkfifo p; mknod c c 1 3; perl -MSocket -e 'socket(S,1,1,0);bind(S,pack_sockaddr_un(\"s\"))'")
    #expect(try disk.observe(bench.path("p"), known: nil).content == .fifo)
    #expect(
      try disk.observe(bench.path("c"), known: nil).content
        == .device(DeviceNode(isBlock: false, major: 1, minor: 3)))
    #expect(throws: DiskTrouble.refused("socket")) { try disk.observe(bench.path("s"), known: nil) }
    #expect(try disk.list(bench.anchor).map(\.stat.kind) == [.device, .fifo, .socket])
  }

  @Test func `reads a known file again only if its stat differs`() throws {
    let path = try bench.path("f")
    bench.shell("echo one > f; touch -d @1000 f")
    var known = try disk.observe(path, known: nil)
    #expect(
      known.content
        == .file(
          FileContent(
            digest: sha256(Array("one\n".utf8)), size: 4,
            modified: Timestamp(seconds: 1_000, nanoseconds: 0), isBirth: false)))
    guard case .file(var content) = known.content else { return }
    content.digest = sha256([])
    known.content = .file(content)
    #expect(try disk.observe(path, known: known) == known)
    bench.shell("echo two > f; touch -d @1000 f")
    content.digest = sha256(Array("two\n".utf8))
    #expect(try disk.observe(path, known: known).content == .file(content))
  }

  @Test func `of a file that grows is busy or whole`() throws {
    let path = try bench.path("log")
    bench.shell("(for i in $(seq 3000); do echo 0123456789abcdef; done > log) &")
    var whole = 0
    for _ in 0..<400 {
      let seen = Result { () throws(DiskTrouble) in try disk.observe(path, known: nil) }
      guard case .success(let observation) = seen, case .file(let content) = observation.content
      else {
        #expect(seen == .failure(.busy) || seen == .failure(.vanished))
        continue
      }
      // One write may become visible in two parts, where it crosses a page.
      let lines = (0...(content.size / 17)).flatMap { _ in Array("0123456789abcdef\n".utf8) }
      #expect(content.digest == sha256(Array(lines.prefix(Int(content.size)))))
      whole += 1
    }
    #expect(whole > 0)
  }

  @Test func `reads pieces of the version that was asked for`() throws {
    let path = try bench.path("f")
    bench.shell("printf 0123456789 > f")
    let stat = try #require(try disk.stat(path))
    #expect(try disk.read(path, stat: stat, offset: 0, count: 4) == Array("0123".utf8))
    #expect(try disk.read(path, stat: stat, offset: 8, count: 4) == Array("89".utf8))
    #expect(try disk.read(path, stat: stat, offset: 10, count: 4) == [])
    bench.shell("printf x >> f")
    #expect(throws: DiskTrouble.busy) { try disk.read(path, stat: stat, offset: 0, count: 4) }
  }
}
