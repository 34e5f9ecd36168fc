import Glibc
import Testing

/// csync2's known holes, each with the commands that show it there, and what happens here.
@Suite struct `Where csync2 loses data` {
  private let a = "a.lab"
  private let b = "b.lab"
  private let c = "c.lab"

  private func lab(_ files: KeyValuePairs<Name, String> = ["F": "base"]) throws -> Lab {
    let lab = try Lab.csync2()
    try lab.base(files)
    return lab
  }

  /// H1. There, two hosts change one file; the third takes the first version and, as it has nothing
  /// to send itself, lets the second one overwrite it without a word.
  @Test func `H1: two edits at once are a conflict on all hosts, and both versions stay`() throws {
    let lab = try lab()
    try lab.write(a, "F", "vA from a")
    try lab.write(b, "F", "vB from b!")
    let first = try lab.csync2(a, "-x", exits: 1)
    #expect(first.err.contains("%d%/F: not synced: changed independently on a.lab and b.lab"))
    try lab.csync2(b, "-x", exits: 1)
    #expect(try lab.read(a, "F") == "vA from a" && lab.read(b, "F") == "vB from b!")
    let third = try lab.read(c, "F")
    #expect(third == "vA from a" || third == "base", "what it had before it heard of both")
    try lab.expectConflict("F")
  }

  /// H2. There, a version that was made from the newest one is refused because the author of that
  /// one still owes it to a host that is off; then the old version can even win.
  @Test func `H2: a successor is no conflict, whoever is off`() throws {
    let lab = try lab()
    try lab.down(c)
    try lab.write(a, "F", "v1 by a")
    try lab.csync2(a, "-x", exits: 1)
    try lab.write(b, "F", "v2 by b, based on v1")
    try lab.csync2(b, "-x", exits: 1)
    #expect(try lab.read(a, "F") == "v2 by b, based on v1")
    try lab.up(c)
    try lab.csync2(a, "-x", exits: 0)
    let new = "v2 by b, based on v1"
    #expect(try lab.contents("F") == [new, new, new])
    try lab.expectNoConflicts()
  }

  /// H3. There, a chmod on a host that had not heard of a deletion brings the file back on a third
  /// one, and the deletion and the file chase each other from then on.
  @Test func `H3: a deletion stays, and a chmod elsewhere does not bring the file back`() throws {
    let lab = try lab(["F": "base", "stays": "x"])
    try lab.down(b)
    try lab.remove(a, "F")
    try lab.csync2(a, "-x", exits: 1)
    try lab.down(a)
    try lab.up(b)
    try lab.chmod(b, "F", 0o600)
    try lab.csync2(b, "-x", exits: 1)
    try lab.up(a)
    try lab.csync2(a, "-x", exits: 0)
    try lab.csync2(b, "-x", exits: 0)
    #expect(try lab.contents("F") == [nil, nil, nil])
    try lab.expectEqualTrees()
  }

  /// H3. There, a file that is made anew after its deletion is taken for a conflict while a third
  /// host is off, and can be deleted again by who only passed the deletion on.
  @Test func `H3: a file that is made anew after its deletion lives`() throws {
    let lab = try lab(["F": "base", "stays": "x"])
    try lab.down(c)
    try lab.remove(a, "F")
    try lab.csync2(a, "-x", exits: 1)
    try lab.write(b, "F", "anew")
    try lab.csync2(b, "-x", exits: 1)
    try lab.up(c)
    try lab.csync2(a, "-x", exits: 0)
    #expect(try lab.contents("F") == ["anew", "anew", "anew"])
  }

  /// H4. There, the host that loses against force also forgets what it owes to others: two hosts
  /// differ for ever, and every list says that all is well.
  @Test func `H4: force reaches every host`() throws {
    let lab = try lab()
    try lab.write(a, "F", "vA")
    try lab.csync2(a, "-cr", "/", exits: 0)
    try lab.csync2(a, "-u", "-P", c, exits: 0)
    try lab.write(b, "F", "vB-longer")
    try lab.csync2(b, "-cr", "/", exits: 0)
    try lab.down(a)
    try lab.csync2(b, "-u", exits: 1)
    try lab.up(a)
    try lab.csync2(a, "-f", lab.path(a, "F"), exits: 0)
    _ = try lab.csync2(a, "-u")
    try lab.cronRuns()
    #expect(try lab.contents("F") == ["vA", "vA", "vA"])
    for host in lab.hosts {
      try lab.csync2(host, "-M", exits: 2)
      try lab.csync2(host, "-T", exits: 2)
    }
  }

  /// H5. There, a change reaches a host only from who made it.
  @Test func `H5: a change reaches a host through others while its author is away`() throws {
    let lab = try lab()
    try lab.down(c)
    try lab.write(a, "F", "v1")
    try lab.csync2(a, "-x", exits: 1)
    try lab.down(a)
    try lab.up(c)
    try lab.csync2(b, "-xv", exits: 1)
    #expect(try lab.contents("F") == ["v1", "v1", "v1"])
  }

