import Model
import Testing

@Suite struct `A command line of csync2's` {
  private func read(_ words: String) throws -> ShortLine {
    try ShortLine.read(words.split(separator: " ").map(String.init))
  }

  private func refusal(_ words: String) -> ShortLine.Refusal? {
    do {
      _ = try ShortLine.read(words.split(separator: " ").map(String.init))
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    ("-x", ShortLine.Mode.sync), ("-c f", .check), ("-c", .check), ("-u", .update),
    ("-cu", .checkAndUpdate), ("-c -u", .checkAndUpdate), ("-h f", .hint), ("-H", .hints),
    ("-L", .list), ("-S a b", .pair), ("-M", .dirty), ("-m f", .mark), ("-f f", .force),
    ("-T", .test), ("-TT", .test), ("-T -T", .test), ("-TUXI", .test), ("-R", .prune),
    ("-o f", .match), ("-i", .serve(1)), ("-ii", .serve(2)), ("-i -i -i", .serve(3)),
    ("-k f", .key),
  ])
  func `has one mode`(_ words: String, mode: ShortLine.Mode) throws {
    #expect(try read(words).mode == mode)
  }

  @Test func `takes letters in clusters, in any order, behind files too`() throws {
    let line = try read("-vrx /a -vd /b")
    #expect(line.mode == .sync && line.isRecursive && line.isDry && line.verbosity == 2)
    #expect(line.files == ["/a", "/b"])
    let test = try read("-TUXI")
    #expect(test.isInitial && test.removesThere && test.isPairOnly && !test.showsDiffs)
    #expect(try read("-TT").showsDiffs)
    let initial = try read("-cIr /")
    #expect(initial.isInitial && initial.isRecursive && initial.files == ["/"])
    #expect(try read("-xtlAB").usesSyslog)
  }

  @Test(arguments: [
    "-xP b,C -p30866 -Gweb,db -N a.lab -C two -D/s -W3 -s log",
    "-x -Pb,C -p 30866 -G web,db -Na.lab -Ctwo -D /s -W 3 -slog",
    "-vxrPb -P C -p30866 -G web -Gdb -N a.lab -C two -D sqlite3:///s -W3 -s log",
  ])
  func `takes values glued or apart`(_ words: String) throws {
    let line = try read(words)
    #expect(line.peers == ["b", "c"] && line.groups == ["web", "db"] && line.port == 30_866)
    #expect(line.hostName == "a.lab" && line.instance == "two" && line.stateDirectory == "/s")
    #expect(line.directoryDescriptor == 3 && line.stampFile == "log" && line.files.isEmpty)
  }

  @Test func `ends its options at two dashes`() throws {
    let line = try read("-c -r -- -v --odd")
    #expect(line.files == ["-v", "--odd"] && line.verbosity == 0)
  }

  @Test func `knows where this program keeps its things`() throws {
    let line = try read("--config /c -x --state=/s --hostname a --quiet")
    #expect(
      line.longOptions == ["--config", "/c", "--state", "/s", "--hostname", "a", "--quiet"])
  }

  @Test(arguments: [
    "", "-v", "f", "-x -T", "-uc", "-cc", "-TTT", "-iiii", "-xu", "-H f", "-L f", "-M f", "-R f",
    "-i f", "-h", "-m", "-f", "-o", "-S a", "-S a b c", "-T a b c d", "-k", "-k a b", "-cu f",
    "-Z", "-x --odd", "-x -P", "-x --state", "-x -p 0", "-x -p 65536", "-x -p x", "-x -W y",
    "-x -C a/b", "-x -C ..", "-TX", "-TU", "-xX", "-uI", "-TTI", "-uF f", "-xIF", "-hd f",
    "-md f", "-fd f", "-Rd", "-TId", "-uW3", "-RG web",
  ])
  func `that cannot be carried out is refused with help`(_ words: String) {
    #expect(refusal(words)?.needsHelp == true)
    #expect(refusal(words)?.reason.isEmpty == false)
  }

  @Test(arguments: [
    "-x -D mysql://u:p@host/db", "-x -D pgsql://host/db", "-x -D sqlite2:///d/f",
    "-x -D sqlite:///d/f.db3", "-x -D sqlite://relative",
  ])
  func `that wants a database server is refused with the reason`(_ words: String) {
    let refusal = refusal(words)
    #expect(refusal?.needsHelp == false && refusal?.reason.contains("directory") == true)
    #expect(refusal?.reason.contains("u:p") == false, "no password on the screen")
  }

  @Test func `says unknown letters without their control bytes`() {
    #expect(refusal("-\u{1B}")?.reason.contains("\u{1B}") == false)
  }

  @Test(arguments: [
    (["-x"], true), (["-vx"], true), (["-cIr", "/"], true), (["-v", "-x"], true),
    (["--config", "f", "-x"], true), (["--config=f", "-M"], true), (["-N", "a", "-x"], true),
    (["-Nx", "-x"], true), (["-P", "x", "-T"], true), (["-iii"], true), (["-k", "f"], true),
    ([], false), (["-h"], false), (["-v", "status"], false), (["sync", "-x"], false),
    (["--hostname", "x", "sync"], false), (["-Nx", "status"], false), (["-N", "x"], false),
    (["--help"], false), (["--"], false), (["-v"], false),
  ])
  func `is known by a mode before the first word`(_ words: [String], isMeant: Bool) {
    #expect(ShortLine.isMeant(words, program: "/usr/sbin/concord") == isMeant)
    #expect(ShortLine.isMeant(words, program: "/usr/sbin/csync2"))
    #expect(ShortLine.isMeant(words, program: "csync2"))
  }

  @Test func `is not known by a name that only looks like csync2's`() {
    for name in ["/usr/csync2/concord", "csync2d", "xcsync2", ""] {
      #expect(!ShortLine.goesByCsync2(name))
    }
  }
}
