import Glibc
import Model
@testable import ModelEdge
import Testing

@Suite struct `Recovery` {
  let bench: Workbench
  let path: TreePath
  /// The run that dies: it is left as it is.
  let dead: LinuxDisk

  init() throws {
    bench = try Workbench()
    path = try bench.path("f")
    dead = try bench.disk()
  }

  /// What the next run finds, after which staging must be empty.
  private func recover(_ item: PreparedInstallation) throws -> RecoveryOutcome {
    let next = try bench.disk()
    let outcome = next.recover(item.installation.path, token: item.token)
    #expect(bench.staged.isEmpty)
    return outcome
  }

  private func isInstalled(_ outcome: RecoveryOutcome) -> Bool {
    if case .installed = outcome { true } else { false }
  }

  @Test func `of a creation finds it done or not`() throws {
    for body in [try dead.staged("new", for: path), .directory, .symlink(target: [65]), .fifo] {
      let item = try dead.prepared(Installation(path, body))
      #expect(try recover(item) == .undone)
      let again = try dead.prepared(
        Installation(path, body == .directory || body == .fifo ? body : .symlink(target: [66])))
      #expect(dead.install([again])[0] != .overtaken)
      #expect(isInstalled(try recover(again)))
      bench.shell("rm -rf f")
    }
  }

  @Test func `of a creation finds what came in between`() throws {
    let item = try dead.prepared(Installation(path, .directory))
    bench.shell("echo mine > f")
    #expect(try recover(item) == .changed)
    #expect(bench.text("f") == "mine\n")
  }

  @Test func `of a replacement finds it done, undone or overtaken`() throws {
    bench.shell("echo old > f")
    func replacement() throws -> PreparedInstallation {
      try dead.prepared(
        Installation(path, try dead.staged("new", for: path), over: try dead.stat(path)))
    }
    #expect(try recover(replacement()) == .undone)
    #expect(bench.text("f") == "old\n")
    let overtaken = try replacement()
    bench.shell("echo edited > f")
    #expect(try recover(overtaken) == .changed)
    #expect(bench.text("f") == "edited\n")
    let done = try replacement()
    #expect(dead.install([done])[0] != .overtaken)
    #expect(bench.staged.count == 1)
    #expect(isInstalled(try recover(done)))
    #expect(bench.text("f") == "new")
  }

  @Test func `puts back what was displaced and not looked at`() throws {
    bench.shell("echo old > f")
    let item = try dead.prepared(
      Installation(path, try dead.staged("new", for: path), over: try dead.stat(path)))
    bench.shell("echo edited > f")
    // The exchange of a run that died before it looked.
    let staged = try #require(bench.staged.first)
    bench.shell("mv f tmp; mv ../state/staging/\(staged) f; mv tmp ../state/staging/\(staged)")
    #expect(try recover(item) == .changed)
    #expect(bench.text("f") == "edited\n")
  }

  @Test func `of a replaced directory keeps what is in it`() throws {
    bench.shell("mkdir f")
    let item = try dead.prepared(
      Installation(path, try dead.staged("new", for: path), over: try dead.stat(path)))
    bench.shell("echo inside > f/g")
    let staged = try #require(bench.staged.first)
    bench.shell("mv f tmp; mv ../state/staging/\(staged) f; mv tmp ../state/staging/\(staged)")
    #expect(try recover(item) == .changed)
    #expect(bench.text("f/g") == "inside\n")
  }

  @Test func `of a removal finds it done, undone or overtaken`() throws {
    bench.shell("echo old > f")
    func removal() throws -> PreparedInstallation {
      try dead.prepared(Installation(path, .nothing, over: try dead.stat(path)))
    }
    #expect(try recover(removal()) == .undone)
    let overtaken = try removal()
    bench.shell("echo edited > f; mv f ../state/staging/\(name(of: overtaken))")
    #expect(try recover(overtaken) == .changed)
    #expect(bench.text("f") == "edited\n")
    let done = try removal()
    #expect(dead.install([done]) == [.installed(nil)])
    #expect(try recover(done) == .installed(nil))
    #expect(bench.text("f") == nil)
    bench.shell("mkdir f")
    let directory = try removal()
    #expect(try recover(directory) == .undone)
    #expect(dead.install([directory]) == [.installed(nil)])
    #expect(try recover(directory) == .installed(nil))
  }

  @Test func `finishes a half-made change of attributes`() throws {
    bench.shell("mkdir f; chmod 700 f; chown 5002:5002 f")
    let item = try dead.prepared(
      Installation(
        path, .directory, over: try dead.stat(path), mode: 0o750, owner: Owner("shop", "shop")))
    #expect(try recover(item) == .undone)
    bench.shell("chown 5001:5001 f")
    #expect(isInstalled(try recover(item)))
    bench.shell("test $(stat -c %a:%u:%g f) = 750:5001:5001")
    bench.shell("chmod 711 f")
    #expect(try recover(item) == .changed)
  }

  @Test func `cannot tell anything while the root is away`() throws {
    let item = try dead.prepared(Installation(path, .directory))
    rename(bench.root, bench.root + "2")
    let next = try bench.disk()
    guard case .unavailable = next.recover(path, token: item.token) else {
      Issue.record("told")
      return
    }
    rename(bench.root + "2", bench.root)
    #expect(try recover(item) == .undone)
  }

  @Test func `takes no token that it did not make`() throws {
    let token = try dead.prepared(Installation(path, .directory)).token
    let next = try bench.disk()
    for length in 0..<token.count {
      #expect(next.recover(path, token: Array(token[..<length])) == .changed)
    }
    #expect(next.recover(path, token: token + [0]) == .changed)
  }

  @Test(arguments: 0..<50) func `reads torn tokens and lists without a trap`(seed: UInt64) throws {
    let token = try dead.prepared(Installation(path, .directory)).token
    var state = seed
    func next(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    for _ in 0..<200 {
      var torn = token
      for _ in 0...next(3) { torn[next(torn.count)] = UInt8(next(256)) }
      if let read = Token(torn) { #expect(Token(read.bytes) == read) }
      let list = [2, 0, 0, 0] + (0..<next(40)).map { _ in UInt8(next(256)) }
      if let read = AccessBlob(list) { #expect(AccessBlob(read.bytes) == read) }
    }
  }

  @Test func `does not take a user's new file for its own`() throws {
    let item = try dead.prepared(Installation(path, try dead.staged("new", for: path)))
    #expect(dead.install([item])[0] != .overtaken)
    // The same inode with another content, as after a crash and a reuse of its number.
    bench.shell("echo mine > f")
    #expect(try recover(item) == .changed)
  }

  @Test func `clears what dead runs left and nothing of living ones`() throws {
    let living = try bench.disk()
    var gone: LinuxDisk? = try bench.disk()
    _ = try gone?.prepared(Installation(path, .directory))
    gone = nil
    let item = try living.prepared(Installation(path, .directory))
    #expect(bench.staged.count == 2)
    living.clearStaging()
    #expect(bench.staged.count == 1)
    #expect(living.install([item])[0] != .overtaken)
    living.settle()
    #expect(bench.staged.isEmpty)
  }

  /// The name in staging that a token holds, between two counts.
  private func name(of item: PreparedInstallation) -> String {
    let count = Int(item.token[9])
    return String(decoding: item.token[10..<(10 + count)], as: UTF8.self)
  }
}
