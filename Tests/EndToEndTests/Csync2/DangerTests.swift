import Foundation
import Glibc
import Testing

/// The other half of csync2's holes: what destroys, hangs or leaves dirt.
@Suite struct `Where csync2 destroys or hangs` {
  private let a = "a.lab"
  private let b = "b.lab"
  private let c = "c.lab"

  private func lab(_ files: KeyValuePairs<Name, String> = ["F": "base"]) throws -> Lab {
    let lab = try Lab.csync2()
    try lab.base(files)
    return lab
  }

  /// H10. There, a data directory that is not mounted is fifty deletions on every other host.
  @Test(arguments: ["empty", "missing"])
  func `H10: a root that is not what it was deletes nothing`(state: String) throws {
    let lab = try lab(["F": "base", "d/G": "base"])
    rename(lab.root(a), lab.root(a) + ".real")
    if state == "empty" { mkdir(lab.root(a), 0o755) }
    for words in [["-x"], ["-cr", "/"], ["-x", lab.path(a, "F")], ["-u"]] {
      let outcome = try lab.startCsync2(a, words).wait()
      #expect(outcome.status == 1 && outcome.err.contains("not "), "\(outcome)")
    }
    #expect(try lab.read(b, "F") == "base" && lab.read(c, "d/G") == "base")
    rmdir(lab.root(a))
    rename(lab.root(a) + ".real", lab.root(a))
    try lab.csync2(a, "-x", exits: 0)
    try lab.expectEqualTrees()
  }

  /// H11 a. There, a file that is to take the place of a directory with something excluded in it
  /// leaves both ends waiting for each other.
  @Test func `H11a: a file where the peer has a full directory ends, and says why`() throws {
    let lab = try lab(["F": "base", "t/x": "x"])
    try lab.write(b, "t/own.swp", "b's own")
    try lab.remove(a, "t")
    try lab.write(a, "t", "now a file")
    let outcome = try lab.csync2(a, "-x", exits: 1)
    #expect(outcome.err.contains("t"), "\(outcome)")
    #expect(try lab.read(b, "t/own.swp") == "b's own")
    try lab.remove(b, "t/own.swp")
    try lab.cronRuns()
    #expect(try lab.contents("t") == ["now a file", "now a file", "now a file"])
  }

  /// H11 b. There, every run from then on fails with "not empty".
  @Test func `H11b: a deleted directory stays where it holds what is excluded`() throws {
    let lab = try lab(["F": "base", "t/x": "x"])
    try lab.write(b, "t/own.swp", "b's own")
    try lab.remove(a, "t")
    _ = try lab.csync2(a, "-x")
    #expect(!lab.exists(c, "t") && !lab.exists(b, "t/x"))
    #expect(try lab.read(b, "t/own.swp") == "b's own")
    try lab.csync2(a, "-x", exits: 0)
    try lab.remove(b, "t/own.swp")
    _ = try lab.csync2(b, "-x")
    #expect(!lab.exists(b, "t"))
  }

  /// H11 c. There, a socket is never in sync.
  @Test func `H11c: a socket is nobody's business`() throws {
    let lab = try lab()
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = Array((lab.root(a) + "/s").utf8)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    defer { close(descriptor) }
    #expect(bound == 0)
    #expect(try lab.csync2(a, "-x", exits: 0).silent)
    try lab.csync2(a, "-T", exits: 2)
  }

  /// H11 d. There, a killed daemon leaves a half file with another name, which the next run sends
  /// to all hosts.
  @Test func `H11d: a killed daemon leaves nothing that is synced`() throws {
    let lab = try lab()
    try lab.write(a, "big", bytes: [UInt8](repeating: 3, count: 24 << 20))
    let transfer = try lab.startCsync2(a, ["-x"])
    usleep(150_000)
    try lab.kill9(b)
    _ = try transfer.wait()
    try lab.up(b)
    try lab.cronRuns()
    try lab.expectEqualTrees()
    #expect(Set(try lab.sights(b).keys.map { "\($0)" }) == ["F", "big", "keep"])
  }

