import Glibc
import Model
import TestKit
import Testing
import Transport

@testable import ModelEdge

/// A scan that looks only at what a survey finds, beside one that looks at everything.
@Suite struct `A survey` {
  private let bench: Workbench
  private let scratch = StateScratch()
  private let store: SQLiteStore

  init() throws {
    bench = try Workbench()
    store = try openState(scratch).store
  }

  private static let rules = [
    "include %web%;", "include %web%;", "include %web%; exclude *.x;",
    "include %web%; exclude %web%/d1;", "include %web%/d1; include %web%/d2/d0/f1;",
    "include %web%; ignore uid;", "include %web%; no-delete;", "include %web%/d*; exclude d0;",
    "include %web%; exclude %web%/d2; include %web%/d2/d1;",
  ]

  @Test(arguments: 0..<16)
  func `comes to the same as looking at everything`(seed: UInt64) throws {
    var dice = Dice(seed: seed)
    for round in 0..<12 {
      for _ in 0..<dice.below(12) { change(&dice) }
      for _ in 0..<dice.below(3) { try disturb(&dice) }
      var request = ScanRequest()
      request.acceptsDeletions = dice.below(3) > 0
      let group = memoryGroup(["a", "b"], dice.pick(Self.rules), own: "a")
      let copy = try copied()
      let plain = try scan(copy, group, request, nil)
      let surveyed = try scan(store, group, request, surveyor())
      let note: Comment = "seed \(seed), round \(round), \(group.group.canonicalText)"
      #expect(surveyed == plain, note)
      #expect(
        try store.entries("g", after: nil, limit: 9_999)
          == copy.entries("g", after: nil, limit: 9_999), note)
      if surveyed != plain { return }
    }
  }

  private func scan(
    _ store: SQLiteStore, _ group: SessionGroup, _ request: ScanRequest,
    _ surveyor: (any Surveyor)?
  ) throws -> ScanReport {
    try Scanner.scan(
      group.group, selection: group.selection, store: store, disk: try bench.disk(),
      request: request, surroundings: MemorySurroundings(seed: 1), surveyor: surveyor)
  }

  private func surveyor() throws(Failure) -> DiskSurveyor {
    try DiskSurveyor(store) { () throws(Failure) in try made() }
  }

  private func made() throws(Failure) -> LinuxDisk {
    do { return try bench.disk() } catch {
      throw Failure(.system, "test", "no disk", "\(error)")
    }
  }

  /// The same state in a file of its own.
  private func copied() throws -> SQLiteStore {
    let file = scratch.path + "/copy"
    unlink(file)
    try store.copy(to: file)
    return try SQLiteStore.open(copy: file)
  }

  private func change(_ dice: inout Dice) {
    let directory = "d\(dice.below(3))/d\(dice.below(3))"
    let holder = dice.pick([".", "d0", "d1", directory])
    let file = holder + "/f\(dice.below(4))" + dice.pick(["", ".x"])
    switch dice.below(12) {
    case 0: run("rm -rf d\(dice.below(3))")
    case 1: run("rm -rf \(file)")
    case 2: run("mkdir -p \(directory)/d1")
    case 3: run("test -e \(file) && chmod \(dice.pick(["600", "640"])) \(file)")
    case 4: run("test -e \(file) && chown \(dice.pick(["5001", "0"])) \(file)")
    case 5: run("rm -rf \(file); ln -s t\(dice.below(3)) \(file)")
    case 6: run("rm -rf \(file); mkdir -p \(file)/f1")
    case 7: run("rm -rf \(file); mkfifo \(file)")
    case 8: run("rm -rf \(directory); echo file > \(directory)")
    default:
      // Nobody reads from a pipe here.
      run("mkdir -p $(dirname \(file)); test -p \(file) || echo \(dice.below(100)) > \(file)")
    }
  }

  private func run(_ command: String) {
    system("cd \(bench.root) && { \(command); } 2>/dev/null")
  }

  /// Rows as they stand after other things than scans.
  private func disturb(_ dice: inout Dice) throws {
    let entries = try store.entries("g", after: nil, limit: 9_999)
    guard !entries.isEmpty else { return }
    var entry = dice.pick(entries)
    switch dice.below(6) {
    case 0: entry.seen = nil
    case 1: entry.state.insert(.leftOut)
    case 2: entry.state.insert(.keptDeleted)
    case 3: entry.state.formSymmetricDifference(.ignoresUser)
    case 4: entry.shown.attributes?.mode.value = Mode(bits: 0o611)
    default: entry.seen?.inode += 1
    }
    try store.put(entry, "g")
  }

  @Test func `looks at nothing where nothing has changed, whatever the number of threads`() throws {
    run("for d in 1 2 3; do mkdir -p d$d/e; for f in 1 2 3; do echo $f > d$d/e/f$f; done; done")
    let group = memoryGroup(["a", "b"], "include %web%;", own: "a")
    let surveyor = try surveyor()
    #expect(try scan(store, group, ScanRequest(), surveyor).events == 16)
    let survey = try surveyor.survey(below: bench.anchor, of: group.group, group.selection)
    var (unchanged, findings) = (0, 0)
    while let part = try survey.next() {
      unchanged += part.unchanged
      findings += part.findings.count
    }
    #expect((unchanged, findings) == (15, 0))
  }

  /// More than the threads look at before the first of them are recorded.
  private func makeMany() {
    run(
      """
      for d in 1 2 3 4 5; do mkdir -p n$d; for f in $(seq 400); do echo $d $f > n$d/f$f; done; done
      ln -s n1 n1/link; mkfifo n2/pipe; chmod 600 n3/f7; chown 5001 n4/f9
      """)
  }

  @Test func `of many new files comes to the same, and again when some of them change`() throws {
    makeMany()
    let group = memoryGroup(["a", "b"], "include %web%;", own: "a")
    for _ in 0..<2 {
      let copy = try copied()
      let plain = try scan(copy, group, ScanRequest(), nil)
      let surveyed = try scan(store, group, ScanRequest(), surveyor())
      #expect(surveyed == plain)
      #expect(surveyed.events > 2_000)
      #expect(
        try store.entries("g", after: nil, limit: 9_999)
          == copy.entries("g", after: nil, limit: 9_999))
      run("for d in 1 3 5; do for f in n$d/f*; do echo new >> $f; done; cp -r n$d m$d; done")
    }
  }

  @Test func `that is given up ends its threads, and the next one finds everything`() throws {
    makeMany()
    let group = memoryGroup(["a", "b"], "include %web%;", own: "a")
    let surveyor = try surveyor()
    do {
      let survey = try surveyor.survey(below: bench.anchor, of: group.group, group.selection)
      #expect(try survey.next()?.findings.isEmpty == false)
    }
    let survey = try surveyor.survey(below: bench.anchor, of: group.group, group.selection)
    var paths: [TreePath] = []
    while let part = try survey.next() {
      for case .object(let object) in part.findings {
        #expect(try object.observed?.get() != nil)
        paths.append(object.path)
      }
    }
    #expect(paths.count == 2_007)
    #expect(paths == paths.sorted())
  }

  @Test func `tells of directories that cannot be listed, and forgets nothing below them`() throws {
    run("mkdir -p d/m; echo 1 > d/m/f; echo 2 > g")
    let group = memoryGroup(["a", "b"], "include %web%;", own: "a")
    let surveyor = try surveyor()
    #expect(try scan(store, group, ScanRequest(), surveyor).events == 5)
    run("mount -t tmpfs none d/m")
    let report = try scan(store, group, ScanRequest(), surveyor)
    run("umount d/m")
    #expect(Set(report.problems.map(\.path)) == [try bench.path("d/m")])
    #expect(report.changes.allSatisfy { !$0.isDeletion })
    #expect(try scan(store, group, ScanRequest(), surveyor).problems == [])
  }
}
