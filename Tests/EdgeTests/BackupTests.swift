import Glibc
import Model
import ModelEdge
import Testing

@Suite struct `A copy of what is replaced` {
  private let bench: Workbench
  private let directory: String

  init() throws {
    bench = try Workbench()
    directory = bench.base + "/kept"
  }

  private func place(_ generations: Int = 3) -> BackupPlace {
    BackupPlace(directory: Array(directory.utf8), generations: generations)
  }

  /// Replaces what stands at a path by a text (nil: removes it), with a copy; says how that went.
  @discardableResult
  private func replace(
    _ name: String, _ text: String?, _ place: BackupPlace, disk: LinuxDisk? = nil
  ) throws -> DiskTrouble? {
    let disk = try disk ?? bench.disk()
    let path = try bench.path(name)
    let body = try text.map { try disk.staged($0, for: path) } ?? .nothing
    let item = try disk.prepared(Installation(path, body, over: try disk.stat(path)))
    let trouble = disk.backUp([item], in: place)[0]
    if trouble == nil {
      guard case .installed = disk.install([item])[0] else {
        Issue.record("not installed")
        return nil
      }
    }
    disk.settle()
    return trouble
  }

  private func text(_ generation: Int, _ name: String) -> String? {
    let path = directory + "/\(generation)" + bench.root + "/" + name
    var seen = stat()
    guard lstat(path, &seen) == 0, seen.st_mode & S_IFMT == S_IFREG,
      let file = fopen(path, "r")
    else { return nil }
    defer { fclose(file) }
    var out: [UInt8] = []
    while case let byte = getc(file), byte != EOF { out.append(UInt8(byte)) }
    return String(decoding: out, as: UTF8.self)
  }

