import Glibc
import Model
import ModelEdge
import TestKit
import Testing

private let path = Program.Variable("PATH", "/usr/bin:/bin")

private func run(
  _ command: String, _ arguments: [[UInt8]] = [], input: [UInt8] = [], timeout: Int = 60
) -> ProgramResult {
  LinuxPrograms().run(
    Program(
      command: command, arguments: arguments, input: input, environment: [path],
      timeoutSeconds: timeout))
}

private func text(_ result: ProgramResult) -> String {
  String(decoding: result.output, as: UTF8.self)
}

@Suite struct `A program of the operator` {
  @Test func `gets its arguments byte by byte`() {
    let names: [[UInt8]] = [
      Array("with blank".utf8), Array("quote\"'`;$(touch x)".utf8), Array("-rf".utf8), [],
      Array("line\nbreak\u{1B}[31m".utf8), [0xFF, 0xFE, 0x01], Array("%% * ? \\".utf8),
    ]
    let result = run("printf '%s\\0' \"$0\" \"$@\"", names)
    #expect(result.end == .exit(0))
    #expect(result.output == Array((Array("concord".utf8) + [0]) + names.flatMap { $0 + [0] }))
  }

  @Test func `may begin with a dash`() {
    #expect(run("-x 2>/dev/null; echo here").output == Array("here\n".utf8))
  }

  @Test func `gets its standard input whole and then its end`() {
    var dice = Dice(seed: 3)
    let input = (0..<300_000).map { _ in UInt8(dice.below(256)) }
    let result = run("sha256sum", input: input)
    #expect(text(result).hasPrefix(sha256(input).description))
    #expect(run("cat").end == .exit(0))
  }

  @Test func `sees nothing of this process but what it is given`() {
    setenv("CONCORD_TEST_SECRET", "1", 1)
    let open = Glibc.open("/dev/null", O_RDONLY)
    defer { close(open) }
    #expect(open > 2)
    let result = run(
      """
      ls /proc/self/fd | tr '\\n' ' '; pwd; umask
      env | sort | grep -v -e ^_ -e ^PWD -e ^SHLVL -e ^OLDPWD
      """)
    // 3 is the directory that ls itself reads.
    #expect(text(result) == "0 1 2 3 /\n0022\nPATH=/usr/bin:/bin\n")
  }

  @Test func `has the signals that programs begin with`() {
    signal(SIGPIPE, SIG_IGN)
    let result = run("grep -E '^Sig(Blk|Ign)' /proc/self/status")
    let masks = text(result).split(separator: "\n").map { $0.split(separator: "\t").last ?? "" }
    // The C library keeps 32 and 33 to itself and lets nobody touch them.
    let open = masks.map { UInt64($0, radix: 16).map { $0 & ~(3 << 31) } }
    #expect(open == [0, 0])
  }

  @Test func `is heard on both of its outputs, and its status is told`() {
    let result = run("echo one; echo two >&2; exit 7")
    #expect(result.end == .exit(7))
    #expect(text(result) == "one\ntwo\n")
    #expect(run("kill -9 $$").end == .signal(9))
    #expect(run("no-such-program-anywhere").end == .exit(127))
  }

  @Test func `cannot fill the memory by its output`() {
    var heard: UInt64 = 0
    let count = 8 << 20
    let program = Program(command: "head -c \(count) /dev/zero", environment: [path])
    let result = LinuxPrograms().run(program, isCancelled: { false }) { heard += UInt64($0.count) }
    #expect(result.end == .exit(0))
    #expect(result.output.count == ProgramResult.outputLimit)
    #expect(result.outputBytes == UInt64(count) && heard == result.outputBytes)
  }

  @Test func `is ended with all that it started when its time is over`() throws {
    let scratch = StateScratch()
    let pid = "\(scratch.path)/pid"
    let result = run(
      "sh -c 'trap \"\" TERM; echo $$ >\(pid); exec sleep 600' & wait", timeout: 1)
    #expect(result.end == .timedOut)
    #expect(shell("test -s '\(pid)'") == 0)
    // Killed, and perhaps not yet taken by who has become its parent.
    #expect(shell("grep -q '^State:.[^ZX]' /proc/$(cat '\(pid)')/status 2>/dev/null") != 0)
  }

  @Test func `can be called off`() {
    var asked = 0
    let program = Program(command: "echo begun; sleep 600", environment: [path])
    let result = LinuxPrograms().run(
      program,
      isCancelled: {
        asked += 1; return asked > 2
      }, onOutput: { _ in })
    #expect(result.end == .signal(SIGTERM))
    #expect(text(result) == "begun\n")
  }

  @Test func `may leave a daemon that keeps its output`() {
    let scratch = StateScratch()
    let pid = "\(scratch.path)/pid"
    // Its time is much longer than this: waiting for it would be seen in its end.
    let result = run("echo up; setsid sleep 600 & echo $! >'\(pid)'", timeout: 20)
    #expect(result.end == .exit(0))
    #expect(text(result) == "up\n")
    #expect(shell("kill $(cat '\(pid)')") == 0)
  }

  @Test func `is reported when it cannot be started`() {
    let long = [UInt8](repeating: 0x61, count: 1 << 20)
    #expect(run("true", [long]).end == .notStarted("argument list too long"))
    #expect(run("true", [[0x61, 0, 0x62]]).end == .notStarted("invalid argument"))
  }

  @Test func `leaves nothing open here`() {
    let before = descriptors()
    for _ in 0..<20 { _ = run("exit 3") }
    _ = run("true", [[UInt8](repeating: 0x61, count: 1 << 20)])
    #expect(descriptors() <= before + 3)
  }

  /// Other tests of this process open some too.
  private func descriptors() -> Int {
    guard let directory = opendir("/proc/self/fd") else { return 0 }
    defer { closedir(directory) }
    var count = 0
    while let entry = readdir(directory) {
      let number = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      var target = [CChar](repeating: 0, count: 256)
      let length = readlink("/proc/self/fd/\(number)", &target, 255)
      let name = String(
        decoding: target.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
      if name.hasPrefix("pipe:") || name.contains("pidfd") || name.contains("memfd") { count += 1 }
    }
    return count
  }
}