  /// H11 e. There, one of two runs at the same time fails, with what it was to do left undone.
  @Test func `H11e: two hosts can sync at once`() throws {
    let lab = try lab()
    for number in 0..<150 {
      try lab.write(a, "a\(number)", "\(number)")
      try lab.write(b, "b\(number)", "\(number)")
    }
    let runs = try [a, b].map { try lab.startCsync2($0, ["-x"]) }
    for run in runs {
      let outcome = try run.wait()
      #expect(outcome.status == 0, "\(outcome)")
    }
    try lab.cronRuns()
    try lab.expectEqualTrees()
  }

  /// H11 f. There, a new host gets nothing that is there already, and a removed one is called on
  /// every run.
  @Test func `H11f: a new host gets everything, a removed one is called no more`() throws {
    let lab = try Lab.csync2()
    let members = try [a, b].map { try lab.member($0) }
    try lab.configureCsync2(members: members)
    try lab.write(a, "F", "old")
    try lab.write(a, "d/G", "old")
    try lab.up(b)
    try lab.csync2(a, "-x", exits: 0)
    try lab.down(b)
    try lab.configureCsync2()
    try lab.up(b, c)
    try lab.csync2(a, "-x", exits: 0)
    try lab.expectEqualTrees()
    try lab.down(c)
    try lab.csync2(a, "-x", exits: 1)
    try lab.configureCsync2(members: members)
    try lab.down(b)
    try lab.up(b)
    try lab.write(a, "F", "new")
    #expect(try lab.csync2(a, "-x", exits: 0).silent)
    #expect(try lab.read(b, "F") == "new")
    try lab.csync2(a, "-M", exits: 2)
    try lab.csync2(a, "-R", exits: 0)
  }

  /// H11 g. There, a file in a directory that the peer lacks is not sent by the run that names it,
  /// and the status can be 0.
  @Test func `H11g: a file goes with the directories above it`() throws {
    let lab = try lab()
    try lab.write(a, "new/deep/G", "text")
    try lab.write(a, "other", "not named")
    try lab.csync2(a, "-x", lab.path(a, "new/deep/G"), exits: 0)
    #expect(try lab.read(b, "new/deep/G") == "text")
    #expect(!lab.exists(b, "other"))
  }

  /// H12. There, a chmod sends the whole file into a new inode, a directory is made anew, links are
  /// cut at 1023 bytes and new files are root's alone for a while.
  @Test func `H12: a chmod changes the mode and nothing else`() throws {
    let lab = try lab(["F": "base", "d/G": "base"])
    try lab.tool("mkdir", "\(lab.root(a))/hollow")
    try lab.csync2(a, "-x", exits: 0)
    let before = try lab.sights(b)
    try lab.chmod(a, "hollow", 0o700)
    try lab.chmod(a, "F", 0o400)
    try lab.csync2(a, "-x", exits: 0)
    let after = try lab.sights(b)
    #expect(after["hollow"]?.mode == 0o700 && after["F"]?.mode == 0o400)
    for name in ["hollow", "F"] {
      #expect(after[name]?.inode == before[name]?.inode, "\(name)")
      #expect(after[name]?.modified == before[name]?.modified, "\(name)")
    }
  }

  /// H12. There, a chmod on one host and an edit on another one are a conflict of the whole file.
  @Test func `H12: a chmod here and an edit there go together, and long links stay whole`() throws {
    let lab = try lab()
    try lab.chmod(a, "F", 0o600)
    try lab.write(b, "F", "edited")
    let target = String(repeating: "x/", count: 1_200) + "end"
    try lab.link(a, "lnk", to: target)
    try lab.cronRuns()
    #expect(try lab.contents("F") == ["edited", "edited", "edited"])
    for host in lab.hosts {
      #expect(lab.sight(host, "F")?.mode == 0o600)
      #expect(try lab.target(host, "lnk") == target)
    }
  }
}
