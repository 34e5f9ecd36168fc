import Glibc
import Testing

/// What stands in a tree beside plain small files.
@Suite struct `An object` {
  @Test func `of every kind that is synced arrives with its mode`() throws {
    let lab = try Lab()
    try lab.up()
    try lab.write("a", "empty", "")
    try lab.write("a", "one byte", "x", mode: 0o444)
    try lab.write("a", "closed", "nobody reads me", mode: 0o000)
    try lab.write("a", "run", "#!/bin/sh\n", mode: 0o755)
    try lab.makeDirectory("a", "empty dir", mode: 0o700)
    try lab.makeDirectory("a", "shared", mode: 0o1777)
    try lab.makeDirectory("a", "group", mode: 0o2775)
    try lab.chown("a", "group", 0, 8)
    try lab.chmod("a", "group", 0o2775)
    try lab.write("a", "group/f", "text")
    try lab.makeDirectory("a", "no entry", mode: 0o000)
    try lab.makeFIFO("a", "fifo")
    try lab.chmod("a", "fifo", 0o600)
    try lab.link("a", "dangling", to: "nowhere/at/all")
    try lab.link("a", "absolute", to: "/etc/shadow")
    try lab.link("a", "loop", to: "loop")
    try lab.link("a", "up", to: "../../../../..")
    try lab.link("a", "long", to: String(repeating: "x/", count: 2_000))
    try lab.settle()
    try lab.expectEqualTrees()
    #expect(lab.sight("c", "group")?.mode == 0o2775)
    #expect(lab.sight("c", "closed")?.mode == 0)
    #expect(try lab.target("c", "absolute") == "/etc/shadow")
  }

  @Test func `that is a socket is left out and harms nothing`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base([:])
    let script = "import socket,sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])"
    try lab.tool("python3", "-c", script, lab.path("a", "sock"))
    try lab.write("a", "f", "text")
    for _ in 0..<2 { try lab.sync("a") }
    #expect(lab.sight("a", "sock")?.type == "socket")
    #expect(!lab.exists("b", "sock"))
    #expect(try lab.read("b", "f") == "text")
  }

  @Test func `that is a device is never opened and never made`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base([:])
    try lab.tool("mknod", lab.path("a", "null"), "c", "1", "3")
    try lab.write("a", "f", "text")
    _ = try lab.run("a", "sync")
    let told = try lab.run("a", "status")
    #expect(told.out.contains("null: not synced: it is a device; exclude it"), "\(told)")
    #expect(!lab.exists("b", "null"))
    #expect(try lab.read("b", "f") == "text")
  }

  @Test func `with a set-user-id bit does not give the bit away unasked`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base([:])
    try lab.write("a", "tool", "#!/bin/sh\n", mode: 0o4755)
    for host in ["a", "b", "a"] { _ = try lab.run(host, "sync") }
    #expect(try lab.read("b", "tool") == "#!/bin/sh\n")
    #expect(lab.sight("b", "tool")?.mode == 0o755)
    #expect(lab.sight("a", "tool")?.mode == 0o4755)
  }

  @Test func `that is big arrives whole, and a small change in it`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base([:])
    var dice = Dice(seed: 20)
    var bytes = dice.bytes(20 << 20)
    try lab.write("a", "big", bytes: bytes)
    try lab.sync("a")
    try lab.expectEqualTrees()
    bytes[10 << 20] ^= 1
    try lab.write("a", "big", bytes: bytes)
    try lab.sync("a")
    try lab.expectEqualTrees()
  }

  @Test func `deep below arrives and goes again`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base([:])
    let steps = (0..<40).map { "\($0)" + String(repeating: "n", count: 60) }
    try lab.write("a", Name("deep/" + steps.joined(separator: "/") + "/f"), "bottom")
    try lab.sync("a")
    try lab.expectEqualTrees()
    try lab.remove("b", "deep")
    try lab.sync("b")
    try lab.expectEqualTrees()
    #expect(!lab.exists("a", "deep"))
  }

  @Test func `with two names is the same in content on the other host`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["one": "base"])
    try lab.tool("ln", lab.path("a", "one"), lab.path("a", "two"))
    try lab.settle()
    #expect(try lab.read("b", "two") == "base")
    try lab.write("a", "one", "changed through one name")
    try lab.settle()
    #expect(try lab.read("b", "one") == "changed through one name")
    #expect(try lab.read("b", "two") == "changed through one name")
  }

  @Test func `linked from outside the root is not changed through the link`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    let outside = "\(lab.folder)/b/outside"
    try lab.put("precious", in: outside)
    try lab.remove("b", "f")
    try lab.tool("ln", outside, lab.path("b", "f"))
    try lab.settle()
    try lab.write("a", "f", "changed")
    try lab.chown("a", "f", 1, 1)
    try lab.chmod("a", "f", 0o666)
    try lab.settle()
    #expect(try lab.read("b", "f") == "changed")
    let kept = try #require(Sight(outside.utf8CString.map { $0 }))
    #expect(kept.mode == 0o644 && kept.user == 0 && kept.size == 8)
  }

  @Test func `behind a link to a directory is not followed`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["d/f": "base"])
    let outside = "\(lab.folder)/b/outside"
    try lab.tool("mkdir", outside)
    try lab.tool(
      "sh", "-c", "rm -r \"$2\" && ln -s \"$1\" \"$2\"", "sh", outside, lab.path("b", "d"))
    try lab.write("a", "d/f", "changed")
    try lab.write("a", "d/new", "new")
    for host in ["a", "b", "a"] { _ = try lab.run(host, "sync") }
    #expect(try Tree.names(outside) == [])
  }

  @Test func `with a time far away keeps it and does not come again and again`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base([:])
    let times = [-2_000_000_000, 0, 4_294_967_296, 9_999_999_999]
    for (index, time) in times.enumerated() {
      try lab.write("a", Name("f\(index)"), "text \(index)")
      try lab.touch("a", Name("f\(index)"), seconds: time, nanoseconds: 999_999_999)
    }
    try lab.settle()
    try lab.expectEqualTrees(facts: [.owner, .acl, .mtime])
    #expect(try lab.sync("b").silent)
  }

  @Test func `on a mount inside the root is not taken for deleted when it is unmounted`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["inner/f": "base"])
    let point = lab.path("a", "inner")
    try lab.tool("mount", "-t", "tmpfs", "-o", "size=64k", "none", point)
    lab.mounts.append(point)
    _ = try lab.run("a", "sync")
    #expect(try lab.read("b", "inner/f") == "base")
    try lab.tool("umount", point)
    try lab.settle()
    #expect(try lab.contents("inner/f") == ["base", "base"])
  }
}
