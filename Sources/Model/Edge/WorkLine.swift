import Threads

/// A thread that works on the parts of a content in their order.
final class WorkLine {
  typealias Work = (UnsafeRawBufferPointer) -> Void

  private let queue: Queue
  private let thread: OwnThread
  private var isEnded = false

  /// Nil if the system has no room for a thread.
  init?(_ work: @escaping Work) {
    let queue = Queue(work)
    guard let thread = OwnThread({ queue.run() }) else { return nil }
    (self.queue, self.thread) = (queue, thread)
  }

  deinit {
    guard !isEnded else { return }
    queue.forget()
    end()
  }

  /// Waits while much lies there already.
  func add(_ part: DigestPart) { queue.add(part) }

  /// Waits until all is done.
  func end() {
    guard !isEnded else { return }
    isEnded = true
    queue.close()
    thread.join()
  }
}

/// `work` is called by the line's thread alone; who began it waits for its end.
private final class Queue: @unchecked Sendable {
  /// Bytes that may wait.
  private static let limit = 4 << 20

  private struct State {
    var parts: [DigestPart] = []
    var waiting = 0
    var isClosed = false
  }

  private let work: WorkLine.Work
  private let state = Signal(State())

  init(_ work: @escaping WorkLine.Work) { self.work = work }

  func add(_ part: DigestPart) {
    _ = state.wait { $0.waiting > Self.limit ? nil : true }
    state.change { state in
      state.parts.append(part)
      state.waiting += part.count
    }
  }

  func close() { state.change { $0.isClosed = true } }

  /// What waits is not worth working on any more.
  func forget() {
    state.change { state in
      state.parts = []
      state.waiting = 0
    }
  }

  func run() {
    while var parts = take() {
      parts.reverse()
      // What is worked on is let go at once.
      while let part = parts.popLast() {
        part.with(work)
        state.change { $0.waiting -= min($0.waiting, part.count) }
      }
    }
  }

  /// What waits; nil if nothing more will come.
  private func take() -> [DigestPart]? {
    state.wait { state in
      if state.parts.isEmpty { return state.isClosed ? .some(nil) : nil }
      defer { state.parts = [] }
      return state.parts
    }
  }
}
