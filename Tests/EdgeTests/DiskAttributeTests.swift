import Glibc
import Model
import ModelEdge
import Testing

@Suite struct `Attributes on a disk` {
  let bench: Workbench
  let disk: LinuxDisk
  let path: TreePath

  init() throws {
    bench = try Workbench()
    disk = try bench.disk()
    path = try bench.path("f")
  }

  private let shop = Principal.name(Array("shop".utf8))
  private let nobody = Principal.name(Array("who\u{7}".utf8))

  private func acl(_ named: AccessEntry...) -> AccessList {
    AccessList(access: [AccessEntry(.owningGroup, permissions: 4)] + named)
  }

  @Test func `come back as they were set, lists and names included`() throws {
    let list = AccessList(
      access: [
        AccessEntry(.owningGroup, permissions: 5), AccessEntry(.user, shop, permissions: 6),
        AccessEntry(.group, .number(77), permissions: 1),
      ],
      inherited: [
        AccessEntry(.owner, permissions: 7), AccessEntry(.user, shop, permissions: 7),
        AccessEntry(.owningGroup, permissions: 0), AccessEntry(.mask, permissions: 5),
        AccessEntry(.others, permissions: 0),
      ])
    let item = try disk.putAndCompare(
      Installation(
        try bench.path("d"), .directory, mode: 0o1775, owner: Owner("alice", "shop"), acl: list))
    #expect(item.held.isEmpty)
    #expect(item.applied.acl == list)
    #expect(item.applied.owner == Owner("alice", "shop"))
    #expect(item.applied.mode.bits == 0o1775)
    bench.shell("test $(stat -c %u:%g d) = 5002:5001")
    let bare = Installation(
      try bench.path("d"), .directory, over: try disk.stat(bench.path("d")), mode: 0o700)
    #expect(try disk.putAndCompare(bare).applied.acl == .none)
  }