  /// H6. There, the target of a link below a prefix is never read, and a change that keeps size and
  /// time is never seen.
  @Test func `H6: no change is overlooked`() throws {
    let lab = try lab(["F": "aaaa"])
    try lab.link(a, "lnk", to: "t1")
    try lab.touch(a, "F", seconds: 1_600_000_000)
    try lab.csync2(a, "-x", exits: 0)
    try lab.remove(a, "lnk")
    try lab.link(a, "lnk", to: "t2")
    try lab.write(a, "F", "bbbb")
    try lab.touch(a, "F", seconds: 1_600_000_000)
    try lab.csync2(a, "-T", exits: 0)
    try lab.csync2(a, "-x", exits: 0)
    #expect(try lab.target(b, "lnk") == "t2" && lab.read(b, "F") == "bbbb")
    try lab.write(b, "F", "cccc")
    try lab.touch(b, "F", seconds: 1_600_000_000)
    let test = try lab.csync2(a, "-T", exits: 0)
    #expect(test.out.contains("X\ta.lab\tb.lab\t%d%/F\n"), "\(test)")
  }

  /// H7. There, a change that another run records while a transfer goes on is crossed out with the
  /// old one.
  @Test func `H7: a change that is recorded during a transfer is sent`() throws {
    let lab = try lab()
    let bytes = [UInt8](repeating: 7, count: 24 << 20)
    try lab.write(a, "F", bytes: bytes)
    let transfer = try lab.startCsync2(a, ["-x"])
    usleep(150_000)
    try lab.write(a, "F", bytes: bytes + Array("a late line".utf8))
    _ = try lab.csync2(a, "-cr", "/")
    _ = try transfer.wait()
    try lab.csync2(a, "-x", exits: 0)
    #expect(try lab.bytes(b, "F")?.count == bytes.count + 11)
    try lab.csync2(a, "-T", exits: 2)
  }

  /// H8. There, an edit on the receiver during a transfer is mixed with what arrives: a version
  /// that nobody wrote, which all hosts then take for equal.
  @Test func `H8: an edit on the receiver during a transfer is whole, or there is none`() throws {
    let lab = try lab()
    let base = [UInt8](repeating: 1, count: 24 << 20)
    try lab.write(a, "F", bytes: base)
    try lab.csync2(a, "-x", exits: 0)
    var edited = base
    edited.replaceSubrange(0..<(12 << 20), with: [UInt8](repeating: 2, count: 12 << 20))
    try lab.write(a, "F", bytes: edited)
    let transfer = try lab.startCsync2(a, ["-x"])
    usleep(200_000)
    let file = open(Name("F").pointer(in: lab.root(b)), O_WRONLY)
    #expect(pwrite(file, "edit by admin b", 15, 20 << 20) == 15)
    close(file)
    _ = try transfer.wait()
    for host in [a, b, a] { _ = try lab.csync2(host, "-x") }
    var late = base
    late.replaceSubrange((20 << 20)..<((20 << 20) + 15), with: Array("edit by admin b".utf8))
    var after = edited
    after.replaceSubrange((20 << 20)..<((20 << 20) + 15), with: Array("edit by admin b".utf8))
    // Before the installation: a conflict. After it: an edit of what had arrived.
    let here = try #require(try lab.bytes(b, "F"))
    #expect(here == late || here == after, "neither a's, b's, nor b's upon a's")
    let there = try #require(try lab.bytes(a, "F"))
    #expect(there == edited || there == after)
    let status: Int32 = here == there ? 2 : 0
    #expect(try lab.csync2(a, "-T", a, b, lab.path(a, "F")).status == status)
  }

  /// H9. There, what a host in parentheses makes or changes itself is deleted or overwritten on it
  /// by the next run of a full member.
  @Test func `H9: what a host in parentheses changes stays there, and goes nowhere`() throws {
    let lab = try Lab.csync2()
    try lab.configureCsync2(members: [lab.member(a), lab.member(b), "(\(lab.member(c)))"])
    try lab.base(["F": "base", "G": "base"])
    try lab.write(c, "NEW", "made on c")
    try lab.write(c, "F", "edited on c")
    try lab.csync2(c, "-x", exits: 0)
    try lab.write(a, "F", "edited on a")
    try lab.write(a, "G", "edited on a")
    try lab.csync2(a, "-x", exits: 0)
    #expect(try lab.read(c, "NEW") == "made on c" && lab.read(c, "F") == "edited on c")
    #expect(try lab.read(c, "G") == "edited on a")
    for host in [a, b] {
      #expect(try lab.read(host, "NEW") == nil && lab.read(host, "F") == "edited on a")
    }
    let status = try lab.run(c, "status", "--json")
    let paths = try JSON(status.stdout)["local_only"].items.compactMap(\.["path"].text)
    #expect(Set(paths) == [lab.path(c, "F"), lab.path(c, "NEW")], "\(status)")
    try lab.expectNoConflicts()
  }
}
