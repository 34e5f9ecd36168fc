import Testing

/// Access lists name users and groups, and arrive by those names.
@Suite struct `An access list` {
  private func lab() throws -> Lab {
    let lab = try Lab(["a", "b"])
    try lab.people("a", People(users: ["shop": 5001, "web": 5002]))
    try lab.people("b", People(users: ["shop": 6001, "web": 6002]))
    try lab.base([:])
    return lab
  }

  @Test func `on a file arrives with the numbers of the receiver`() throws {
    let lab = try lab()
    try lab.write("a", "f", "text", mode: 0o640)
    try lab.tool("setfacl", "-m", "u:5001:rw,g:5002:r", lab.path("a", "f"))
    try lab.settle()
    let expected = [
      "user::rw-", "user:6001:rw-", "group::r--", "group:6002:r--", "mask::rw-", "other::---",
    ]
    #expect(try lab.accessList("b", "f") == expected)
    #expect(lab.sight("b", "f")?.mode == lab.sight("a", "f")?.mode)
    #expect(try lab.sync("b").silent)
  }

  @Test func `that new files inherit arrives with its directory and is not inherited by ours`()
    throws
  {
    let lab = try lab()
    try lab.makeDirectory("a", "d", mode: 0o750)
    try lab.write("a", "d/before", "plain", mode: 0o600)
    try lab.tool("setfacl", "-d", "-m", "u:5001:rwx", lab.path("a", "d"))
    try lab.settle()
    #expect(try lab.accessList("b", "d").contains("default:user:6001:rwx"))
    #expect(try lab.accessList("b", "d/before") == ["user::rw-", "group::---", "other::---"])
    // Now the receiver has the default list: what arrives is still what the sender has.
    try lab.write("a", "d/after", "plain", mode: 0o600)
    try lab.tool("setfacl", "-b", lab.path("a", "d/after"))
    try lab.chmod("a", "d/after", 0o600)
    try lab.settle()
    #expect(try lab.accessList("b", "d/after") == ["user::rw-", "group::---", "other::---"])
  }

  @Test func `that is removed goes everywhere`() throws {
    let lab = try lab()
    try lab.write("a", "f", "text", mode: 0o640)
    try lab.tool("setfacl", "-m", "u:5001:rw", lab.path("a", "f"))
    try lab.settle()
    try lab.tool("setfacl", "-b", lab.path("b", "f"))
    try lab.chmod("b", "f", 0o640)
    try lab.settle()
    #expect(try lab.accessList("a", "f") == ["user::rw-", "group::r--", "other::---"])
  }

  @Test func `changed on both hosts is a conflict that names it`() throws {
    let lab = try lab()
    try lab.write("a", "f", "text", mode: 0o644)
    try lab.settle()
    try lab.tool("setfacl", "-m", "u:5001:r", lab.path("a", "f"))
    try lab.tool("setfacl", "-m", "u:6002:r", lab.path("b", "f"))
    try lab.settle(exits: 1)
    try lab.expectConflict("f", kind: "metadata")
    #expect(try lab.conflicts("a").front["fields"].texts.contains("acl"))
    #expect(try lab.accessList("a", "f").contains("user:5001:r--"))
    #expect(try lab.accessList("b", "f").contains("user:6002:r--"))
  }

  @Test func `with a name that the receiver lacks is held and never gives more`() throws {
    let lab = try Lab(["a", "b"])
    try lab.people("a", People(users: ["shop": 5001, "web": 5002]))
    try lab.people("b", People(users: ["web": 6002]))
    try lab.base([:])
    try lab.write("a", "f", "text", mode: 0o640)
    try lab.tool("setfacl", "-m", "u:5001:rw,u:5002:r", lab.path("a", "f"))
    for host in ["a", "b", "a"] { _ = try lab.run(host, "sync") }
    let before = try lab.sights("a")
    for host in ["a", "b", "a"] { _ = try lab.run(host, "sync") }
    #expect(try lab.read("b", "f") == "text")
    #expect(try !lab.accessList("b", "f").contains { $0.hasPrefix("user:5001") })
    #expect(try lab.held("b").contains(lab.path("b", "f")))
    try lab.expectUntouched("a", since: before)
    try lab.addUser("b", "shop", 6001)
    try lab.sync("b")
    #expect(try lab.accessList("b", "f").contains("user:6001:rw-"))
    #expect(try lab.accessList("b", "f").contains("user:6002:r--"))
    #expect(try lab.held("b").isEmpty)
    try lab.settle()
    try lab.expectUntouched("a", since: before)
  }
}