  @Test func `of files and FIFOs may have access lists`() throws {
    let list = acl(AccessEntry(.user, shop, permissions: 6))
    let body = try disk.staged("x", for: path)
    #expect(
      try disk.putAndCompare(Installation(path, body, mode: 0o660, acl: list)).applied.acl == list)
    let fifo = Installation(try bench.path("p"), .fifo, mode: 0o660, acl: list)
    #expect(try disk.putAndCompare(fifo).applied.acl == list)
  }

  @Test func `hold an unknown owner back and give the file to root`() throws {
    let body = try disk.staged("x", for: path)
    let item = try disk.putAndCompare(
      Installation(path, body, mode: 0o6755, owner: Owner("nobody-here", "no\ngroup")))
    #expect(item.applied.owner == .root)
    #expect(item.applied.mode.bits == 0o755)
    #expect(
      item.held == [
        Held(.owner, "user \"nobody-here\" is unknown here"),
        Held(.group, "group \"no\\ngroup\" is unknown here"),
        Held(.mode, "set-id bits are not set for another owner than theirs"),
      ])
    let foreseen = disk.foresee(
      Attributes(mode: item.applied.mode, owner: Owner("shop", "who"), acl: .none), at: path,
      isSymlink: false, taking: Taking())
    #expect(foreseen.applied.owner == Owner(user: shop, group: .number(0)))
    #expect(foreseen.held == [Held(.group, "group \"who\" is unknown here")])
  }

  @Test func `never come to root's numbers by a name`() throws {
    let body = try disk.staged("x", for: path)
    let item = try disk.putAndCompare(Installation(path, body, owner: Owner("zero", "shop")))
    #expect(item.held == [Held(.owner, "user \"zero\" is unknown here")])
    let number = Owner(user: .number(5001), group: .number(4242))
    let other = try disk.putAndCompare(
      Installation(path, try disk.staged("y", for: path), over: try disk.stat(path), owner: number))
    #expect(other.applied.owner == Owner(user: .number(0), group: .number(4242)))
    #expect(other.held == [Held(.owner, "user number 5001 belongs to somebody else here")])
  }

  @Test func `take no set-id bits from peers unless that is allowed`() throws {
    let item = try disk.putAndCompare(
      Installation(path, try disk.staged("x", for: path), mode: 0o6755))
    #expect(item.held == [Held(.mode, "set-id bits are not taken from peers")])
    #expect(item.applied.mode.bits == 0o755)
    let directory = Installation(try bench.path("d"), .directory, mode: 0o6755)
    #expect(try disk.putAndCompare(directory).applied.mode.bits == 0o2755)
    var again = Installation(
      path, try disk.staged("x", for: path), over: try disk.stat(path), mode: 0o6755,
      owner: Owner("shop", "shop"))
    again.taking.setID = true
    #expect(try disk.putAndCompare(again).applied.mode.bits == 0o6755)
  }

  @Test func `leave entries of unknown users out and a malformed list away`() throws {
    let list = acl(
      AccessEntry(.user, shop, permissions: 6), AccessEntry(.user, nobody, permissions: 7))
    let item = try disk.putAndCompare(
      Installation(path, try disk.staged("x", for: path), mode: 0o664, acl: list))
    #expect(item.applied.acl == acl(AccessEntry(.user, shop, permissions: 6)))
    #expect(item.held == [Held(.acl, "user \"who\\x07\" is unknown here")])
    let broken = AccessList(access: [AccessEntry(.user, shop, permissions: 6)])
    let other = try disk.putAndCompare(
      Installation(
        path, try disk.staged("x", for: path), over: try disk.stat(path), mode: 0o664, acl: broken))
    #expect(other.applied == Attributes(mode: Mode(bits: 0o604), owner: .root, acl: .none))
    #expect(other.held == [Held(.acl, "it is malformed")])
  }

  @Test func `wait while names cannot be looked up`() throws {
    bench.names.fallSilent()
    let body = try disk.staged("x", for: path)
    let result = disk.prepare([Installation(path, body, owner: Owner("shop", "shop"))])[0]
    #expect(throws: DiskTrouble.refused("users and groups were not looked up: connection refused"))
    {
      try result.get()
    }
  }

  @Test func `change in place when no right is added`() throws {
    bench.shell("echo text > f; chmod 664 f")
    let old = try disk.observe(path, known: nil)
    guard case .file(let content) = old.content else { return }
    let item = try disk.prepared(
      Installation(path, .unchangedFile(content.digest), over: old.stat, mode: 0o640))
    #expect(bench.staged.isEmpty)
    #expect(try disk.stat(path)?.mode == 0o664)
    guard case .installed(let stat?) = disk.install([item])[0] else {
      Issue.record("not installed")
      return
    }
    #expect(stat.inode == old.stat.inode)
    #expect(stat.mode == 0o640)
    #expect(stat.modified == old.stat.modified)
  }

  @Test func `come with a new inode when a right or an owner is added`() throws {
    bench.shell("echo text > f; chmod 600 f; touch -d @1000 f; ln f outside")
    let old = try disk.observe(path, known: nil)
    guard case .file(let content) = old.content else { return }
    let item = Installation(
      path, .unchangedFile(content.digest), over: old.stat, mode: 0o666,
      owner: Owner("shop", "shop"))
    _ = try disk.putAndCompare(item)
    let new = try disk.observe(path, known: nil)
    #expect(new.content == old.content)
    #expect(new.stat.inode != old.stat.inode)
    let outside = try disk.stat(bench.path("outside"))
    #expect(outside?.inode == old.stat.inode)
    #expect(outside?.mode == 0o600)
    #expect(outside?.uid == 0)
    #expect(outside?.links == 1)
    let less = Installation(
      try bench.path("outside"), .unchangedFile(content.digest), over: outside, mode: 0o400)
    #expect(try disk.putAndCompare(less).held.isEmpty)
    #expect(try disk.stat(bench.path("outside"))?.inode == old.stat.inode)
  }

  @Test func `are not copied with another content than the recorded one`() throws {
    bench.shell("echo text > f; chmod 600 f")
    let item = Installation(
      path, .unchangedFile(sha256([1])), over: try disk.stat(path), mode: 0o666)
    #expect(throws: DiskTrouble.refused("its content is not the one that was recorded")) {
      try disk.prepared(item)
    }
    #expect(bench.staged.isEmpty)
  }

  @Test func `keep the present owner of a directory when the new one is unknown`() throws {
    bench.shell("mkdir d; chown 5002:5001 d")
    let directory = try bench.path("d")
    let item = try disk.putAndCompare(
      Installation(
        directory, .directory, over: try disk.stat(directory), mode: 0o700,
        owner: Owner("unknown", "shop")))
    #expect(item.applied.owner == Owner("alice", "shop"))
    #expect(item.held == [Held(.owner, "user \"unknown\" is unknown here")])
  }
}
