import Model
import ModelEdge
import TestKit
import Testing
import Transport

@Suite struct `A disk that is told what to take` {
  private let bench: Workbench
  private let disk: LinuxDisk
  private let path: TreePath

  init() throws {
    bench = try Workbench()
    disk = try bench.disk()
    path = try bench.path("f")
  }

  private func install(
    _ owner: Owner, mode: UInt16 = 0o644, over expected: FileStat? = nil, _ taking: Taking
  ) throws -> PreparedInstallation {
    var item = Installation(
      path, try disk.staged("x", for: path), over: expected, mode: mode, owner: owner)
    item.taking = taking
    return try disk.putAndCompare(item)
  }

  private func stranger(_ number: UInt32) -> Owner {
    var owner = Owner("who", "who")
    owner.numbers = Owner.Numbers(user: number, group: number)
    return owner
  }

  // MARK: Unknown owners

  @Test func `sets the author's number where the name is unknown here, without set-id bits`() throws
  {
    let taking = Taking(setID: true, unknownOwner: .numeric)
    let item = try install(stranger(60_001), mode: 0o6755, taking)
    #expect(item.applied.owner == Owner(user: .number(60_001), group: .number(60_001)))
    #expect(item.applied.mode.bits == 0o755)
    #expect(item.held.map(\.attribute) == [.owner, .group, .mode])
    #expect(
      item.held.first?.reason == "user \"who\" is unknown here: the number 60001 is set")
  }

  @Test(arguments: [0, UInt32.max]) func `never sets root's number by accident`(_ number: UInt32)
    throws
  {
    bench.shell("echo old > f; chown 5001:5001 f")
    let adjusting = Installation(
      path: path, body: .unchangedFile(sha256(Array("old\n".utf8))),
      expected: try disk.stat(path), mode: Mode(bits: 0o644), owner: stranger(number),
      acl: .none, modified: nil, taking: Taking(unknownOwner: .numeric))
    #expect(try disk.putAndCompare(adjusting).applied.owner == Owner("shop", "shop"))
  }

  @Test func `sets the owner that the group names, and holds where that one is unknown`() throws {
    let item = try install(stranger(60_001), Taking(unknownOwner: .map("alice")))
    #expect(item.applied.owner == Owner("alice", "alice"))
    #expect(item.held.first?.reason == "user \"who\" is unknown here: \"alice\" is set")
    for name in ["nobody-here", "zero"] {
      let taking = Taking(unknownOwner: .map(name))
      let other = try install(stranger(60_001), over: try disk.stat(path), taking)
      #expect(other.applied.owner == .root)
      #expect(other.held.map(\.attribute) == [.owner, .group])
    }
  }

  @Test func `says its own numbers beside the names of an owner`() throws {
    bench.shell("echo x > f; chown 5001:0 f")
    let owner = try disk.observe(path, known: nil).owner
    #expect(owner == Owner(user: .name(Array("shop".utf8)), group: .number(0)))
    #expect(owner.numbers == Owner.Numbers(user: 5001, group: 0))
  }

  // MARK: Ignored attributes

  @Test func `leaves ignored attributes of what is there, an access list as well`() throws {
    bench.shell("echo old > f; chown 5001:5002 f; chmod 640 f; setfacl -m u:5002:rw f")
    let before = try disk.observe(path, known: nil)
    let taking = Taking(ignored: [.uid, .gid, .mod])
    let item = try install(.root, mode: 0o777, over: before.stat, taking)
    #expect(item.applied == before.attributes)
    #expect(item.held == [])
    #expect(bench.text("f") == "x")
  }

  @Test func `makes what is new root's own, never wider than its author's`() throws {
    let taking = Taking(ignored: [.uid, .gid, .mod])
    #expect(try install(Owner("shop", "shop"), mode: 0o444, taking).applied.mode.bits == 0o400)
    let later = try install(Owner("shop", "shop"), over: try disk.stat(path), taking)
    #expect(later.applied.owner == .root)
    #expect(later.applied.mode.bits == 0o400)
    var directory = Installation(try bench.path("d"), .directory, mode: 0o600)
    directory.taking = taking
    #expect(try disk.putAndCompare(directory).applied.mode.bits == 0o700)
  }

  @Test func `runs nothing that others wrote with rights that a file had here`() throws {
    bench.shell("echo old > f; chmod 4755 f")
    let item = try install(.root, over: try disk.stat(path), Taking(ignored: [.mod]))
    #expect(item.applied.mode.bits == 0o755)
  }

  // MARK: Devices

  @Test func `makes device nodes and reads them back, without opening one`() throws {
    let zero = Content.device(DeviceNode(isBlock: false, major: 1, minor: 5))
    let loop = Content.device(DeviceNode(isBlock: true, major: 7, minor: 99))
    for (name, content) in [("c", zero), ("b", loop)] {
      guard case .device(let node) = content else { continue }
      let place = try bench.path(name)
      let item = Installation(place, .device(node), mode: 0o620, owner: Owner("shop", "shop"))
      #expect(try disk.putAndCompare(item).held == [])
      #expect(try disk.observe(place, known: nil).content == content)
    }
    bench.shell("test $(stat -c %t:%T:%a:%u c) = 1:5:620:5001 && test -b b")
    #expect("\(DeviceNode(isBlock: false, major: 1, minor: 3))" == "character device 1:3")
  }

  @Test func `puts another device, a file and other attributes in the place of a device`() throws {
    bench.shell("mknod f c 1 3")
    let other = DeviceNode(isBlock: false, major: 1, minor: 5)
    _ = try disk.putAndCompare(
      Installation(path, .device(other), over: try disk.stat(path), mode: 0o600))
    #expect(try disk.observe(path, known: nil).content == .device(other))
    _ = try disk.putAndCompare(
      Installation(path, .device(other), over: try disk.stat(path), mode: 0o644))
    #expect(try install(.root, over: try disk.stat(path), Taking()).held == [])
    #expect(bench.text("f") == "x")
    #expect(bench.staged.isEmpty)
  }
}

@Suite struct `A scan of devices` {
  private func scan(_ bench: Workbench, _ store: MemoryStore, _ option: String) throws -> ScanReport
  {
    let group = memoryGroup(["a", "b"], "include %web%; \(option)", own: "a")
    return try Scanner.scan(
      group.group, selection: group.selection, store: store, disk: try bench.disk(),
      request: ScanRequest(), surroundings: MemorySurroundings(seed: 1))
  }

  @Test func `records them only where the group says so`() throws {
    let bench = try Workbench()
    let store = MemoryStore(replica: replica(1))
    bench.shell("mknod null c 1 3")
    let report = try scan(bench, store, "")
    #expect(
      report.problems.map(\.remedy) == ["exclude it, or say devices yes in the group"])
    #expect(try store.entry("g", try bench.path("null")) == nil)
    #expect(try scan(bench, store, "devices yes;").events == 1)
    #expect(
      try store.entry("g", try bench.path("null"))?.record.content.settled
        == .device(DeviceNode(isBlock: false, major: 1, minor: 3)))
  }
}