  @Test func `is one of the last that were replaced, each in its generation`() throws {
    for version in 1...7 { try replace("f", "version \(version)", place(4)) }
    #expect(bench.text("f") == "version 7")
    #expect(
      (1...5).map { text($0, "f") } == ["version 6", "version 5", "version 4", "version 3", nil])
    #expect(bench.entries(directory + "/new").isEmpty)
  }

  @Test func `goes when fewer are asked for`() throws {
    for version in 1...7 { try replace("f", "version \(version)", place(5)) }
    try replace("f", "version 8", place(2))
    #expect((1...5).map { text($0, "f") } == ["version 7", "version 6", nil, nil, nil])
  }

  @Test func `has the owner, the mode without set-id bits, the list and the time`() throws {
    bench.shell("echo old > f; chown 5001:5002 f; chmod 6754 f; setfacl -m u:5002:rw f")
    bench.shell("chmod u+s,g+s f; touch -d '2001-02-03 04:05:06.123456789Z' f")
    try replace("f", "new", place())
    let copy = "\(directory)/1\(bench.root)/f"
    bench.shell("test \"$(stat -c '%u:%g %Y %y' \(copy) | cut -d. -f1)\" != ''")
    bench.shell("test \"$(stat -c %u:%g:%Y \(copy))\" = 5001:5002:981173106")
    bench.shell("stat -c %y \(copy) | grep -q 123456789")
    bench.shell("test $(($(stat -c 0%a \(copy)) & 07000)) = 0")
    bench.shell("getfacl -cpn \(copy) | grep -q '^user:5002:rw-'")
    bench.shell("test $(stat -c %a:%u \(directory)) = 700:0")
    bench.shell("test $(stat -c %a:%u \(directory)/1) = 700:0")
  }

  @Test func `of a link is a link, of a removed file a file, and a FIFO is not opened`() throws {
    bench.shell("ln -s ../elsewhere l; chown -h 5001 l; touch -hd '2001-01-01Z' l")
    bench.shell("echo gone > g; mkfifo p")
    for name in ["l", "g", "p"] { try replace(name, nil, place()) }
    let kept = "\(directory)/1\(bench.root)"
    bench.shell("test \"$(readlink \(kept)/l)\" = ../elsewhere")
    bench.shell("test $(stat -c %u:%Y \(kept)/l) = 5001:978307200")
    #expect(text(1, "g") == "gone\n")
    #expect(bench.entries(kept) == ["g", "l"])
  }

  @Test func `that could not be used is not made again and pushes none out`() throws {
    for version in 1...3 { try replace("f", "version \(version)", place()) }
    let disk = try bench.disk()
    let path = try bench.path("f")
    for _ in 0..<5 {
      let item = try disk.prepared(
        Installation(path, try disk.staged("next", for: path), over: try disk.stat(path)))
      #expect(disk.backUp([item], in: place()) == [nil])
      disk.settle()
    }
    #expect((1...3).map { text($0, "f") } == ["version 3", "version 2", "version 1"])
  }

  @Test func `of a file makes way for those of a directory's files, and the other way round`()
    throws
  {
    try replace("x", "file 1", place())
    try replace("x", nil, place())
    bench.shell("mkdir x; echo inner > x/y")
    try replace("x/y", "inner 2", place())
    #expect(text(2, "x") == "file 1")
    #expect(text(1, "x/y") == "inner\n")
    bench.shell("rm -r x; echo again > x")
    try replace("x", "file 3", place())
    #expect(text(1, "x") == "again\n")
    #expect(text(2, "x/y") == "inner\n")
    #expect(text(3, "x") == "file 1")
    for version in 1...3 { try replace("x", "more \(version)", place()) }
    #expect((1...3).map { text($0, "x") } == ["more 2", "more 1", "file 3"])
  }

  @Test func `bears any name`() throws {
    let disk = try bench.disk()
    let path = try #require(
      bench.anchor.child([0x61, 0x0A, 0x62])?.child([0xFF, 0x20, 0x22, 0x24]))
    bench.shell("mkdir \"$(printf 'a\\nb')\"")
    let body = try disk.staged("old", for: path)
    try disk.put(Installation(path, body))
    let item = try disk.prepared(
      Installation(path, try disk.staged("new", for: path), over: try disk.stat(path)))
    #expect(disk.backUp([item], in: place()) == [nil])
    disk.settle()
    let copies = try BackupCatalog.copies(
      in: Array(directory.utf8), of: [], names: Names(source: bench.names))
    let local = Array((bench.root + "/a\nb/").utf8) + [0xFF, 0x20, 0x22, 0x24]
    #expect(copies.map(\.path) == [local])
    #expect(copies.first?.stat.size == 3)
    #expect(copies.first?.replaced != nil)
    let back = try disk.stageBackup(of: path, generation: 1, in: place())
    #expect(back?.observation.stat.size == 3)
    #expect(try disk.stageBackup(of: path, generation: 2, in: place()) == nil)
    if let stage = back?.stage { disk.drop(stage) }
  }

  @Test func `is not made in a place that others can change, and nothing is replaced`() throws {
    bench.shell("echo old > f; echo x > \(directory)")
    #expect(try replace("f", "new", place()) == .rootUnavailable("\(directory): not a directory"))
    bench.shell("rm \(directory); mkdir -m 777 \(directory)")
    #expect(try replace("f", "new", place()) == .refused("others can write in it"))
    bench.shell("chmod 755 \(directory); chown 5001 \(directory)")
    #expect(try replace("f", "new", place()) == .refused("it belongs to user 5001"))
    bench.shell("rmdir \(directory); ln -s /tmp \(directory); chown -h 5001 \(directory)")
    #expect(try replace("f", "new", place()) != nil)
    let far = BackupPlace(directory: Array((directory + "/no/where").utf8), generations: 3)
    #expect(try replace("f", "new", far) != nil)
    #expect(bench.text("f") == "old\n")
  }

  @Test func `that has no room is not made; the others are`() throws {
    bench.shell("mkdir -m 700 \(directory); mount -t tmpfs -o size=256k,mode=700 none \(directory)")
    defer { bench.shell("umount -l \(directory)") }
    bench.shell("head -c 1000000 /dev/urandom > big; echo old > small")
    let disk = try bench.disk()
    let names = ["big", "small"]
    var items: [PreparedInstallation] = []
    for name in names {
      let path = try bench.path(name)
      items.append(
        try disk.prepared(
          Installation(path, try disk.staged("new", for: path), over: try disk.stat(path))))
    }
    #expect(disk.backUp(items, in: place()) == [.full("no space left on device"), nil])
    disk.settle()
    #expect(text(1, "small") == "old\n")
    #expect(bench.entries(directory + "/new").isEmpty)
    #expect(bench.entries(directory + "/1" + bench.root) == ["small"])
  }

  @Test func `below a root is seen by no scan and written by no change`() throws {
    let inside = bench.root + "/kept"
    let place = BackupPlace(directory: Array(inside.utf8), generations: 3)
    func disk() throws -> LinuxDisk {
      try LinuxDisk(
        roots: [Root(anchor: bench.anchor, localPath: Array(bench.root.utf8))],
        stateDirectory: Array(bench.state.utf8), names: Names(source: bench.names),
        backupDirectories: [Array(inside.utf8)])
    }
    bench.shell("echo old > f")
    try replace("f", "new", place, disk: disk())
    #expect(bench.entries(bench.root) == ["f", "kept"])
    #expect(try disk().list(bench.anchor).map(\.name) == [Array("f".utf8)])
    #expect(try disk().keepsBackups(at: bench.path("kept/1")))
    #expect(throws: DiskTrouble.refused("it is in the directory of backups")) {
      try disk().stat(bench.path("kept/1"))
    }
    let path = try bench.path("kept/1/x")
    #expect(throws: DiskTrouble.self) { try disk().stage(for: path, size: 1) }
  }

  @Test func `of something that was changed meanwhile is not made`() throws {
    bench.shell("echo old > f; echo other > g; ln -s a l")
    let disk = try bench.disk()
    var items: [PreparedInstallation] = []
    for name in ["f", "g", "l"] {
      let path = try bench.path(name)
      items.append(
        try disk.prepared(
          Installation(path, try disk.staged("new", for: path), over: try disk.stat(path))))
    }
    bench.shell("echo edited > f; rm g; ln -sf b l")
    #expect(disk.backUp(items, in: place()) == [nil, nil, nil])
    #expect(disk.install(items) == [.overtaken, .overtaken, .overtaken])
    disk.settle()
    #expect(bench.entries(directory) == ["new"])
  }

  @Test func `has two names for a moment if a run dies, and then one`() throws {
    for version in 1...3 { try replace("f", "version \(version)", place()) }
    let kept = "\(bench.root)/f"
    bench.shell(
      "cd \(directory) && mkdir -p 3\(bench.root) && mv 2\(kept) 3\(kept) && ln 1\(kept) 2\(kept)")
    bench.shell("echo torn > \(directory)/new/1")
    try replace("f", "version 4", place())
    #expect((1...3).map { text($0, "f") } == ["version 3", "version 2", "version 1"])
    #expect(bench.entries(directory + "/new").isEmpty)
  }
}
