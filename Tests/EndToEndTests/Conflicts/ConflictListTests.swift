import Testing

@Suite struct `The list of conflicts` {
  private func conflicting() throws -> Lab {
    let lab = try Lab()
    try lab.base(["f": "base", "g": "x"])
    try lab.write("a", "f", "from a")
    try lab.write("b", "f", "from b!")
    try lab.write("c", "f", "from c!!")
    try lab.settle(exits: 1)
    return lab
  }

  @Test func `shows each version with its hosts and marks the one that is on this disk`() throws {
    let lab = try conflicting()
    for (host, size) in [("a", 6.0), ("b", 7.0), ("c", 8.0)] {
      let versions = try lab.conflicts(host).front["versions"].items
      #expect(versions.count == 3)
      let live = versions.filter { $0["live_here"].flag == true }
      #expect(live.count == 1)
      #expect(live.first?["hosts"].texts.contains(host) == true, "\(live)")
      #expect(live.first?["size"].number == size)
      #expect(Set(versions.map { $0["label"].text }).count == 3)
      #expect(Set(versions.map { $0["hash"].text }).count == 3)
    }
  }

  @Test func `says the same about versions on every host`() throws {
    let lab = try conflicting()
    let told = try lab.hosts.map { host in
      try lab.conflicts(host).front["versions"].items.map { version in
        "\(version["label"]) \(version["dot"]) \(version["vector"]) \(version["hash"])"
      }.sorted()
    }
    #expect(Set(told).count == 1, "\(told)")
  }

  @Test func `is read without the other hosts`() throws {
    let lab = try conflicting()
    try lab.down()
    #expect(try lab.conflicts("c").count == 1)
    #expect(try lab.run("c", "conflicts").status == 1)
  }

  @Test func `ends with one and with nothing open with zero`() throws {
    let lab = try conflicting()
    #expect(try lab.run("a", "conflicts").status == 1)
    #expect(try lab.run("a", "conflicts", "list").status == 1)
    #expect(try lab.run("a", "conflicts", "--exit-zero").status == 0)
    try lab.resolve("a", lab.path("a", "f"), "--host", "c")
    try lab.settle()
    #expect(try lab.run("a", "conflicts").status == 0)
  }

  @Test func `puts no file into the tree`() throws {
    let lab = try conflicting()
    for host in lab.hosts {
      #expect(try Tree.names(lab.root(host)).map(\.description) == ["f", "g", "keep"])
    }
  }

  @Test func `loses a conflict when the same content is made by hand on all hosts`() throws {
    let lab = try conflicting()
    for host in lab.hosts { try lab.write(host, "f", "by agreement") }
    try lab.settle()
    try lab.expectNoConflicts()
    #expect(
      try lab.contents("f") == ["by agreement", "by agreement", "by agreement"])
  }
}
