import Glibc

/// How long this host waits for a peer. A peer cannot change it.
package struct Deadlines: Hashable, Sendable {
  /// From the first attempt to connect to the last, over all addresses of the name.
  package var connectSeconds: Double
  /// From the connection to the end of authentication, however much is sent meanwhile.
  package var authenticateSeconds: Double
  /// Without a byte in either direction while a thread waits to read or write.
  package var idleSeconds: Double

  package init(
    connectSeconds: Double = 10, authenticateSeconds: Double = 10, idleSeconds: Double = 60
  ) {
    self.connectSeconds = connectSeconds
    self.authenticateSeconds = authenticateSeconds
    self.idleSeconds = idleSeconds
  }
}

/// How long a wait on a descriptor may take.
enum Patience {
  /// Until this moment of the monotonic clock.
  case until(Moment)
  /// Until there was no byte in either direction for so many milliseconds.
  case idle(Int64)
}

/// Milliseconds of the monotonic clock.
struct Moment: Comparable {
  var milliseconds: Int64

  static var now: Moment {
    var time = timespec()
    // It cannot fail: the clock exists on each Linux and the pointer is ours.
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Moment(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  /// So many seconds from now, at most a year.
  static func after(seconds: Double) -> Moment {
    Moment(milliseconds: now.milliseconds + wholeMilliseconds(seconds))
  }

  static func < (left: Moment, right: Moment) -> Bool { left.milliseconds < right.milliseconds }
}

/// Whole milliseconds, 1 at least and a year at most.
func wholeMilliseconds(_ seconds: Double) -> Int64 {
  let year = 366.0 * 86_400
  guard seconds > 0.001 else { return 1 }
  return Int64(min(seconds, year) * 1000)
}

/// What a wait on descriptors ended with.
enum Waited {
  case ready, late, woken
}

/// Waits until `descriptor` can be read (POLLIN) or written (POLLOUT), or an error waits there, or
/// `wake` can be read, or `moment` has come; it looks once even if that has passed already.
func wait(
  for descriptor: Int32, _ events: Int32, wake: Int32, until moment: Moment
) throws(SystemFault) -> Waited {
  var entries = [
    pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: events), revents: 0),
    pollfd(fd: wake, events: Int16(truncatingIfNeeded: POLLIN), revents: 0),
  ]
  while true {
    let left = max(0, moment.milliseconds - Moment.now.milliseconds)
    let count = poll(&entries, 2, Int32(clamping: left))
    if count < 0 {
      if errno == EINTR { continue }
      throw SystemFault(code: errno)
    }
    if entries[1].revents != 0 { return .woken }
    if entries[0].revents != 0 { return .ready }
    // Checked by the clock, not by `count`: poll may wake a little early.
    if Moment.now >= moment { return .late }
  }
}

/// An error number of the system.
struct SystemFault: Error {
  var code: Int32

  var text: String { systemReason(code) }
}
