import Glibc

/// A thread that works on the parts of a content in their order.
final class WorkLine {
  typealias Work = (UnsafeRawBufferPointer) -> Void

  private let queue: Queue
  private let thread: pthread_t
  private var isEnded = false

  /// Nil if the system has no room for a thread.
  init?(_ work: @escaping Work) {
    let queue = Queue(work)
    guard let thread = startThread({ queue.run() }) else { return nil }
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
    pthread_join(thread, nil)
  }
}

private final class Queue {
  /// Bytes that may wait.
  private static let limit = 4 << 20

  private let work: WorkLine.Work
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  // Only touched while `mutex` is held.
  private var parts: [DigestPart] = []
  private var waiting = 0
  private var isClosed = false

  init(_ work: @escaping WorkLine.Work) {
    self.work = work
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(changed)
    mutex.deallocate()
    changed.deallocate()
  }

  func add(_ part: DigestPart) {
    locked {
      while waiting > Self.limit { pthread_cond_wait(changed, mutex) }
      parts.append(part)
      waiting += part.count
    }
  }

  func close() { locked { isClosed = true } }

  /// What waits is not worth working on any more.
  func forget() {
    locked {
      parts = []
      waiting = 0
    }
  }

  func run() {
    while var parts = take() {
      parts.reverse()
      // What is worked on is let go at once.
      while let part = parts.popLast() {
        part.with(work)
        locked { waiting -= min(waiting, part.count) }
      }
    }
  }

  /// What waits; nil if nothing more will come.
  private func take() -> [DigestPart]? {
    locked {
      while parts.isEmpty, !isClosed { pthread_cond_wait(changed, mutex) }
      defer { parts = [] }
      return parts.isEmpty ? nil : parts
    }
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer {
      pthread_cond_broadcast(changed)
      pthread_mutex_unlock(mutex)
    }
    return body()
  }
}
