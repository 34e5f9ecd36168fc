import Glibc
import Model
import ModelEdge
import Testing

@Suite struct `A view of changes` {
  private let bench: Workbench
  private let disk: LinuxDisk

  init() throws {
    bench = try Workbench()
    disk = try bench.disk()
  }

  private func run(
    _ command: String, _ items: [PreparedInstallation], names: [[UInt8]] = [], seconds: Int = 20
  ) throws -> ProgramResult {
    let view = try disk.makeView(of: items)
    defer { disk.drop(view) }
    return LinuxPrograms().run(
      Program(
        command: "cd \(bench.root); \(command)", arguments: names,
        environment: [.init("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")], timeoutSeconds: seconds,
        views: view.layers))
  }

  private func prepared(
    _ name: String, _ text: String?, mode: UInt16 = 0o640
  ) throws -> PreparedInstallation {
    let path = try bench.path(name)
    let body = try text.map { try disk.staged($0, for: path) } ?? .nothing
    return try disk.prepare([
      Installation(
        path, body, over: try disk.stat(path), mode: mode, owner: Owner("shop", "alice"))
    ])[0].get()
  }

  private func text(_ result: ProgramResult) -> String {
    String(decoding: result.output, as: UTF8.self)
  }

  @Test func `shows what is new, changed and gone as it will be, and what stays`() throws {
    bench.shell("echo old > f; echo gone > g; mkdir d; echo stays > d/s; chmod 750 d; echo x > d/g")
    let items = [
      try prepared("f", "changed"), try prepared("new", "new"), try prepared("d/new", "inner"),
      try prepared("g", nil), try prepared("d/g", nil),
    ]
    let result = try run(
      "cat f new d/new d/s; ls . d; stat -c %a:%u:%g f d d/new; pwd", items)
    #expect(result.end == .exit(0), "\(text(result))")
    #expect(
      text(result)
        == "changednewinnerstays\n.:\nd\nf\nnew\n\nd:\nnew\ns\n"
        + "640:5001:5002\n750:0:0\n640:5001:5002\n\(bench.root)\n")
    // Nobody else has seen any of it.
    #expect(bench.text("f") == "old\n")
    #expect(bench.entries(bench.root) == ["d", "f", "g"])
    for outcome in disk.install(items) {
      guard case .installed = outcome else {
        Issue.record("\(outcome)")
        return
      }
    }
    disk.settle()
    #expect(bench.text("d/new") == "inner")
    #expect(bench.entries(bench.root) == ["d", "f", "new"])
    #expect(bench.staged.isEmpty)
    bench.shell("test $(stat -c %h new) = 1")
  }

  @Test func `shows new directories, links, FIFOs and kinds that change`() throws {
    bench.shell("mkdir was; echo x > was/f; echo file > is")
    let tree = try [
      ("made", .directory), ("link", .symlink(target: Array("is".utf8))), ("pipe", .fifo),
      ("is", .directory),
    ].map { name, body in
      let path = try bench.path(name)
      return try disk.prepare([Installation(path, body, over: try disk.stat(path))])[0].get()
    }
    let inner = try disk.prepare([
      Installation(
        try bench.path("made/f"), try disk.staged("in", for: try bench.path("made")))
    ])[0].get()
    let items = tree + [inner, try prepared("was/f", nil), try prepared("was", "now a file")]
    let result = try run("cat made/f was; readlink link; test -p pipe; ls -A is | wc -l", items)
    #expect(text(result) == "innow a fileis\n0\n", "\(result)")
    disk.settle()
    #expect(bench.entries(bench.root) == ["is", "was"])
    #expect(bench.staged.isEmpty)
  }

  @Test func `shows attributes that change in place`() throws {
    bench.shell("echo x > f; chmod 666 f; mkdir d; echo y > d/g")
    let file = try bench.path("f")
    let directory = try bench.path("d")
    let items = try disk.prepare([
      Installation(
        file, .unchangedFile(sha256(Array("x\n".utf8))), over: try disk.stat(file), mode: 0o600),
      Installation(directory, .directory, over: try disk.stat(directory), mode: 0o700),
      Installation(bench.anchor, .directory, over: try disk.stat(bench.anchor), mode: 0o711),
    ]).map { try $0.get() }
    let result = try run("stat -c %a f d .; cat f d/g", items)
    #expect(text(result) == "600\n700\n711\nx\ny\n", "\(result)")
    bench.shell("test \"$(stat -c %a f d . | tr '\\n' ' ')\" = '666 755 755 '")
  }

  @Test func `cannot be written to, and ends with the command`() throws {
    bench.shell("echo old > f")
    let items = [try prepared("new", "new")]
    let result = try run("echo x > f; echo x > more; rm new; touch new; ls", items)
    #expect(text(result).hasSuffix("f\nnew\n"), "\(text(result))")
    #expect(bench.text("f") == "old\n")
    #expect(bench.entries(bench.root) == ["f"])
    #expect(system("grep -q 'overlay.*\(bench.root)' /proc/self/mountinfo") != 0)
  }

  @Test func `bears names of any bytes`() throws {
    let odd = Array("a b'\"$(x),:\\\n".utf8) + [0xFF]
    let path = try #require(bench.anchor.child(odd)?.child(odd))
    let parent = try #require(path.parent)
    let items = try [
      Installation(parent, .directory),
      Installation(path, try disk.staged("odd", for: bench.anchor)),
    ].map { try disk.prepare([$0])[0].get() }
    let local = disk.localPath(of: path)
    #expect(local == Array(bench.root.utf8) + [0x2F] + odd + [0x2F] + odd)
    let result = try run("cat \"$@\"", items, names: [local])
    #expect(text(result) == "odd", "\(result)")
  }

  @Test func `is not shown where something else stands by now`() throws {
    let items = [try prepared("new", "new")]
    let view = try disk.makeView(of: items)
    defer { disk.drop(view) }
    bench.shell("cd ..; mv root aside; mkdir root")
    let result = LinuxPrograms().run(Program(command: "true", views: view.layers))
    bench.shell("cd ..; rmdir root; mv aside root")
    guard case .notStarted(let reason) = result.end else {
      Issue.record("\(result)")
      return
    }
    #expect(reason.contains("overlayfs and CAP_SYS_ADMIN are needed"))
  }

  @Test func `of a run that died is cleared by the next`() throws {
    var dead: LinuxDisk? = try bench.disk()
    let path = try bench.path("new")
    let body = try #require(try dead?.staged("new", for: path))
    let item = try #require(try dead?.prepare([Installation(path, body)])[0].get())
    let view = try dead?.makeView(of: [item])
    #expect(view?.layers.count == 1)
    #expect(bench.staged.count == 2)
    // As if it had not been able to take it away.
    bench.shell(
      "mkdir -p \(bench.state)/staging/0123456789abcdef-1-view/d; "
        + "touch \(bench.state)/staging/0123456789abcdef-1-view/d/f")
    dead = nil
    disk.clearStaging()
    #expect(bench.staged.isEmpty)
  }
}
