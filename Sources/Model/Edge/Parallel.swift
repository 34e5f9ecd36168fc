import CLinux
import Glibc
import Synchronization
import Threads

/// How many threads a scan uses: two if there are two processors.
let scanThreads = sysconf(Int32(_SC_NPROCESSORS_ONLN)) >= 2 ? 2 : 1

/// Runs `body` with 0, 1, ... in as many threads, one of them this one, and waits for all. A thread
/// that the system has no room for is made up for by this one.
func inParallel(_ count: Int, _ body: @Sendable (Int) -> Void) {
  withoutActuallyEscaping(body) { body in
    var threads: [OwnThread] = []
    var left: [Int] = []
    for number in 1..<max(1, count) {
      if let thread = OwnThread({ body(number) }) {
        threads.append(thread)
      } else {
        left.append(number)
      }
    }
    body(0)
    for number in left { body(number) }
    for thread in threads { thread.join() }
  }
}

/// Transforms each, in order; many by as many threads as a scan uses, each a stretch of them.
///
/// `transform` touches nothing but what it is given, and nothing that another element holds.
func parallelMap<Element, Result>(
  _ elements: [Element], _ transform: (Element) -> Result
) -> [Result] {
  // Below that a thread costs more than it saves.
  guard elements.count >= 64, scanThreads > 1 else { return elements.map(transform) }
  let length = (elements.count + scanThreads - 1) / scanThreads
  let stretches = Stretches<Result>(count: scanThreads)
  withoutActuallyEscaping(transform) { transform in
    let job = Handed(elements: elements, transform: transform)
    inParallel(scanThreads) { number in
      let end = min(job.elements.count, (number + 1) * length)
      let stretch = job.elements[min(end, number * length)..<end]
      stretches.put(stretch.map(job.transform), at: number)
    }
  }
  return stretches.all
}

/// Every thread takes other elements out of it.
private struct Handed<Element, Result>: @unchecked Sendable {
  let elements: [Element]
  let transform: (Element) -> Result
}

private final class Stretches<Result>: @unchecked Sendable {
  // Only touched while `lock` is held.
  private var parts: [[Result]]
  private let lock = Mutex(())

  init(count: Int) { parts = Array(repeating: [], count: count) }

  func put(_ part: [Result], at number: Int) { lock.withLock { _ in parts[number] = part } }

  var all: [Result] { lock.withLock { _ in Array(parts.joined()) } }
}

/// Gives memory that this process does not use back to the system.
package func releaseMemory() { cl_release_memory() }
