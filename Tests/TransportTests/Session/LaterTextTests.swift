import Model
import TestKit
import Testing
import Transport

@Suite struct `Texts of a long run` {
  private func host(_ statements: String = "include /w;") -> MemoryHost {
    let host = MemoryHost("a", number: 1, hosts: ["a", "b"], statements: statements)
    for file in 0..<900 { host.tree.write(memoryPath("/w/\(file)"), "text \(file)") }
    return host
  }

  private func keeper(_ host: MemoryHost) -> Keeper {
    Keeper(group: "g", store: host.store, disk: host.disk, limits: host.limits)
  }

  private func held(_ host: MemoryHost) throws -> Int { try host.store.contentsHeld().count }

  @Test func `are kept later, a bounded piece at a time`() throws {
    let host = host()
    try host.scan()
    #expect(try held(host) == 0)
    var before = 0
    var pieces = 0
    while try keeper(host).goOn() {
      let now = try held(host)
      #expect(now - before <= Keeper.atOnce)
      before = now
      pieces += 1
      guard pieces < 20 else { break }
    }
    #expect(try held(host) == 900)
    #expect(pieces >= 3)
    #expect(try host.store.backlog("g") == nil)
    #expect(try !keeper(host).goOn())
  }

  @Test func `are kept at once where changes merge by themselves`() throws {
    let host = host("include /w; auto merge /w/1*;")
    try host.scan()
    // 1, 1x, 1xx.
    #expect(try held(host) == 111)
    #expect(try host.store.backlog("g") != nil)
  }

  @Test func `are kept at once if they are few`() throws {
    let host = MemoryHost("a", number: 1, hosts: ["a", "b"])
    for file in 0..<200 { host.tree.write(memoryPath("/w/\(file)"), "text \(file)") }
    try host.scan()
    #expect(try held(host) == 200)
    #expect(try host.store.backlog("g") == nil)
  }

  @Test func `are begun again when more come before the place that was reached`() throws {
    let host = host()
    try host.scan()
    _ = try keeper(host).goOn()
    for file in 0..<900 { host.tree.write(memoryPath("/w/\(file)"), "other \(file)") }
    try host.scan()
    for _ in 0..<20 where try keeper(host).goOn() {}
    for file in [0, 450, 899] {
      #expect(try host.store.hasContent(memoryDigest(Array("other \(file)".utf8))))
    }
  }

  @Test func `stop where the room for them ends`() throws {
    let host = host()
    host.limits.totalBytes = 4_000
    try host.scan()
    for _ in 0..<20 where try keeper(host).goOn() {}
    #expect(try host.store.backlog("g") == nil)
    #expect(try host.store.contentsHeld().bytes <= 1_000)
  }
}
