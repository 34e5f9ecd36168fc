import Foundation
import Testing

/// The disk refuses: the path is named, the old file stays, the other paths go on.
@Suite struct `A disk` {
  /// Host b's root stands on a small disk of its own; its state does not.
  private func small(_ lab: Lab, _ host: String, kib: Int) throws {
    let disk = "\(lab.folder)/\(host)/disk"
    mkdir(disk, 0o755)
    try lab.tool("mount", "-t", "tmpfs", "-o", "size=\(kib)k", "none", disk)
    lab.mounts.append(disk)
    lab.roots[host] = "\(disk)/root"
    mkdir(lab.root(host), 0o755)
    try lab.put(try lab.configuration(), in: lab.config)
  }

  @Test(arguments: ["a", "b"])
  func `that is full keeps the old file and takes what fits`(caller: String) throws {
    let lab = try Lab()
    try small(lab, "b", kib: 1_024)
    try lab.base(["big": "small still", "other": "base"])
    try lab.write("a", "big", bytes: [UInt8](repeating: 9, count: 3_000_000))
    try lab.write("a", "other", "changed")
    try lab.write("a", "new", "small")
    let outcome = try lab.run(caller, "sync")
    expect(outcome, caller == "b" ? [4] : [2, 4], at: #_sourceLocation)
    #expect(outcome.err.contains("big"), "\(outcome)")
    #expect(try lab.read("b", "big") == "small still")
    #expect(try lab.read("b", "other") == "changed")
    #expect(try lab.read("b", "new") == "small")
    #expect(try lab.tree("b").count == 4)
    _ = try lab.run("a", "sync")
    #expect(lab.sight("c", "big")?.size == 3_000_000)
    #expect(try lab.run("a", "sync").status != 0)
    // Room is made: the next run ends it without an operator.
    try lab.tool("mount", "-o", "remount,size=16m", "\(lab.folder)/b/disk")
    try lab.settle()
    try lab.expectEqualTrees()
  }

  @Test func `that is read-only is named and nothing is lost`() throws {
    let lab = try Lab(["a", "b"])
    try small(lab, "b", kib: 1_024)
    try lab.base(["f": "base"])
    try lab.tool("mount", "-o", "remount,ro", "\(lab.folder)/b/disk")
    try lab.write("a", "f", "changed")
    #expect(try lab.run("a", "sync").status != 0)
    #expect(try lab.contents("f") == ["changed", "base"])
    try lab.tool("mount", "-o", "remount,rw", "\(lab.folder)/b/disk")
    try lab.settle()
    #expect(try lab.contents("f") == ["changed", "changed"])
  }

  private func failing(_ lab: Lab, _ name: String, _ calls: String) -> [String] {
    let error = "inject=\(calls):error=EIO"
    let paths = ["-P", name, "-P", lab.path("a", name)]
    return ["strace", "-f", "-qq", "-o", "/dev/null"] + paths
      + ["-e", "trace=\(calls)", "-e", error]
  }

  @Test func `that cannot read a file reports it and never takes it for deleted`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["unreadable": "base", "other": "base"])
    try lab.down("a")
    try lab.write("a", "unreadable", "changed, and now damaged")
    try lab.write("a", "other", "changed")
    let wrapper = failing(lab, "unreadable", "openat,openat2,read,pread64")
    let outcome = try lab.run("a", "sync", wrapper: wrapper)
    #expect(outcome.status == 4, "\(outcome)")
    #expect(outcome.complaints.count { $0.contains("unreadable") } == 1, "\(outcome)")
    #expect(try lab.read("b", "unreadable") == "base")
    #expect(try lab.read("b", "other") == "changed")
    try lab.sync("a")
    try lab.expectEqualTrees()
  }

  @Test func `that cannot read a directory deletes nothing below it`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["closed/f": "base", "closed/d/g": "base", "other": "base"])
    try lab.down("a")
    try lab.write("a", "other", "changed")
    let wrapper = failing(lab, "closed", "openat,openat2,getdents64")
    let outcome = try lab.run("a", "sync", wrapper: wrapper)
    #expect(outcome.status == 4, "\(outcome)")
    #expect(try lab.read("b", "closed/f") == "base")
    #expect(try lab.read("b", "closed/d/g") == "base")
    #expect(try lab.read("b", "other") == "changed")
    try lab.sync("a")
    try lab.expectEqualTrees()
  }

  @Test func `that fails to make a file durable does not show it as arrived`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["f": "base"])
    try lab.down("a")
    try lab.write("b", "f", "changed")
    let outcome = try lab.run(
      "a", "sync",
      wrapper: [
        "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync,syncfs", "-e",
        "inject=fsync,fdatasync,syncfs:error=EIO",
      ])
    #expect(outcome.status != 0, "\(outcome)")
    let held = try lab.read("a", "f")
    #expect(held == "base" || held == "changed")
    try lab.up("a")
    try lab.settle()
    #expect(try lab.contents("f") == ["changed", "changed"])
  }

  @Test func `that is immutable at one file names it and updates the others`() throws {
    let lab = try Lab(["a", "b"])
    try lab.base(["fixed": "base", "other": "base"])
    try lab.tool("chattr", "+i", lab.path("b", "fixed"))
    defer { _ = try? lab.tool("chattr", "-i", lab.path("b", "fixed")) }
    try lab.write("a", "fixed", "changed")
    try lab.write("a", "other", "changed")
    let outcome = try lab.run("a", "sync")
    expect(outcome, [2, 4], at: #_sourceLocation)
    #expect(outcome.err.contains("fixed"), "\(outcome)")
    #expect(try lab.contents("fixed") == ["changed", "base"])
    #expect(try lab.contents("other") == ["changed", "changed"])
    try lab.tool("chattr", "-i", lab.path("b", "fixed"))
    try lab.settle()
    try lab.expectEqualTrees()
  }
}
