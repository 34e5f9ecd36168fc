import CGnuTLS
import Glibc
import Synchronization
import Threads

/// The two descriptors of a connection, which may be one socket, and a third that wakes waiters.
///
/// It owns them: they are closed by `close`, at the latest by `deinit`. Reading, writing and
/// closing
/// never overlap, because `SecureStream` holds a lock for each direction, and both to close.
final class Wires: Sendable {
  private let readEnd: Int32
  let writeEnd: Int32
  private let wakeEnd: Int32
  let isSocket: Bool
  // The flags that pipes had: they are shared with other processes and so are put back.
  private let oldFlags: [(descriptor: Int32, flags: Int32)]
  private let isClosed = Atomic(false)
  // For the limit on silence: when the last byte went in either direction.
  private let lastByte = Atomic(Moment.now.milliseconds)
  private let out = Atomic<UInt64>(0)
  private let into = Atomic<UInt64>(0)
  let waited = Mutex((busy: UInt64(0), byPeer: UInt64(0)))

  /// Takes the descriptors over, also if it throws.
  init(readEnd: Int32, writeEnd: Int32) throws(SystemFault) {
    self.readEnd = readEnd
    self.writeEnd = writeEnd
    wakeEnd = cg_eventfd()
    isSocket = Self.isSocket(readEnd) && Self.isSocket(writeEnd)
    var oldFlags: [(descriptor: Int32, flags: Int32)] = []
    var fault: SystemFault?
    if wakeEnd < 0 { fault = SystemFault(code: errno) }
    for descriptor in Set([readEnd, writeEnd]).sorted() {
      let flags = fcntl(descriptor, F_GETFL)
      if flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0 {
        fault = SystemFault(code: errno)
      } else if !isSocket {
        oldFlags.append((descriptor, flags))
      }
    }
    self.oldFlags = oldFlags
    if let fault {
      close()
      throw fault
    }
    if isSocket {
      // Frames are gathered above and sent whole: holding them back only costs time.
      var on: Int32 = 1
      setsockopt(
        writeEnd, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }
  }

  deinit { close() }

  private static func isSocket(_ descriptor: Int32) -> Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
  }

  /// Bytes written so far.
  var bytesOut: UInt64 { out.load(ordering: .relaxed) }
  /// Bytes read so far.
  var bytesIn: UInt64 { into.load(ordering: .relaxed) }

  /// Reads what is there: 0 at the end, nil if nothing is there yet.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamFault) -> Int? {
    let got = try onSystem { () throws(SystemFault) -> Int? in
      while true {
        let count = Glibc.read(readEnd, buffer.baseAddress, buffer.count)
        if count >= 0 { return count }
        if errno == EAGAIN { return nil }
        if errno != EINTR { throw SystemFault(code: errno) }
      }
    }
    if let got { count(got, in: into) }
    return got
  }

  /// Writes what fits now, nil if nothing does. Raises no SIGPIPE.
  func write(_ bytes: UnsafeRawBufferPointer) throws(StreamFault) -> Int? {
    let put = try onSystem { () throws(SystemFault) -> Int? in
      while true {
        let count: Int
        let code: Int32
        if isSocket {
          count = Glibc.send(writeEnd, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
          code = errno
        } else {
          (count, code) = writeWithoutSignal(bytes)
        }
        if count >= 0 { return count }
        if code == EAGAIN { return nil }
        if code != EINTR { throw SystemFault(code: code) }
      }
    }
    if let put { count(put, in: out) }
    return put
  }

  // A pipe has no MSG_NOSIGNAL. To ignore SIGPIPE for the whole process would be inherited by every
  // command that we start, so this thread blocks it and takes back the one that the write has
  // raised.
  private func writeWithoutSignal(_ bytes: UnsafeRawBufferPointer) -> (Int, Int32) {
    var pipeSignal = sigset_t()
    sigemptyset(&pipeSignal)
    sigaddset(&pipeSignal, SIGPIPE)
    var before = sigset_t()
    pthread_sigmask(SIG_BLOCK, &pipeSignal, &before)
    let count = Glibc.write(writeEnd, bytes.baseAddress, bytes.count)
    let code = errno
    if count < 0 && code == EPIPE && sigismember(&before, SIGPIPE) == 0 {
      var none = timespec()
      while sigtimedwait(&pipeSignal, nil, &none) < 0 && errno == EINTR {}
    }
    pthread_sigmask(SIG_SETMASK, &before, nil)
    return (count, code)
  }

  /// Waits until there is something to read, the end included.
  func waitToRead(_ patience: Patience) throws(StreamFault) {
    try pause(readEnd, POLLIN, patience)
  }

  /// Waits until something can be written.
  func waitToWrite(_ patience: Patience) throws(StreamFault) {
    try pause(writeEnd, Int32(POLLOUT), patience)
  }

  private func pause(
    _ descriptor: Int32, _ events: Int32, _ patience: Patience
  ) throws(StreamFault) {
    let start = Moment.now.milliseconds
    while true {
      let moment =
        switch patience {
        case .until(let moment): moment
        case .idle(let milliseconds):
          // A byte in the other direction shows as well that the peer lives.
          Moment(milliseconds: max(start, lastByte.load(ordering: .relaxed)) + milliseconds)
        }
      let waited = try onSystem { () throws(SystemFault) in
        try wait(for: descriptor, events, wake: wakeEnd, until: moment)
      }
      switch waited {
      case .ready: return
      case .woken: throw .closedHere
      case .late:
        if case .idle(let milliseconds) = patience,
          lastByte.load(ordering: .relaxed) + milliseconds > moment.milliseconds
        {
          continue
        }
        throw .late
      }
    }
  }

  private func count(_ bytes: Int, in counter: borrowing Atomic<UInt64>) {
    counter.add(UInt64(bytes), ordering: .relaxed)
    lastByte.store(Moment.now.milliseconds, ordering: .relaxed)
  }

  /// Ends every wait, now and in future.
  func wake() {
    var one: UInt64 = 1
    // It can only fail with a full counter, which wakes as well.
    _ = Glibc.write(wakeEnd, &one, MemoryLayout<UInt64>.size)
  }

  /// Closes the descriptors. No other thread may read, write or wait any more.
  func close() {
    guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
    if isSocket {
      _ = shutdown(writeEnd, Int32(SHUT_WR))
      // Unread input would make close(2) send a reset, which can overtake our last words.
      var rest = [UInt8](repeating: 0, count: 16 << 10)
      for _ in 0..<64 {
        if recv(readEnd, &rest, rest.count, Int32(MSG_DONTWAIT)) <= 0 { break }
      }
    }
    for (descriptor, flags) in oldFlags { _ = fcntl(descriptor, F_SETFL, flags) }
    for descriptor in Set([readEnd, writeEnd, wakeEnd]) where descriptor >= 0 {
      Glibc.close(descriptor)
    }
  }
}
