import Glibc
import Model

/// What is computed of a content as it passes by: its digest, and of a large one where it is cut.
///
/// Of a large one that is done by a thread beside the one that moves the bytes.
final class Digesting {
  /// From so many bytes on a thread is worth it.
  private static let leastBeside: UInt64 = 8 << 20

  private let work: DigestWork
  private let line: DigestLine?

  /// - Parameter size: What the content will have, in bytes; how it is worked on goes by it.
  init(size: UInt64, isCut: Bool = true) {
    work = DigestWork(isCut: isCut && size >= ChunkList.leastContent)
    line = size >= Self.leastBeside && scanThreads > 1 ? DigestLine(work) : nil
  }

  /// Bytes that nobody keeps: they are copied if they are not worked on at once.
  func update(_ bytes: UnsafeRawBufferPointer) {
    guard let line else { return work.update(bytes) }
    line.add(Array(bytes))
  }

  func update(_ bytes: [UInt8]) {
    guard let line else { return bytes.withUnsafeBytes { work.update($0) } }
    line.add(bytes)
  }

  /// The digest of everything, and the chunk list if there is one. Nothing comes after it.
  func finish() -> (digest: Digest, list: ChunkList?) {
    line?.end()
    return (work.hasher.finish(), work.chunker?.finish())
  }
}

/// Used by one thread at a time.
private final class DigestWork {
  let hasher = ContentHasher()
  let chunker: Chunker?

  init(isCut: Bool) { chunker = isCut ? Chunker() : nil }

  func update(_ bytes: UnsafeRawBufferPointer) {
    hasher.update(bytes)
    chunker?.update(bytes)
  }
}

/// A thread that works on parts in their order.
private final class DigestLine {
  private let queue: Queue
  private let thread: pthread_t
  private var isEnded = false

  /// Nil if the system has no room for a thread.
  init?(_ work: DigestWork) {
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
  func add(_ bytes: [UInt8]) { queue.add(bytes) }

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

  private let work: DigestWork
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  // Only touched while `mutex` is held.
  private var parts: [[UInt8]] = []
  private var waiting = 0
  private var isClosed = false

  init(_ work: DigestWork) {
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

  func add(_ bytes: [UInt8]) {
    locked {
      while waiting > Self.limit { pthread_cond_wait(changed, mutex) }
      parts.append(bytes)
      waiting += bytes.count
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
        part.withUnsafeBytes { work.update($0) }
        locked { waiting -= min(waiting, part.count) }
      }
    }
  }

  /// What waits; nil if nothing more will come.
  private func take() -> [[UInt8]]? {
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
