import Synchronization
import Transport
import Threads

/// A thread of its own for each piece of work beside a session.
final class SideThread: Sideline {
  private final class Progress: Sendable { let isOver = Atomic(false) }

  /// Only one thread has it at a time: the new one until it ends, then who waits for that.
  private struct Handed: @unchecked Sendable { let piece: () -> Void }

  private var running: (thread: OwnThread, progress: Progress)?

  var isBusy: Bool {
    guard let running else { return false }
    return !running.progress.isOver.load(ordering: .acquiring)
  }

  func begin(_ piece: @escaping () -> Void) {
    wait()
    let (handed, progress) = (Handed(piece: piece), Progress())
    let thread = OwnThread {
      handed.piece()
      progress.isOver.store(true, ordering: .releasing)
    }
    // Without room for a thread it is done here.
    guard let thread else { return piece() }
    running = (thread, progress)
  }

  func wait() {
    running?.thread.join()
    running = nil
  }

  deinit { wait() }
}
