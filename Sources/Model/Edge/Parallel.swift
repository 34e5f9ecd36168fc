import Glibc

/// How many threads a scan uses: two if there are two processors.
let scanThreads = sysconf(Int32(_SC_NPROCESSORS_ONLN)) >= 2 ? 2 : 1

/// Runs `body` with 0, 1, ... in as many threads, one of them this one, and waits for all. A thread
/// that the system has no room for is made up for by this one.
func inParallel(_ count: Int, _ body: @Sendable (Int) -> Void) {
  withoutActuallyEscaping(body) { body in
    var threads: [pthread_t] = []
    var left: [Int] = []
    for number in 1..<max(1, count) {
      let task = Unmanaged.passRetained(Task { body(number) })
      var thread = pthread_t()
      let code = pthread_create(
        &thread, nil,
        { context in
          guard let context else { return nil }
          Unmanaged<Task>.fromOpaque(context).takeRetainedValue().run()
          return nil
        }, task.toOpaque())
      if code == 0 {
        threads.append(thread)
      } else {
        task.release()
        left.append(number)
      }
    }
    body(0)
    for number in left { body(number) }
    for thread in threads { pthread_join(thread, nil) }
  }
}

private final class Task {
  let run: () -> Void
  init(_ run: @escaping () -> Void) { self.run = run }
}
