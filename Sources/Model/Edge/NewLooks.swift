import Model
import Threads

/// The new objects of a part are opened, read and hashed by several threads, slice by slice, while
/// whoever asked for the part records the slices before.
final class NewLooks {
  private let work: LookWork
  private var threads: [OwnThread] = []
  private var told = 0

  /// - Parameter disks: One for each thread; nobody else uses them meanwhile.
  init(_ part: SurveyPart, _ disks: [LinuxDisk]) {
    work = LookWork(part, disks)
    // A few are not worth a thread.
    guard part.findings.lazy.filter(\.isNew).prefix(2).count > 1 else { return }
    let work = work
    threads = disks.indices.compactMap { number in OwnThread { work.run(number) } }
  }

  deinit {
    work.stop()
    for thread in threads { thread.join() }
  }

  /// The next slice, with what was seen of its new objects; nil at the end.
  func next() -> SurveyPart? {
    guard told < work.sliceCount else { return nil }
    defer { told += 1 }
    var part = SurveyPart()
    if told == 0 { part.unchanged = work.unchanged }
    part.findings = threads.isEmpty ? work.slice(told, 0) : work.await(told)
    return part
  }
}

/// Each thread has a disk of its own, and takes the next slice that nobody has.
private final class LookWork: @unchecked Sendable {
  private static let sliceLength = 512

  private struct State {
    var next = 0
    var done: [Int: [Finding]] = [:]
  }

  let sliceCount: Int
  let unchanged: Int
  private let findings: [Finding]
  private let disks: [LinuxDisk]
  private let state = Signal(State())

  init(_ part: SurveyPart, _ disks: [LinuxDisk]) {
    (findings, unchanged, self.disks) = (part.findings, part.unchanged, disks)
    sliceCount = max(1, (findings.count + Self.sliceLength - 1) / Self.sliceLength)
  }

  func run(_ thread: Int) {
    while let number = take() {
      let slice = slice(number, thread)
      state.change { $0.done[number] = slice }
    }
  }

  /// No further slice is begun.
  func stop() { state.change { $0.next = sliceCount } }

  func await(_ number: Int) -> [Finding] {
    state.wait { $0.done.removeValue(forKey: number) }
  }

  /// New objects are looked at, by the disk of this thread; the others are handed on.
  func slice(_ number: Int, _ thread: Int) -> [Finding] {
    let start = number * Self.sliceLength
    let end = min(findings.count, start + Self.sliceLength)
    return findings[start..<end].map { finding in
      guard finding.isNew, case .object(var object) = finding else { return finding }
      object.observed = Result { () throws(DiskTrouble) in
        try disks[thread].observe(object.path, known: nil)
      }
      return .object(object)
    }
  }

  private func take() -> Int? {
    state.change { state in
      guard state.next < sliceCount else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }
}

extension Finding {
  /// Whether it is an object without a row, of a kind that can be looked at.
  fileprivate var isNew: Bool {
    guard case .object(let object) = self else { return false }
    return !object.hasRow && object.stat.kind != .socket && object.stat.kind != .device
  }
}
